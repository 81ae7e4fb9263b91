/** The coefficient of variation of the volumes of simplices whose corners are rows of a matrix. */
import { none, type Dense, type Measured } from './matrix.js';

/**
 * Limits in absolute terms: the original's, which has pentachora alone. Those of other simplices would depend on the
 * scale of the matrix, for a volume of k corners grows with its (k − 1)th power.
 */
const PENTACHORON = { corners: 5, minSquaredVolume: 1e-20, meanOffset: 1e-8 };
const SCALE_FREE = { minSquaredVolume: 0, meanOffset: 0 };
/** Below this many valid volumes there is no value. */
const MIN_VALID = 10;
/** Against the longest edge: what lies below is a simplex with corners that coincide, and rounding. */
const DEGENERATE = 1e-13;

/**
 * @param corners k, of a simplex of k − 1 dimensions.
 * @param sets (samples, k) row numbers; asked for where the shape allows a simplex.
 */
export function simplexCv(
  matrix: Dense,
  corners: number,
  sets: ((corners: number) => Uint32Array) | undefined,
): Measured {
  if (matrix.rows < corners) return none(`fewer than ${corners} rows`);
  if (matrix.columns < corners - 1) return { ...none(`fewer than ${corners - 1} columns`), valid: 0 };
  if (sets === undefined) return none('no simplices drawn');
  const { minSquaredVolume, meanOffset } = corners === PENTACHORON.corners ? PENTACHORON : SCALE_FREE;
  const volumes = validVolumes(matrix, corners, sets(corners), minSquaredVolume);
  const valid = volumes.length;
  if (valid < MIN_VALID) return { ...none(`fewer than ${MIN_VALID} valid samples`), valid };
  return { ...variation(volumes, meanOffset), valid };
}

/** Of the simplices that are neither degenerate nor too small. */
function validVolumes(
  { values, columns }: Dense,
  corners: number,
  sets: Uint32Array,
  minSquaredVolume: number,
): Float64Array {
  const dimensions = corners - 1;
  let factorial = 1;
  for (let i = 2; i <= dimensions; i++) factorial *= i;
  const edges = new Float64Array(dimensions * columns);
  const gram = new Float64Array(dimensions * dimensions);
  const volumes: number[] = [];
  for (let set = 0; set + corners <= sets.length; set += corners) {
    const origin = sets[set]! * columns;
    for (let i = 0; i < dimensions; i++) {
      const corner = sets[set + i + 1]! * columns;
      for (let j = 0; j < columns; j++) edges[i * columns + j] = values[corner + j]! - values[origin + j]!;
    }
    const longest = fillGram(gram, edges, dimensions, columns);
    const determinant = determinantOf(gram, dimensions);
    const squared = determinant / factorial ** 2;
    const isGenuine = longest > 0 && determinant >= DEGENERATE * longest ** dimensions;
    if (isGenuine && squared > minSquaredVolume) volumes.push(Math.sqrt(squared));
  }
  return Float64Array.from(volumes);
}

/** gram (n, n) ← E Eᵀ of the edges E (n, columns). Gives the largest squared distance of two corners. */
function fillGram(gram: Float64Array, edges: Float64Array, n: number, columns: number): number {
  let longest = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < columns; k++) sum += edges[i * columns + k]! * edges[j * columns + k]!;
      gram[i * n + j] = gram[j * n + i] = sum;
    }
    longest = Math.max(longest, gram[i * n + i]!);
    for (let j = 0; j < i; j++) longest = Math.max(longest, gram[i * n + i]! + gram[j * n + j]! - 2 * gram[i * n + j]!);
  }
  return longest;
}

/** Of a positive semidefinite matrix (n, n), which is overwritten; 0 where rounding leaves a pivot that is not positive. */
function determinantOf(gram: Float64Array, n: number): number {
  let determinant = 1;
  for (let k = 0; k < n; k++) {
    const pivot = gram[k * n + k]!;
    if (!(pivot > 0)) return 0;
    determinant *= pivot;
    for (let i = k + 1; i < n; i++) {
      const factor = gram[i * n + k]! / pivot;
      for (let j = k + 1; j < n; j++) gram[i * n + j]! -= factor * gram[k * n + j]!;
    }
  }
  return determinant;
}

/**
 * Unbiased standard deviation / (mean + offset), with its standard error by the influence of each sample (the
 * infinitesimal jackknife): fᵢ = c · [((vᵢ − m)² − s²) / (2s²) − (vᵢ − m) / m], se = std(f) / √n; 0 when s² = 0.
 */
function variation(volumes: Float64Array, meanOffset: number): { value: number; se: number } {
  const { mean, variance } = moments(volumes);
  const value = Math.sqrt(variance) / (mean + meanOffset);
  if (variance === 0) return { value, se: 0 };
  const influences = volumes.map((volume) => {
    const deviation = volume - mean;
    return value * ((deviation ** 2 - variance) / (2 * variance) - deviation / mean);
  });
  return { value, se: Math.sqrt(moments(influences).variance / volumes.length) };
}

/** The variance is unbiased. */
function moments(values: Float64Array): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, variance: squares / (values.length - 1) };
}
