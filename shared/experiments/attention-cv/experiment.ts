/** The attention experiment as the rest of the program sees it. */
import { badInput } from '../../bad-input.js';
import { RUN_ENGINES } from '../../engine.js';
import { ok } from '../../errors.js';
import type { Experiment } from '../../experiment.js';
import { NULL_NAMES } from '../../measurement.js';
import { configCost } from './cost.js';
import { fullMeasurementEpochs } from './measuring.js';
import { trainerBytes } from './memory.js';
import { ATTENTION_CV } from './reference.js';
import { runSeries } from './series.js';
import { type RunConfig, type SweepSpec, completeSpec, expandSweep, MAX_EPOCHS, sweepSpecSchema } from './sweep.js';

export const attentionCv: Experiment<SweepSpec, RunConfig> = {
  name: ATTENTION_CV,
  stepName: 'epoch',
  requestSchema: sweepSpecSchema,
  parse: (request) => {
    const parsed = sweepSpecSchema.safeParse(request);
    if (!parsed.success) return badInput(parsed.error);
    const { name, requestId } = parsed.data;
    return ok({ spec: completeSpec(parsed.data), name, requestId });
  },
  configs: expandSweep,
  sweepName: ({ dims, heads, seeds, lrs }) => {
    const parts = [`dim ${dims.join(', ')}`, `heads ${heads.join(', ')}`];
    if (seeds.length > 1) parts.push(`${seeds.length} seeds`);
    if (lrs.length > 1) parts.push(`${lrs.length} learning rates`);
    return parts.join(' · ');
  },
  /** `64 × 4` (dim × heads), with the seed and the learning rate where the sweep has several. */
  runName: ({ dim, heads, seed, lr }, { seeds, lrs }) => {
    const parts = [`${dim} × ${heads}`];
    if (seeds.length > 1) parts.push(`seed ${seed}`);
    if (lrs.length > 1) parts.push(`lr ${lr}`);
    return parts.join(' · ');
  },
  series: runSeries,
  total: ({ epochs }) => epochs,
  maxTotal: MAX_EPOCHS,
  withTotal: (config, epochs) => ({ ...config, epochs }),
  measuringAll: (config) => (config.nulls?.length === NULL_NAMES.length ? null : { ...config, nulls: [...NULL_NAMES] }),
  cost: configCost,
  memoryBytes: (config, engine) =>
    Math.min(...(engine === null ? RUN_ENGINES : [engine]).map((one) => trainerBytes(config, [one]))),
  measured: ({ every, epochs }) => ({ every, full: fullMeasurementEpochs(epochs) }),
};
