/** The runs of the shown sweeps with their looks, and those of them whose lines are shown: what every view draws. */
import { computed } from '@preact/signals-core';
import type { Selection } from './selection.js';
import type { RunList } from '../data/run-list.js';
import { type RunLine, runLines } from './run-lines.js';
import type { ThemeChoice } from '../ui/theme-choice.js';
import type { Readable } from '../data/signals.js';

export class ShownRuns {
  /** Every run of the shown sweeps, in their grids' order. Replaced whenever one of them changes. */
  readonly lines: Readable<readonly RunLine[]>;
  /** Those that are not hidden. */
  readonly shown: Readable<readonly RunLine[]>;

  constructor(runList: RunList, selection: Selection, themes: ThemeChoice) {
    let current: readonly RunLine[] = [];
    this.lines = computed(() => {
      const before = new Map(current.map((line) => [line.run.id, line]));
      const lines = runLines(runList.state.value, selection.sweepIds.value, themes.theme.value).map((line) =>
        unchangedOr(before.get(line.run.id), line),
      );
      if (lines.length !== current.length || lines.some((line, index) => line !== current[index])) current = lines;
      return current;
    });
    this.shown = computed(() => {
      const hidden = new Set(selection.hidden.value);
      return this.lines.value.filter(({ run }) => !hidden.has(run.id));
    });
  }
}

/** A run that did not change keeps its line, so that whoever draws it sees at a glance that nothing is to be done. */
function unchangedOr(before: RunLine | undefined, line: RunLine): RunLine {
  if (before?.run !== line.run) return line;
  return JSON.stringify({ ...before, run: 0 }) === JSON.stringify({ ...line, run: 0 }) ? before : line;
}
