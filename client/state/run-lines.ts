/** The runs of the shown sweeps with their looks: what the table and every chart draw the same run with. */
import type { Run, Sweep } from '../../shared/run.js';
import { lineStyle, type LineStyle, type Theme } from '../charts/line-style.js';
import { replacedRuns } from './attempts.js';
import { OWN_RUNS } from './own-runs.js';
import { type RunListState, runsOfSweep } from './run-list.js';
import { fullLabel, runLabel } from './wording.js';

export interface RunLine {
  run: Run;
  label: { main: string; more: string };
  /** `label.more` without the sweep's name, for where that stands above already. */
  detail: string;
  /** The same without its seed: what runs that differ in their seed alone have in common. */
  shared: string;
  /** Its sweep's name, where several are shown; else ''. */
  sweep: string;
  /** That it was given by hand; '' while it is called after its config. */
  name: string;
  style: LineStyle;
  /** A newer run of the same config stands for it. */
  replaced: boolean;
}

/** Sweep by sweep, each in its grid's order; runs of their own each with a hue of its own. Of several sweeps, each run's label names its own. */
export function runLines(state: RunListState, sweepIds: readonly string[], theme: Theme): RunLine[] {
  const sweeps = sweepIds.flatMap((id) => state.sweeps.get(id) ?? []);
  const { dims, heads, variants } = lineScale(sweeps);
  return sweeps.flatMap((sweep) => {
    const runs = runsOfSweep(state, sweep.id);
    const replacedIds = replacedRuns(runs);
    return runs.map((run, index) => {
      const { main, more } = runLabel(run, sweep);
      const named = sweeps.length > 1 ? fullLabel({ main: more, more: sweep.name }) : more;
      const variant = Math.max(0, variants.indexOf(variantOf(sweep, run.config)));
      const replaced = replacedIds.has(run.id);
      const style =
        sweep.id === OWN_RUNS
          ? lineStyle({ dim: index, heads: 0 }, [...runs.keys()], [], theme, replaced)
          : lineStyle({ ...run.config, variant }, dims, heads, theme, replaced);
      const name = run.name === fullLabel(runLabel({ ...run, attempt: 1 }, sweep)) ? '' : run.name;
      const shared = runLabel(run, sweep, false).more;
      return {
        ...{ run, replaced, label: { main, more: named }, detail: more, shared, name, style },
        sweep: sweeps.length > 1 ? sweep.name : '',
      };
    });
  });
}

interface LineScale {
  dims: number[];
  heads: number[];
  variants: string[];
}

/**
 * From what the sweeps were asked to be, so that a run keeps its looks when others are hidden or deleted; and sweep
 * after sweep, so that one that is added changes nobody's hue.
 */
function lineScale(sweeps: readonly Sweep[]): LineScale {
  const ascending = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
  const distinct = (values: number[]): number[] => [...new Set(values)];
  return {
    dims: distinct(sweeps.flatMap(({ spec }) => ascending(spec.dims))),
    heads: ascending(distinct(sweeps.flatMap(({ spec }) => spec.heads))),
    variants: sweeps.flatMap((sweep) =>
      sweep.spec.seeds.flatMap((seed) => sweep.spec.lrs.map((lr) => variantOf(sweep, { seed, lr }))),
    ),
  };
}

function variantOf({ id }: Sweep, { seed, lr }: { seed: number; lr: number }): string {
  return `${id} ${seed} ${lr}`;
}
