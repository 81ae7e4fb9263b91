/** The runs of the shown sweeps with their looks, and those of them whose lines are shown: what every view draws. */
import type { Selection } from './selection.js';
import type { RunList } from '../data/run-list.js';
import { type RunLine, runLines } from './run-lines.js';
import type { ThemeChoice } from '../ui/theme-choice.js';
import { type Readable, Value } from '../data/value.js';

export class ShownRuns {
  readonly #lines = new Value<readonly RunLine[]>([]);
  readonly #shown = new Value<readonly RunLine[]>([]);

  constructor(runList: RunList, selection: Selection, themes: ThemeChoice) {
    const restyle = (): void => {
      const before = new Map(this.#lines.value.map((line) => [line.run.id, line]));
      const lines = runLines(runList.state.value, selection.sweepIds.value, themes.theme.value);
      this.#lines.set(lines.map((line) => kept(before.get(line.run.id), line)));
      select();
    };
    const select = (): void => {
      const hidden = new Set(selection.hidden.value);
      this.#shown.set(this.#lines.value.filter(({ run }) => !hidden.has(run.id)));
    };
    // `selection` hears of a change of the list before this does, so that both show the same sweeps.
    runList.state.subscribe(restyle);
    selection.sweepIds.subscribe(restyle);
    themes.theme.subscribe(restyle);
    selection.hidden.subscribe(select);
    restyle();
  }

  /** Every run of the shown sweeps, in their grids' order. Replaced whenever one of them changes. */
  get lines(): Readable<readonly RunLine[]> {
    return this.#lines;
  }

  /** Those that are not hidden. */
  get shown(): Readable<readonly RunLine[]> {
    return this.#shown;
  }
}

/** A run that did not change keeps its line, so that whoever draws it sees at a glance that nothing is to be done. */
function kept(before: RunLine | undefined, line: RunLine): RunLine {
  if (before?.run !== line.run) return line;
  return JSON.stringify({ ...before, run: 0 }) === JSON.stringify({ ...line, run: 0 }) ? before : line;
}
