/** What a sweep may be: the grid that a user asks for, its limits, and the configs it expands to. */
import { z } from 'zod';
import { notPlain, strictFields } from '../../bad-input.js';
import type { JsonObject } from '../../experiment.js';
import { METRICS, type MetricName } from '../../geometry/catalogue.js';
import { NULL_NAMES, type NullName } from '../../measurement.js';
import { isPlainText } from '../../plain-text.js';
import { REFERENCE } from './reference.js';
import { runSeries } from './series.js';
import { MAX_TRAINER_BYTES, memoryExcess, trainerBytes, type MemoryShape } from './memory.js';

export { REFERENCE, referenceSweep } from './reference.js';

function whole(name: string, min: number, max: number): z.ZodNumber {
  const message = `${name} must be a whole number from ${min} to ${max}`;
  return z.number({ error: message }).int(message).min(min, message).max(max, message);
}

const dim = whole('dim', 1, 1024);
const heads = whole('heads', 1, 1024);
const seedMessage = 'seed must be a safe integer (−(2^53−1) to 2^53−1)';
const seed = z.number({ error: seedMessage }).int(seedMessage);
const sampleSeedMessage = seedMessage.replace('seed', 'sampleSeed');
const lrMessage = 'lr must be a number above 0 and at most 10';
const lr = z.number({ error: lrMessage }).positive(lrMessage).max(10, lrMessage);

/** Longest training, also of a run that is extended. */
export const MAX_EPOCHS = 100_000;

/** Everything but the grid axes; PyTorch script defaults. */
const common = {
  epochs: whole('epochs', 0, MAX_EPOCHS),
  vocab: whole('vocab', 1, 65_536),
  seqLen: whole('seqLen', 1, 512),
  classes: whole('classes', 1, 1000),
  samplesPerClass: whole('samplesPerClass', 1, 10_000),
  every: whole('every', 1, 100_000),
  samples: whole('samples', 10, 10_000),
  sampleSeed: z.number({ error: sampleSeedMessage }).int(sampleSeedMessage),
};

/** One point of the grid: everything that decides a run's numbers. */
export type RunConfig = {
  dim: number;
  heads: number;
  headDim: number;
  seed: number;
  lr: number;
  epochs: number;
  vocab: number;
  seqLen: number;
  classes: number;
  samplesPerClass: number;
  /** CVs are measured every this many epochs; epoch 0, ⌊epochs/2⌋ and the last always. */
  every: number;
  /** Pentachora per CV, and the seed of the fixed sample's index sets. */
  samples: number;
  sampleSeed: number;
  /** What chance gives is told of all these at full measurements; absent = of Gaussian clouds alone. */
  nulls?: readonly NullName[] | undefined;
  /** What is measured of each matrix besides the CV, in the order of the catalogue; absent = nothing. */
  metrics?: readonly MetricName[] | undefined;
};

/** The config of a run of this experiment. */
export function attentionConfig({ config }: { config: JsonObject }): RunConfig {
  // Runs of this experiment are made by `expandSweep` alone.
  return config as RunConfig;
}

/** Most configs in one sweep, and most training samples in one config. */
export const MAX_CONFIGS = 500;
export const MAX_SAMPLES = 100_000;
/** Most series of one run: CVs of 1,024 heads alone are 7,176. */
const MAX_SERIES = 20_000;
/** Most tokens in one config's data: every epoch passes them all. */
const MAX_TOKENS = 6_400_000;

function list<T extends z.ZodType>(name: string, item: T): z.ZodArray<T> {
  const message = `${name} must be a list of 1 to 100 values`;
  return z.array(item, { error: message }).min(1, message).max(100, message);
}

const METRIC_NAMES = METRICS.map(({ name }) => name);
const metricsMessage = `metrics must be a list of ${METRIC_NAMES.join(', ')}`;
const nullsMessage = `nulls must be a list of ${NULL_NAMES.join(', ')}`;

/** A sweep as asked for over the API and on the command line; unknown fields are refused. */
export const sweepSpecSchema = strictFields(
  'a sweep',
  {
    dims: list('dims', dim),
    heads: list('heads', heads),
    seeds: list('seeds', seed).optional(),
    lrs: list('lrs', lr).optional(),
    seed: seed.optional(),
    lr: lr.optional(),
    epochs: common.epochs.default(REFERENCE.epochs),
    vocab: common.vocab.default(REFERENCE.vocab),
    seqLen: common.seqLen.default(REFERENCE.seqLen),
    classes: common.classes.default(REFERENCE.classes),
    samplesPerClass: common.samplesPerClass.default(REFERENCE.samplesPerClass),
    every: common.every.default(REFERENCE.every),
    samples: common.samples.default(REFERENCE.samples),
    sampleSeed: common.sampleSeed.default(REFERENCE.sampleSeed),
    nulls: z.array(z.enum(NULL_NAMES, nullsMessage), { error: nullsMessage }).optional(),
    metrics: z.array(z.enum(METRIC_NAMES, metricsMessage), { error: metricsMessage }).optional(),
    name: z
      .string({ error: 'name must be a text of at most 200 characters' })
      .max(200, 'name must be a text of at most 200 characters')
      .refine((given) => isPlainText(given), notPlain('name'))
      .optional(),
    requestId: z
      .string({ error: 'requestId must be a text of 1 to 100 characters' })
      .min(1, 'requestId must be a text of 1 to 100 characters')
      .max(100, 'requestId must be a text of 1 to 100 characters')
      .optional(),
  },
  ['dims', 'heads'],
).superRefine((spec, context) => {
  const refuse = (path: string, message: string): void => {
    context.addIssue({ code: 'custom', path: [path], message });
  };
  if (spec.seed !== undefined && spec.seeds !== undefined) refuse('seed', 'give seed or seeds, not both');
  if (spec.lr !== undefined && spec.lrs !== undefined) refuse('lr', 'give lr or lrs, not both');
  for (const d of spec.dims) {
    for (const h of spec.heads) {
      // Values out of range have been refused already, in their own words.
      if (d >= 1 && h >= 1 && d % h !== 0) refuse('heads', `heads must divide dim: ${d} is not divisible by ${h}`);
    }
  }
  if (spec.classes * spec.samplesPerClass > MAX_SAMPLES)
    refuse('samplesPerClass', `classes × samplesPerClass must be at most ${MAX_SAMPLES}`);
  else if (spec.classes * spec.samplesPerClass * spec.seqLen > MAX_TOKENS)
    refuse('seqLen', `classes × samplesPerClass × seqLen must be at most ${MAX_TOKENS}`);
  else if (spec.dims.length * spec.heads.length <= MAX_CONFIGS) refuseTooLarge(spec, refuse);
  // Of values out of range, which were refused above, the names would fill the memory.
  const areHeads = spec.heads.every((h) => heads.safeParse(h).success);
  const series = areHeads ? runSeries({ heads: Math.max(...spec.heads), metrics: spec.metrics }).length : 0;
  if (series > MAX_SERIES)
    refuse(
      'metrics',
      `a run has at most ${MAX_SERIES} series, these metrics would make ${series}: choose fewer of them`,
    );
  const configs = spec.dims.length * spec.heads.length * (spec.seeds?.length ?? 1) * (spec.lrs?.length ?? 1);
  if (configs > MAX_CONFIGS) refuse('dims', `a sweep has at most ${MAX_CONFIGS} configs, this one has ${configs}`);
});

/** Of its configs, the one that takes most memory decides. */
function refuseTooLarge(
  { dims, heads: headCounts, ...rest }: Omit<MemoryShape, 'dim' | 'heads'> & { dims: number[]; heads: number[] },
  refuse: (path: string, message: string) => void,
): void {
  const shapes = dims.flatMap((d) => headCounts.filter((h) => h > 0).map((h) => ({ ...rest, dim: d, heads: h })));
  const [largest] = shapes
    .map((shape) => ({ shape, bytes: trainerBytes(shape) }))
    .sort((one, other) => other.bytes - one.bytes);
  const excess = largest && memoryExcess(largest.shape);
  if (!excess) return;
  const { field, most, bytes } = excess;
  const path = field === 'dim' ? 'dims' : field;
  const allowed =
    most > 0 ? `${path} must be at most ${most} here` : `${path} ${largest.shape[field]} is too much here`;
  const needed = `dim ${largest.shape.dim} with heads ${largest.shape.heads} may take ${gigabytes(bytes)} of memory`;
  refuse(path, `${allowed}: ${needed}, a trainer has ${gigabytes(MAX_TRAINER_BYTES)}`);
}

function gigabytes(bytes: number): string {
  return `${Number((bytes / 2 ** 30).toFixed(1))} GB`;
}

/** What a caller may send. */
export type SweepRequest = z.input<typeof sweepSpecSchema>;
type ParsedSweep = z.output<typeof sweepSpecSchema>;

/** A sweep as it is kept: lists filled in, nothing left to default. */
export type SweepSpec = Omit<ParsedSweep, 'seeds' | 'lrs' | 'seed' | 'lr' | 'requestId' | 'name'> & {
  seeds: number[];
  lrs: number[];
};

/**
 * Fills in the defaults: a single `seed` or `lr` becomes a list of one. Gaussian nulls and the CV are always there, and
 * named by none.
 */
export function completeSpec(spec: ParsedSweep): SweepSpec {
  const { seed: oneSeed, lr: oneLr, requestId: _requestId, name: _name, seeds, lrs, nulls, metrics, ...rest } = spec;
  const further = METRIC_NAMES.filter((metric) => metric !== 'cv' && metrics?.includes(metric));
  return {
    ...rest,
    ...(nulls?.includes('shuffled') && { nulls: [...NULL_NAMES] }),
    ...(further.length > 0 && { metrics: further }),
    seeds: seeds ?? [oneSeed ?? REFERENCE.seeds[0]],
    lrs: lrs ?? [oneLr ?? REFERENCE.lrs[0]],
  };
}

/** Every combination, dims slowest, then heads, seeds, learning rates; repeated values count once. */
export function expandSweep(spec: SweepSpec): RunConfig[] {
  const { dims, heads: headCounts, seeds, lrs, ...rest } = spec;
  const once = (values: number[]): number[] => [...new Set(values)];
  return once(dims).flatMap((d) =>
    once(headCounts).flatMap((h) =>
      once(seeds).flatMap((s) =>
        once(lrs).map((rate) => ({ dim: d, heads: h, headDim: d / h, seed: s, lr: rate, ...rest })),
      ),
    ),
  );
}
