/** Finds a run's experiment among those that are registered; whoever asks knows none of them by name. */
import type { Run, Sweep } from '../../shared/run.js';
import type { PageExperiment } from './experiment.js';
import { plainExperiment } from './plain.js';

const registered = new Map<string, PageExperiment>();

/** Called by the registry alone, so that an experiment may import what asks for it. */
export function registerExperiment(experiment: PageExperiment): void {
  registered.set(experiment.name, experiment);
}

/** All that are registered. */
export function experiments(): readonly PageExperiment[] {
  return [...registered.values()];
}

/** Whatever another program calls its experiment: its config and series are not those of one that trains here. */
export function experimentOf({ source, experiment }: Pick<Run, 'source' | 'experiment'>): PageExperiment {
  return (source === 'local' ? registered.get(experiment) : undefined) ?? plainExperiment;
}

/** A sweep says nothing of its experiment but by what was asked for. */
export function experimentOfSweep({ spec }: Pick<Sweep, 'spec'>): PageExperiment {
  return experiments().find((each) => each.owns(spec)) ?? plainExperiment;
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
