/** Runs as they begin: from a sweep's spec, or from a run that is trained once more. Ids are given here. */
import { customAlphabet } from 'nanoid';
import type { Experiment, JsonObject } from '../../shared/experiment.js';
import type { Run } from '../../shared/run.js';
import type { StoredSweep } from '../store/run-store.js';

/** Short enough to be read out, URL-safe; 36^10 of them. */
export const newId: () => string = customAlphabet('0123456789abcdefghijklmnopqrstuvwxyz', 10);

const MAX_NAME = 200;

export function newSweep<Spec extends JsonObject>(
  experiment: Experiment<Spec>,
  spec: Spec,
  name: string | undefined,
  at: string,
): { sweep: StoredSweep; runs: Run[] } {
  const id = newId();
  const given = name?.trim() || experiment.sweepName(spec);
  const sweep = { id, experiment: experiment.name, name: given.slice(0, MAX_NAME), spec, createdAt: at };
  const runs = experiment
    .configs(spec)
    .map((config) => newRun(experiment, id, config, experiment.runName(config, spec), at));
  return { sweep, runs };
}

/** Another run of the same config; `run` and its curve stay. */
export function restarted(experiment: Experiment, run: Run, at: string): Run {
  const { sweepId, config, name, tags, attempt } = run;
  return { ...newRun(experiment, sweepId, config, name, at), tags, attempt: attempt + 1, previousRunId: run.id };
}

function newRun(experiment: Experiment, sweepId: string | null, config: JsonObject, name: string, at: string): Run {
  return {
    id: newId(),
    source: 'local',
    experiment: experiment.name,
    sweepId,
    name,
    notes: '',
    tags: [],
    config,
    status: 'queued',
    step: 0,
    total: experiment.total(config),
    stepName: experiment.stepName,
    attempt: 1,
    series: experiment.series(config),
    engine: null,
    createdAt: at,
    seconds: 0,
  };
}
