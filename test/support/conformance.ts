/**
 * Trains a config of the golden files and holds every number against what PyTorch computed, within the drift that the
 * script shows against itself. All expectations come from the files.
 */
import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { engineModel } from '../../server/experiments/attention-cv/engine-model.js';
import { Generator } from '../../server/experiments/attention-cv/random.js';
import { Trainer, type TrainedEpoch } from '../../server/experiments/attention-cv/trainer.js';
import { LOCAL_COLUMNS } from '../../shared/run.js';
import type { RunEngine } from '../../shared/engine.js';
import type { Fingerprint, Measurement, SampleKind } from '../../shared/measurement.js';
import type { RunConfig } from '../../shared/experiments/attention-cv/sweep.js';
import { golden, goldenTruth } from './golden.js';

interface GoldenConfig {
  dim: number;
  n_heads: number;
  head_dim: number;
  vocab: number;
  seq_len: number;
  n_classes: number;
  epochs: number;
  lr: number;
  seed: number;
  samples_per_class: number;
}

type Phase = 'pre' | 'mid' | 'post';
type Values = Partial<Record<string, number | null>>;
/** [valid in the script, valid, degenerate]; null or absent where nothing was drawn. */
type Counts = Partial<Record<string, [number, number, number] | null>>;

interface GoldenRun {
  config: GoldenConfig;
  data: { x_sha256_int32le: string; y_sha256_int32le: string };
  params: Record<string, { sha256_f32le: string }>;
  rng: { after_init_randperm512_first5: number[]; after_post_randperm512_first5: number[] };
  metric_order: string[];
  cv_script: Record<Phase, Values>;
  cv_robust: Record<Phase, Values>;
  counts_script_robust_degenerate: Record<Phase, Counts>;
  pre_indices: Partial<Record<string, { first: number[]; sha256_16_int32le_300x5: string } | null>>;
  losses: number[];
  mid_acc: number;
  acc: number;
}

export interface GoldenTrajectory {
  config: GoldenConfig;
  metric_order: string[];
  losses: number[];
  acc: number[];
  cv: Record<string, (number | null)[]>;
  measurements: Record<string, Record<string, Values>>;
}

interface GoldenDegenerate {
  cases: {
    dim: number;
    n_heads: number;
    seed: number;
    metric_order: string[];
    cv_robust_pre: Values;
    counts_script_robust_degenerate: Counts;
  }[];
}

export const REFERENCE_RUNS = [64, 128, 256].flatMap((dim) => [1, 2, 4, 8].map((heads) => `d${dim}_h${heads}`));
export const ODD_RUNS = ['odd_d30_h3_s7', 'odd_d36_h6_s2p40', 'odd_d44_h2_sneg'];
export const TRAJECTORIES = [...REFERENCE_RUNS, 'odd_d30_h3'].map((name) => `trajectory_${name}`);

const LOSS_TOLERANCE = 5e-6;
const ACCURACY_TOLERANCE = 1e-6;
const cvTolerance = (epoch: number): number => (epoch === 0 ? 1e-6 : 5e-6);

function configOf(golden: GoldenConfig): RunConfig {
  return {
    dim: golden.dim,
    heads: golden.n_heads,
    headDim: golden.head_dim,
    seed: golden.seed,
    lr: golden.lr,
    epochs: golden.epochs,
    vocab: golden.vocab,
    seqLen: golden.seq_len,
    classes: golden.n_classes,
    samplesPerClass: golden.samples_per_class,
    every: 1,
    samples: 300,
    sampleSeed: 0,
  };
}

interface Trained {
  fingerprint: Fingerprint;
  /** The run's generator when the model is initialised, and when the last measurement is made. */
  afterInit: Uint32Array;
  afterPost: Uint32Array;
  frames: TrainedEpoch[];
}

const trained = new Map<string, Trained>();

/** Trains once what several tests look at. */
async function train(config: RunConfig, engine: RunEngine): Promise<Trained> {
  const key = JSON.stringify([config, engine]);
  let run = trained.get(key);
  if (run === undefined) {
    const trainer = new Trainer(config, await engineModel(engine));
    const fingerprint = trainer.fingerprint();
    const afterInit = trainer.state().generator;
    const frames = [...trainer.epochs()];
    run = { fingerprint, afterInit, afterPost: trainer.state().generator, frames };
    trainer.dispose();
    trained.set(key, run);
  }
  return run;
}

/** |actual − expected| ≤ tolerance; a missing value only where one is expected. NaN never passes for a number. */
function expectClose(
  actual: number | null | undefined,
  expected: number | null | undefined,
  tolerance: number,
  what: string,
): void {
  if (expected === undefined) throw new Error(`${what}: the golden file has nothing to compare with`);
  if (expected === null) {
    expect(actual, what).toBeNull();
    return;
  }
  expect(typeof actual === 'number' && Number.isFinite(actual), `${what}: ${actual} is a number`).toBe(true);
  expect(Math.abs(actual! - expected), `${what}: ${actual} against ${expected}`).toBeLessThanOrEqual(tolerance);
}

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

function measurementOf(frames: TrainedEpoch[], sample: SampleKind, epoch: number): Measurement {
  const found = frames[epoch]?.measurements.find((m) => m.sample === sample);
  if (found === undefined) throw new Error(`no ${sample} measurement at epoch ${epoch}`);
  return found;
}

/** The script's run: hashes, index sets and generator exact, then loss, accuracy and its own three measurements. */
export async function checkScriptRun(name: string, engine: RunEngine): Promise<void> {
  const expected = golden<GoldenRun>(name);
  const config = configOf(expected.config);
  const { fingerprint, afterInit, afterPost, frames } = await train(config, engine);

  const { x, y, parameters } = fingerprint;
  expect(x).toBe(expected.data.x_sha256_int32le);
  expect(y).toBe(expected.data.y_sha256_int32le);
  const hashes = Object.entries(expected.params).map(([key, value]) => [key, value.sha256_f32le]);
  expect(parameters).toEqual(Object.fromEntries(hashes));

  expect([...Generator.restore(afterInit).permutation(512, 5)]).toEqual(expected.rng.after_init_randperm512_first5);
  checkIndexSets(afterInit, expected);

  expect([...Generator.restore(afterPost).permutation(512, 5)]).toEqual(expected.rng.after_post_randperm512_first5);

  expect(frames.map((frame) => frame.epoch)).toEqual(Array.from({ length: config.epochs + 1 }, (_, e) => e));
  expect(frames[0]!.values[1]).toBeNaN();
  expected.losses.forEach((loss, i) => expectClose(frames[i + 1]!.values[1], loss, LOSS_TOLERANCE, `loss ${i + 1}`));
  const mid = Math.floor(config.epochs / 2);
  expectClose(frames[mid]!.values[2], expected.mid_acc, ACCURACY_TOLERANCE, 'mid accuracy');
  expectClose(frames[config.epochs]!.values[2], expected.acc, ACCURACY_TOLERANCE, 'accuracy');

  const reference = REFERENCE_RUNS.includes(name);
  for (const [phase, epoch] of [
    ['pre', 0],
    ['mid', mid],
    ['post', config.epochs],
  ] as const) {
    const { values } = measurementOf(frames, 'script', epoch);
    expect(Object.keys(values)).toEqual(expected.metric_order);
    for (const series of expected.metric_order) {
      const what = `${phase} ${series}`;
      const value = values[series]!;
      expectClose(value.cv, expected.cv_robust[phase][series], cvTolerance(epoch), `${what} cv`);
      const counts = expected.counts_script_robust_degenerate[phase][series];
      const slack = series.startsWith('act_post') ? 1 : 0;
      expectClose(value.valid, counts?.[1] ?? null, slack, `${what} valid`);
      const script = expected.cv_script[phase][series];
      if (!series.startsWith('act_')) expectClose(value.cv, script, cvTolerance(epoch), `${what} against the script`);
      else if (reference) {
        const noise = series.startsWith('act_post') ? 0.03 : 0.1;
        expectClose(value.cv, script, noise, `${what} against the script's rounding`);
      }
    }
  }
}

/** Draws again what the first measurement draws: which rows each series samples is part of the numbers. */
function checkIndexSets(afterInit: Uint32Array, expected: GoldenRun): void {
  const generator = Generator.restore(afterInit);
  const { dim, head_dim, vocab, n_classes, seq_len, samples_per_class } = expected.config;
  const rowsOf = (series: string): number => {
    if (series.startsWith('act_')) return n_classes * samples_per_class * seq_len;
    if (series === 'emb') return vocab;
    if (series === 'cls_head') return n_classes;
    return /_h\d+$/.test(series) ? head_dim : dim;
  };
  for (const series of expected.metric_order) {
    const drawn = expected.pre_indices[series] ?? null;
    if (drawn === null) {
      expect(rowsOf(series)).toBeLessThan(5);
      continue;
    }
    const pool = Math.min(512, rowsOf(series));
    const sets = Uint32Array.from(Array.from({ length: 300 }, () => [...generator.permutation(pool, 5)]).flat());
    expect([...sets.subarray(0, 5)], series).toEqual(drawn.first);
    const hash = createHash('sha256')
      .update(new Uint8Array(sets.buffer, sets.byteOffset, sets.byteLength))
      .digest('hex');
    expect(hash.slice(0, 16), series).toBe(drawn.sha256_16_int32le_300x5);
  }
}

/** The fixed sample: loss, accuracy and every CV at every epoch, and the three full measurements. */
export async function checkTrajectory(name: string, engine: RunEngine): Promise<void> {
  const expected = golden<GoldenTrajectory>(name);
  const { frames } = await train(configOf(expected.config), engine);
  expectTrajectory(
    expected,
    frames.map(({ values }) => Array.from(values, orNull)),
  );
  for (const [key, values] of Object.entries(expected.measurements)) {
    const epoch = Number(key);
    const measured = measurementOf(frames, 'fixed', epoch).values;
    expect(Object.keys(measured)).toEqual(expected.metric_order);
    for (const [series, value] of Object.entries(values)) {
      const what = `${series} at epoch ${epoch}`;
      const actual = measured[series]!;
      const slack = series.startsWith('act_post') ? 1 : 0;
      expectClose(actual.valid, value.valid, slack, `${what}: valid`);
      for (const field of ['cv', 'se', 'movement', 'movementSe'] as const) {
        expectClose(actual[field], value[field], cvTolerance(epoch), `${what}: ${field}`);
      }
    }
  }
}

/** Loss, accuracy and every CV at every epoch; a row per epoch, of the columns of a frame, null where there is no value. */
export function expectTrajectory(expected: GoldenTrajectory, rows: readonly (readonly (number | null)[])[]): void {
  expect(rows.length).toBe(expected.acc.length);
  expected.losses.forEach((loss, i) => expectClose(rows[i + 1]![1], loss, LOSS_TOLERANCE, `loss ${i + 1}`));
  expected.acc.forEach((accuracy, epoch) =>
    expectClose(rows[epoch]![2], accuracy, ACCURACY_TOLERANCE, `accuracy ${epoch}`),
  );
  expected.metric_order.forEach((series, i) => {
    rows.forEach((row, epoch) => {
      const cv = row[LOCAL_COLUMNS.length + i];
      expectClose(cv, expected.cv[series]![epoch], cvTolerance(epoch), `${series} at epoch ${epoch}`);
    });
  });
}

/** Head sizes 1 to 5: where there is a value, and where not, why. */
export async function checkDegenerate(engine: RunEngine): Promise<void> {
  for (const expected of golden<GoldenDegenerate>('degenerate').cases) {
    const { dim, n_heads: heads, seed } = expected;
    const shape = { vocab: 256, seqLen: 8, classes: 10, samplesPerClass: 50, every: 1, samples: 300, sampleSeed: 0 };
    const config = { dim, heads, headDim: dim / heads, seed, lr: 1e-3, epochs: 0, ...shape };
    const { values } = measurementOf((await train(config, engine)).frames, 'script', 0);
    expect(Object.keys(values)).toEqual(expected.metric_order);
    for (const series of expected.metric_order) {
      const what = `${dim}/${heads} ${series}`;
      const value = values[series]!;
      const cv = expected.cv_robust_pre[series];
      const counts = expected.counts_script_robust_degenerate[series];
      expectClose(value.cv, cv, 1e-6, what);
      const slack = config.headDim === 4 || series.startsWith('act_post') ? 1 : 0;
      expectClose(value.valid, counts?.[1] ?? null, slack, `${what}: valid`);
      const perHead = /_h\d+$/.test(series);
      const columns = perHead && series.startsWith('act_') ? config.headDim : dim;
      const few = columns < 4 ? 'fewer than 4 columns' : 'fewer than 10 valid samples';
      const reason = (counts ?? null) === null ? 'fewer than 5 rows' : few;
      expect(value.reason, what).toBe(cv === null ? reason : undefined);
    }
  }
}

/** The longest sequence: loss, accuracy, and the script's own CVs of weights; those of activations are its rounding's. */
export async function checkLongSequence(engine: RunEngine): Promise<void> {
  const expected = golden<Pick<GoldenRun, 'config' | 'losses' | 'mid_acc' | 'acc' | 'cv_script'>>('long_d24_h2_s512');
  const config = configOf(expected.config);
  expect(config.seqLen).toBe(512);
  const { frames } = await train(config, engine);
  expected.losses.forEach((loss, i) => expectClose(frames[i + 1]!.values[1], loss, LOSS_TOLERANCE, `loss ${i + 1}`));
  const epochs = { pre: 0, mid: Math.floor(config.epochs / 2), post: config.epochs } as const;
  expectClose(frames[epochs.mid]!.values[2], expected.mid_acc, ACCURACY_TOLERANCE, 'mid accuracy');
  expectClose(frames[epochs.post]!.values[2], expected.acc, ACCURACY_TOLERANCE, 'accuracy');
  for (const [phase, epoch] of Object.entries(epochs) as [Phase, number][]) {
    const { values } = measurementOf(frames, 'script', epoch);
    for (const [series, cv] of Object.entries(expected.cv_script[phase])) {
      const tolerance = series.startsWith('act_') ? 0.03 : cvTolerance(epoch);
      expectClose(values[series]?.cv, cv, tolerance, `${phase} ${series}`);
    }
  }
}

/** What float64 makes of the same initial weights, and how far float32 runs of PyTorch lie from it. */
interface GoldenTruth extends Pick<GoldenRun, 'config' | 'losses' | 'cv_robust'> {
  pytorch_float32: Record<string, { loss: number; cv: number; cv_rms: number }>;
}

export const TRUTHS = ['d64_h8_s42', 'd96_h6_s8', 'd128_h4_s21'];

/** No loss or CV farther from float64's than PyTorch's farthest, but for its kernels without vectors, which are no measure. */
export async function checkTruth(name: string, engine: RunEngine): Promise<void> {
  const expected = goldenTruth<GoldenTruth>(name);
  const config = { ...configOf(expected.config), every: expected.config.epochs };
  const { frames } = await train(config, engine);
  const farthest = (figure: 'loss' | 'cv' | 'cv_rms'): number =>
    Math.max(...Object.entries(expected.pytorch_float32).map(([run, far]) => (run === 'default' ? 0 : far[figure])));

  const losses = expected.losses.map((loss, i) => Math.abs(frames[i + 1]!.values[1]! - loss));
  expect(Math.max(...losses), 'losses').toBeLessThanOrEqual(farthest('loss'));
  const epochs = { pre: 0, mid: Math.floor(config.epochs / 2), post: config.epochs } as const;
  const distances = Object.entries(epochs).flatMap(([phase, epoch]) => {
    const { values } = measurementOf(frames, 'script', epoch);
    return Object.entries(expected.cv_robust[phase as Phase]).flatMap(([series, cv]) => {
      expectClose(values[series]!.cv, cv ?? null, cvTolerance(epoch), `${phase} ${series}`);
      return typeof cv === 'number' ? [Math.abs(values[series]!.cv! - cv)] : [];
    });
  });
  expect(Math.max(...distances), 'CVs').toBeLessThanOrEqual(farthest('cv'));
  const meanSquare = distances.reduce((sum, distance) => sum + distance ** 2, 0) / distances.length;
  expect(Math.sqrt(meanSquare), 'CVs, root mean square').toBeLessThanOrEqual(farthest('cv_rms'));
}
