/** Metrics of the rows as they stand to each other: their angles, and the distances to their nearest. */
import { none, type Dense, type Measured } from './matrix.js';

/** Below this many distinct rows there is no dimension. */
const MIN_DISTINCT = 5;
/** Of the ratios of distances: the largest are left out, as they fit worst. */
const KEPT_SHARE = 0.9;

/**
 * Mean over all pairs of rows of their cosine, rows of zeros left out (Ethayarajh 2019). The sum over pairs is half of
 * what the squared sum of the unit rows has beside its squares, so that no pair is looked at.
 */
export function meanCosine({ values, rows, columns }: Dense): Measured {
  const total = new Float64Array(columns);
  let nonzero = 0;
  let squares = 0;
  for (let i = 0; i < rows; i++) {
    const row = values.subarray(i * columns, (i + 1) * columns);
    const length = norm(row);
    if (length === 0) continue;
    nonzero++;
    for (let j = 0; j < columns; j++) {
      const share = row[j]! / length;
      total[j]! += share;
      squares += share * share;
    }
  }
  if (nonzero < 2) return none('fewer than 2 nonzero rows');
  const together = total.reduce((sum, value) => sum + value * value, 0);
  return { value: (together - squares) / (nonzero * (nonzero - 1)) };
}

/** The largest element is taken out first: squares of the smallest numbers would vanish. */
function norm(row: Float64Array): number {
  const largest = row.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest === 0) return 0;
  return largest * Math.sqrt(row.reduce((sum, value) => sum + (value / largest) ** 2, 0));
}

/**
 * TwoNN (Facco et al. 2017) over the distinct rows: the slope through the origin of −ln(1 − F) against ln μ, μ the
 * distance to the second nearest row over that to the nearest, F = i / N of the i-th smallest μ. In dimensions; the
 * standard error is the dimension over the root of how many ratios were kept.
 */
export function twoNearest(matrix: Dense): Measured {
  const distinct = distinctRows(matrix);
  if (distinct.rows < MIN_DISTINCT) return none(`fewer than ${MIN_DISTINCT} distinct rows`);
  const ratios = squaredRatios(distinct).sort();
  const kept = Math.floor(KEPT_SHARE * ratios.length);
  let products = 0;
  let squares = 0;
  for (let i = 0; i < kept; i++) {
    const x = Math.log(ratios[i]!) / 2;
    products -= x * Math.log(1 - (i + 1) / ratios.length);
    squares += x * x;
  }
  if (squares === 0) return none('all neighbours equally far');
  const dimension = products / squares;
  return { value: dimension, se: dimension / Math.sqrt(kept) };
}

/** Each row once. Rows that are equal stand together once they are sorted. */
function distinctRows({ values, rows, columns }: Dense): Dense {
  const row = (i: number): Float64Array => values.subarray(i * columns, (i + 1) * columns);
  const compare = (a: Float64Array, b: Float64Array): number => {
    const j = a.findIndex((value, index) => value !== b[index]);
    return j < 0 ? 0 : a[j]! - b[j]!;
  };
  const sorted = Array.from({ length: rows }, (_, i) => row(i)).sort(compare);
  const distinct = sorted.filter((one, i) => i === 0 || compare(one, sorted[i - 1]!) !== 0);
  const kept = new Float64Array(distinct.length * columns);
  distinct.forEach((one, i) => kept.set(one, i * columns));
  return { values: kept, rows: distinct.length, columns };
}

/** (rows) Squared distance to the second nearest other row over that to the nearest. */
function squaredRatios({ values, rows, columns }: Dense): Float64Array {
  const nearest = new Float64Array(rows).fill(Infinity);
  const second = new Float64Array(rows).fill(Infinity);
  const offer = (row: number, distance: number): void => {
    if (distance < nearest[row]!) {
      second[row] = nearest[row]!;
      nearest[row] = distance;
    } else if (distance < second[row]!) {
      second[row] = distance;
    }
  };
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < i; j++) {
      const distance = squaredDistance(values, i * columns, j * columns, columns);
      offer(i, distance);
      offer(j, distance);
    }
  }
  return second.map((distance, row) => distance / nearest[row]!);
}

function squaredDistance(values: Float64Array, one: number, other: number, length: number): number {
  let s0 = 0;
  let s1 = 0;
  let i = 0;
  for (; i + 1 < length; i += 2) {
    const x0 = values[one + i]! - values[other + i]!;
    const x1 = values[one + i + 1]! - values[other + i + 1]!;
    s0 += x0 * x0;
    s1 += x1 * x1;
  }
  if (i < length) s0 += (values[one + i]! - values[other + i]!) ** 2;
  return s0 + s1;
}
