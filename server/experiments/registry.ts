/** The experiments that there are: the one place that knows them by name. */
import type { EngineChoice, EngineInfo, OpsChoice } from '../../shared/engine.js';
import { fail, ok, type Result } from '../../shared/errors.js';
import { referenceSweep } from '../../shared/experiments/attention-cv/reference.js';
import type * as Engines from './attention-cv/engine/backend.js';
import type { EngineProbe } from './attention-cv/engine/backend.js';
import { addSweepOptions, runLabel, type SweepOptions, sweepRequest } from './attention-cv/sweep-options.js';
import type * as Output from './attention-cv/sweep-output.js';
import type { SweepFormat } from './attention-cv/sweep-output.js';
import { attentionCv } from './attention-cv/trainable.js';
import type { TrainableExperiment } from './trainable.js';

/** What a request is for that names none. */
export const DEFAULT_EXPERIMENT: TrainableExperiment = attentionCv;

const experiments = new Map<string, TrainableExperiment>([[DEFAULT_EXPERIMENT.name, DEFAULT_EXPERIMENT]]);

/** Adds one: in the server, and in its trainers. */
export function registerExperiment(experiment: TrainableExperiment): void {
  experiments.set(experiment.name, experiment);
}

/** @throws where nobody has registered it, as for a run of a program that had more of them. */
export function experimentOf({ experiment: name }: { experiment: string }): TrainableExperiment {
  const found = experiments.get(name);
  if (found === undefined) throw new Error(`this program has no experiment ${name}`);
  return found;
}

/** Whether this program can train the run, and say what a step of it costs. */
export function hasExperiment({ experiment: name }: { experiment: string }): boolean {
  return experiments.has(name);
}

/** The one that a request names by its field `experiment`, with the request for it. */
export function requested(request: unknown): Result<{ experiment: TrainableExperiment; request: unknown }> {
  if (typeof request !== 'object' || request === null || !('experiment' in request))
    return ok({ experiment: DEFAULT_EXPERIMENT, request });
  const { experiment: name, ...rest } = request;
  const experiment = typeof name === 'string' ? experiments.get(name) : undefined;
  if (experiment !== undefined) return ok({ experiment, request: rest });
  return fail('bad_input', `experiment must be one of ${[...experiments.keys()].join(', ')}`);
}

/** Makes this process ready to train on an engine, which all experiments share. @throws with the reason when it cannot. */
export async function openEngine(choice: EngineChoice, ops: OpsChoice): Promise<EngineInfo> {
  const engines = await import('./attention-cv/engine/backend.js');
  return choice === 'auto' ? engines.openFirstEngine(ops) : engines.openEngine(choice, ops);
}

/** Whether and how each engine can be had here. Loaded when asked for: help and most commands need none of it. */
export function engines(): Promise<typeof Engines> {
  return import('./attention-cv/engine/backend.js');
}

/** What \`serve --sweep reference\` begins with. */
export { referenceSweep };
/** The command line of \`sweep\`, which trains the built-in experiment. */
export { addSweepOptions, runLabel, sweepRequest };
export type { EngineProbe, SweepFormat, SweepOptions };

/** What \`sweep\` prints in the end. */
export async function sweepOutput(): Promise<typeof Output.sweepOutput> {
  return (await import('./attention-cv/sweep-output.js')).sweepOutput;
}
