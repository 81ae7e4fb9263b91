/** The runs of the shown sweeps with their looks: what the table and every chart draw the same run with. */
import type { Run, Sweep } from '../../shared/run.js';
import type { LineStyle } from '../charts/line-style.js';
import type { Theme } from '../ui/theme-choice.js';
import type { PageExperiment, StyleOf } from '../experiments/experiment.js';
import { experimentOf, experimentOfSweep } from '../experiments/experiments.js';
import { plainExperiment } from '../experiments/plain.js';
import { replacedRuns } from '../data/attempts.js';
import { isOwn, OWN_GROUP, type RunListState, runsOfSweep } from '../data/run-list.js';
import { fullLabel } from './run-words.js';
import type { ChartLine } from '../charts/drawn-line.js';

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
  let own = 0;
  return sweeps.flatMap((sweep) => {
    const runs = runsOfSweep(state, sweep.id);
    const replacedIds = replacedRuns(runs);
    return runs.map((run) => {
      const { main, more } = runLabel(run, sweep);
      const named = sweeps.length > 1 ? fullLabel({ main: more, more: sweep.name }) : more;
      const replaced = replacedIds.has(run.id);
      // Runs of their own were not asked for as a grid: nothing ranks them but their order.
      const experiment = isOwn(sweep.id) ? plainExperiment : experimentOf(run);
      const order = isOwn(sweep.id) ? own++ : experiment === plainExperiment ? plain++ : 0;
      const style = stylesOf(experiment)(run, { sweep, order, theme, replaced });
      const usual = runLabel({ ...run, attempt: 1 }, sweep);
      const name = [usual.main, fullLabel(usual)].includes(run.name) ? '' : run.name;
      const shared = runLabel(run, sweep, false).more;
      return {
        ...{ run, replaced, label: { main, more: named }, detail: more, shared, name, style },
        sweep: sweeps.length > 1 ? sweep.name : '',
      };
    });
  });
}

/** Its name or what its config says, and what else tells the run from its neighbours. @param seeded whether by its seed, too */
export function runLabel(run: Run, sweep: Sweep | undefined, seeded = true): { main: string; more: string } {
  const { main, more } = experimentOf(run).label(run, sweep, seeded);
  return { main, more: [...more, ...(run.attempt > 1 ? [`attempt ${run.attempt}`] : [])].join(' · ') };
}

/** What a sweep varies. */
export function sweepLine(sweep: Sweep): string {
  if (sweep.id !== OWN_GROUP.id && isOwn(sweep.id)) return 'a project of other programs';
  return isOwn(sweep.id) ? 'not made by a sweep' : experimentOfSweep(sweep).sweepLine(sweep);
}

/** The shown runs as the lines of a chart. */
export function chartLine({ run, label, style, replaced, shared, sweep }: RunLine): ChartLine {
  const { total, stepName, seams } = run;
  const experiment = experimentOf(run);
  const measured = experiment.measured(run);
  const key = experiment.seedReplicates(run);
  const more = [shared, sweep].filter((part) => part !== '').join(' · ');
  return {
    id: run.id,
    label: fullLabel(label),
    main: label.main,
    style,
    config: { epochs: total, every: null, ...measured },
    ...(stepName !== 'epoch' && { stepName }),
    // A run that was trained again would count its seed twice.
    ...(key !== undefined && !replaced && { seedReplicates: { key, label: fullLabel({ main: label.main, more }) } }),
    ...(seams !== undefined && { seams }),
  };
}

/** Where an axis that has room for all that will be trained ends; Infinity where nobody knows. */
export function longestTotal(runs: readonly Pick<Run, 'total'>[]): number {
  return Math.max(1, ...runs.map(({ total }) => total ?? Infinity));
}

/** Whether any of them differ in their seed alone. */
export function haveSeedReplicates(lines: readonly ChartLine[]): boolean {
  const keys = lines.flatMap(({ seedReplicates }) => (seedReplicates === undefined ? [] : [seedReplicates.key]));
  return new Set(keys).size < keys.length;
}
