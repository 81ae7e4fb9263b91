/** How the attention experiment trains, for whoever knows experiments by their interface alone. */
import { type EngineInfo, runEngine } from '../../../shared/engine.js';
import { attentionCv as experiment } from '../../../shared/experiments/attention-cv/experiment.js';
import type { RunConfig, SweepSpec } from '../../../shared/experiments/attention-cv/sweep.js';
import type { TrainableExperiment } from '../trainable.js';
import type { EngineModel } from './engine-model.js';
import type { NullCache } from './null-cache.js';
import type { beginRun } from './trainer.js';

let parts: { begin: typeof beginRun; model: EngineModel; nullCache: NullCache | null } | undefined;

export const attentionCv: TrainableExperiment<SweepSpec, RunConfig> = {
  ...experiment,
  stateArrays: { parameters: 'f32', firstMoment: 'f32', secondMoment: 'f32', generator: 'u32', baseline: 'f64' },
  load: async (engine: EngineInfo) => {
    // Not before it is needed: the server trains nothing itself.
    const [trainers, models, caches] = await Promise.all([
      import('./trainer.js'),
      import('./engine-model.js'),
      import('./null-cache.js'),
    ]);
    const [model, nullCache] = await Promise.all([models.engineModel(runEngine(engine)), caches.NullCache.open()]);
    parts = { begin: trainers.beginRun, model, nullCache };
  },
  begin: (config, state, { beat }) => {
    if (parts === undefined) throw new Error('the experiment is not loaded');
    return parts.begin(config, parts.model, state, { beat, nullCache: parts.nullCache });
  },
};
