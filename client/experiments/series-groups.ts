/** The charts of runs that may be of several experiments. */
import type { Run } from '../../shared/run.js';
import type { MetricGroup } from '../charts/metric.js';
import type { PageExperiment } from './experiment.js';
import { byExperiment, experimentOf, experiments } from './experiments.js';
import { plainExperiment } from './plain.js';

/** Those of known experiments first; what several have is drawn together. Of no runs, what there usually is. */
export function seriesGroups(runs: readonly Run[]): MetricGroup[] {
  const taken = new Set<string>();
  const groups = parts(runs)
    .flatMap(([experiment, own]) => experiment.groups(own))
    .map((group) => ({ ...group, metrics: group.metrics.filter(({ name }) => !taken.has(name) && taken.add(name)) }))
    .filter(({ metrics }) => metrics.length > 0);
  return groups.length > 0 ? groups : (experiments()[0]?.groups([]) ?? []);
}

/** Changes whenever `seriesGroups` does. */
export function seriesGroupsKey(runs: readonly Run[]): string {
  return JSON.stringify(parts(runs).map(([experiment, own]) => [experiment.name, experiment.groupsKey(own)]));
}

/** The charts of one run that any of the others has, too. */
export function commonGroups(base: Run, others: readonly Run[]): MetricGroup[] {
  const theirs = parts(others).flatMap(([experiment, own]) => experiment.groups(own));
  const names = new Set(theirs.flatMap(({ metrics }) => metrics.map(({ name }) => name)));
  return experimentOf(base)
    .groups([base])
    .map((group) => ({ ...group, metrics: group.metrics.filter(({ name }) => names.has(name)) }))
    .filter(({ metrics }) => metrics.length > 0);
}

function parts(runs: readonly Run[]): [PageExperiment, Run[]][] {
  const isPlain = ([experiment]: [PageExperiment, Run[]]): number => Number(experiment === plainExperiment);
  return [...byExperiment(runs)].sort((a, b) => isPlain(a) - isPlain(b));
}
