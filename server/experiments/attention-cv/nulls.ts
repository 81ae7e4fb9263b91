/**
 * What chance alone gives for a CV: its mean and standard deviation over random clouds on the same index sets. Gaussian
 * clouds depend on nothing but the shape of the matrix, so that each shape is worked out once and then kept on disk;
 * shuffled ones hold the matrix's own entries in another order.
 */
import type { CvNull } from '../../../shared/measurement.js';
import type { Cloud } from './attention-classifier.js';
import { type Kernels, loadKernels, type Region } from './kernels/kernels.js';
import { MeasureMemory, Measurer } from './measure.js';
import { NormalStream } from './normal-stream.js';
import type { NullCache } from './null-cache.js';
import type { FixedSample, SampledShape } from './sampled-shape.js';

/** Clouds of a null: the error of its mean is a fourteenth, or a tenth, of the spread it tells. */
const GAUSSIAN_CLOUDS = 200;
const SHUFFLED_CLOUDS = 100;

/** A matrix of rows that are all different and lie side by side. */
type Fill = (distinct: Float32Array, cloud: number) => void;

/**
 * CV of clouds of independent standard normal entries: cloud k begins the stream seeded by k, row by row, so that
 * clouds of as many columns share their rows, and one is drawn for all shapes.
 * @param shapes all of them different
 * @param beat called once a cloud
 * @returns by the shapes' keys; null where such clouds have no CV
 */
export function gaussianNulls(
  shapes: readonly SampledShape[],
  sample: FixedSample,
  cache: NullCache | null,
  beat?: () => void,
): Map<string, CvNull | null> {
  const nulls = new Map<string, CvNull | null>();
  const missing = shapes.filter((shape) => {
    const kept = cache?.read(shape, sample);
    if (kept !== undefined) nulls.set(shape.key, kept);
    return kept === undefined;
  });
  const fill: Fill = (distinct, cloud) => new NormalStream(cloud).fill(distinct);
  for (const columns of new Set(missing.map((shape) => shape.columns))) {
    const alike = missing.filter((shape) => shape.columns === columns);
    for (const [i, value] of overClouds(alike, sample, GAUSSIAN_CLOUDS, fill, beat).entries()) {
      nulls.set(alike[i]!.key, value);
      cache?.write(alike[i]!, sample, value);
    }
  }
  return nulls;
}

/**
 * CV of the cloud with the entries of its distinct rows in random order, drawn anew from the order before.
 * @param values the cloud, rows `stride` apart
 */
export function shuffledNull(
  values: Float32Array,
  stride: number,
  shape: SampledShape,
  sample: FixedSample,
  beat?: () => void,
): CvNull | null {
  const { rows, columns, contents } = shape;
  const entries = new Float32Array(shape.distinct * columns);
  for (let row = 0; row < rows; row++)
    entries.set(values.subarray(row * stride, row * stride + columns), (contents?.[row] ?? row) * columns);
  const fill: Fill = (distinct, cloud) => {
    const stream = new NormalStream(cloud);
    // Fisher and Yates.
    for (let last = entries.length - 1; last > 0; last--) {
      const other = stream.below(last + 1);
      const entry = entries[last]!;
      entries[last] = entries[other]!;
      entries[other] = entry;
    }
    distinct.set(entries);
  };
  return overClouds([shape], sample, SHUFFLED_CLOUDS, fill, beat)[0] ?? null;
}

/** Mean and standard deviation of the CV of each shape, all of as many columns, over clouds that `fill` makes. */
function overClouds(
  shapes: readonly SampledShape[],
  { samples, sampleSeed }: FixedSample,
  clouds: number,
  fill: Fill,
  beat?: () => void,
): (CvNull | null)[] {
  const columns = shapes[0]?.columns ?? 0;
  const floats = Math.max(...shapes.map(({ distinct }) => distinct)) * columns;
  // An instance of their own: its memory goes with them.
  const { kernels, regions } = loadKernels((arena) => ({
    distinct: arena.takeFloats(floats),
    repeated: shapes.map(({ rows, contents }) => (contents === null ? null : arena.takeFloats(rows * columns))),
    measure: new MeasureMemory(
      arena,
      samples,
      shapes.map(({ rows }) => rows),
      columns,
    ),
  }));
  const place = (i: number): Region => regions.repeated[i] ?? regions.distinct;
  const cloud = (name: string): Cloud => {
    const { rows } = shapes[Number(name)]!;
    return { pointer: place(Number(name)).pointer, stride: columns, rows, columns };
  };
  const names = shapes.map((_, i) => String(i));
  const measurer = new Measurer(kernels, regions.measure, { cloud }, names, sampleSeed);
  const distinct = regions.distinct.floats(kernels).subarray(0, floats);
  const values = shapes.map(() => new Float64Array(clouds));
  for (let k = 0; k < clouds; k++) {
    fill(distinct, k);
    shapes.forEach((shape, i) => repeatRows(shape, distinct, regions.repeated[i], kernels));
    measurer.trajectory().forEach((cv, i) => (values[i]![k] = cv));
    beat?.();
  }
  return values.map(meanAndSpread);
}

/** Lays the rows down as often as the matrix has them. */
function repeatRows(
  { rows, columns, contents }: SampledShape,
  distinct: Float32Array,
  region: Region | null | undefined,
  kernels: Kernels,
): void {
  if (!region || contents === null) return;
  const target = region.floats(kernels);
  for (let row = 0; row < rows; row++) {
    const from = contents[row]! * columns;
    target.set(distinct.subarray(from, from + columns), row * columns);
  }
}

/** Unbiased; null where a cloud has no CV. */
function meanAndSpread(values: Float64Array): CvNull | null {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (Number.isNaN(mean)) return null;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { cv: mean, sd: Math.sqrt(squares / (values.length - 1)) };
}
