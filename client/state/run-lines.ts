/** The runs of the shown sweeps with their looks: what the table and every chart draw the same run with. */
import type { Run } from '../../shared/run.js';
import type { LineStyle, Theme } from '../charts/line-style.js';
import type { PageExperiment, StyleOf } from '../experiments/experiment.js';
import { experimentOf } from '../experiments/experiments.js';
import { plainExperiment } from '../experiments/plain.js';
import { replacedRuns } from './attempts.js';
import { OWN_RUNS } from './own-runs.js';
import { type RunListState, runsOfSweep } from './run-list.js';
import { runLabel } from './run-label.js';
import { fullLabel } from './wording.js';

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
  const styles = new Map<PageExperiment, StyleOf>();
  const stylesOf = (experiment: PageExperiment): StyleOf => {
    const known = styles.get(experiment) ?? experiment.styles(sweeps);
    styles.set(experiment, known);
    return known;
  };
  let plain = 0;
  return sweeps.flatMap((sweep) => {
    const runs = runsOfSweep(state, sweep.id);
    const replacedIds = replacedRuns(runs);
    return runs.map((run, index) => {
      const { main, more } = runLabel(run, sweep);
      const named = sweeps.length > 1 ? fullLabel({ main: more, more: sweep.name }) : more;
      const replaced = replacedIds.has(run.id);
      // Runs of their own were not asked for as a grid: nothing ranks them but their order.
      const experiment = sweep.id === OWN_RUNS ? plainExperiment : experimentOf(run);
      const order = sweep.id === OWN_RUNS ? index : experiment === plainExperiment ? plain++ : 0;
      const style = stylesOf(experiment)(run, { sweep, order, theme, replaced });
      const name = run.name === fullLabel(runLabel({ ...run, attempt: 1 }, sweep)) ? '' : run.name;
      const shared = runLabel(run, sweep, false).more;
      return {
        ...{ run, replaced, label: { main, more: named }, detail: more, shared, name, style },
        sweep: sweeps.length > 1 ? sweep.name : '',
      };
    });
  });
}
