/** The attention experiment as the rest of the program sees it. */
import { badInput } from '../../bad-input.js';
import { RUN_ENGINES } from '../../engine.js';
import { ok } from '../../errors.js';
import type { Experiment } from '../../experiment.js';
import { fullMeasurementEpochs } from './measuring.js';
import { trainerBytes } from './memory.js';
import { ATTENTION_CV } from './reference.js';
import { seriesNames } from './series.js';
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
  series: ({ heads }) => seriesNames(heads),
  total: ({ epochs }) => epochs,
  maxTotal: MAX_EPOCHS,
  withTotal: (config, epochs) => ({ ...config, epochs }),
  cost: configCost,
  memoryBytes: (config, engine) =>
    Math.min(...(engine === null ? RUN_ENGINES : [engine]).map((one) => trainerBytes(config, [one]))),
  measured: ({ every, epochs }) => ({ every, full: fullMeasurementEpochs(epochs) }),
};

/**
 * Microseconds of one core on the engine wasm, CVs spread over `every`: products over the table of tokens and positions,
 * over the samples' rows, of attention with its values folded into the heads; softmax; the classifier; measuring. Fitted
 * to 34 configs that differ in one size or two, all but one within an eighth; elsewhere the ratios are of use.
 */
export function configCost(config: Omit<RunConfig, 'seed' | 'lr' | 'epochs' | 'headDim' | 'sampleSeed'>): number {
  const { dim, heads, vocab, seqLen, classes, samplesPerClass, every, samples } = config;
  const sequences = classes * samplesPerClass;
  const rows = sequences * seqLen;
  const tables = 7.2e-4 * (vocab + seqLen) * dim * dim;
  const perRow = 5.4e-3 * rows * dim;
  const attention = rows * seqLen * heads * (2.0e-4 * dim + 5.9e-3);
  const classifier = 7.4e-4 * sequences * classes * dim;
  const measuring = (1.3e-3 * samples * dim * (8 + 4 * heads)) / every;
  return 670 + tables + perRow + attention + classifier + measuring;
}
