/** The runs of the chosen sweep with their looks, and those of them whose lines are shown: what every view draws. */
import type { Choice } from './choice.js';
import type { RunList } from './run-list.js';
import { type RunLine, runLines } from './run-lines.js';
import type { ThemeChoice } from './theme-choice.js';
import { type Readable, Value } from './value.js';

export class ShownRuns {
  readonly #lines = new Value<readonly RunLine[]>([]);
  readonly #shown = new Value<readonly RunLine[]>([]);

  constructor(runList: RunList, choice: Choice, themes: ThemeChoice) {
    const restyle = (): void => {
      this.#lines.set(runLines(runList.state.value, choice.sweepId.value, themes.theme.value));
      select();
    };
    const select = (): void => {
      const hidden = new Set(choice.hidden.value);
      this.#shown.set(this.#lines.value.filter(({ run }) => !hidden.has(run.id)));
    };
    // `choice` hears of a change of the list before this does, so that both show the same sweep.
    runList.state.subscribe(restyle);
    choice.sweepId.subscribe(restyle);
    themes.theme.subscribe(restyle);
    choice.hidden.subscribe(select);
    restyle();
  }

  /** Every run of the chosen sweep, in the grid's order. Replaced whenever one of them changes. */
  get lines(): Readable<readonly RunLine[]> {
    return this.#lines;
  }

  /** Those that are not hidden. */
  get shown(): Readable<readonly RunLine[]> {
    return this.#shown;
  }
}
