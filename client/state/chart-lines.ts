/** The shown runs as the lines of a chart. */
import type { Run } from '../../shared/run.js';
import { experimentOf } from '../experiments/experiments.js';
import type { ChartLine } from '../charts/drawn-line.js';
import type { RunLine } from './run-lines.js';
import { fullLabel } from './wording.js';

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
