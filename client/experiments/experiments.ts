/**
 * Finds a run's experiment among those that are registered, and the charts of runs that may be of several; whoever asks
 * knows none of them by name.
 */
import type { Run, Sweep } from '../../shared/run.js';
import type { PageExperiment } from './experiment.js';
import { plainExperiment } from './plain.js';
import type { MetricGroup } from '../charts/metric.js';

const registered = new Map<string, PageExperiment>();

/** Called by the registry alone, so that an experiment may import what asks for it. */
export function registerExperiment(experiment: PageExperiment): void {
  registered.set(experiment.name, experiment);
}

/** All that are registered. */
export function experiments(): readonly PageExperiment[] {
  return [...registered.values()];
}

/**
 * In whose words a table, a hint or an empty field speaks of these runs: the first experiment among theirs that the page
 * knows, or the plain one; of no runs, the first that is registered.
 */
export function leadingExperiment(runs: readonly Run[]): PageExperiment {
  const known = runs.length === 0 ? experiments() : [...byExperiment(runs).keys()];
  return known.find((each) => each !== plainExperiment) ?? plainExperiment;
}

/** Whatever another program calls its experiment: its config and series are not those of one that trains here. */
export function experimentOf({ source, experiment }: Pick<Run, 'source' | 'experiment'>): PageExperiment {
  return (source === 'local' ? registered.get(experiment) : undefined) ?? plainExperiment;
}

export function experimentOfSweep({ experiment }: Pick<Sweep, 'experiment'>): PageExperiment {
  return registered.get(experiment) ?? plainExperiment;
}

/** Runs by their experiment, in the order in which the experiments come up. */
export function byExperiment(runs: readonly Run[]): Map<PageExperiment, Run[]> {
  const all = new Map<PageExperiment, Run[]>();
  for (const run of runs) {
    const experiment = experimentOf(run);
    all.set(experiment, [...(all.get(experiment) ?? []), run]);
  }
  return all;
}

/** Those of known experiments first; what several have is drawn together. Of no runs, what there usually is. */
export function seriesGroups(runs: readonly Run[]): MetricGroup[] {
  const listed = new Set<string>();
  const groups = parts(runs)
    .flatMap(([experiment, own]) => experiment.groups(own))
    .map((group) => ({ ...group, metrics: group.metrics.filter(({ name }) => !listed.has(name) && listed.add(name)) }))
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
