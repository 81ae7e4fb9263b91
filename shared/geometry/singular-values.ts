/**
 * Singular values without vectors: Householder reflections to a bidiagonal matrix, then implicit QR steps (Golub & Kahan
 * 1965; Golub & Reinsch 1970). Their error is a small multiple of 2⁻⁵² · σ₁. The library ml-matrix, asked for no vectors
 * either, takes three times as long and errs three times as much.
 */
import { addMultiple, dot, transposed, type Dense } from './matrix.js';

/** The distance of 1 to the next number. */
const EPSILON = 2 ** -52;
/** Steps for one value before giving up; two or three are usual. */
const MAX_STEPS = 60;

interface Bidiagonal {
  /** (n) */
  diagonal: Float64Array;
  /** (n − 1), element i right of diagonal element i. */
  above: Float64Array;
}

/** min(rows, columns) values, descending; NaN throughout where the steps do not end. */
export function singularValues(matrix: Dense): Float64Array {
  const tall = matrix.rows >= matrix.columns ? { ...matrix, values: matrix.values.slice() } : transposed(matrix);
  const largest = tall.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest === 0) return new Float64Array(tall.columns);
  // A power of two changes no digit, and keeps squares within range.
  const scale = 2 ** Math.floor(Math.log2(largest));
  for (let i = 0; i < tall.values.length; i++) tall.values[i]! /= scale;
  const bidiagonal = bidiagonalised(tall);
  if (!diagonalise(bidiagonal)) return new Float64Array(tall.columns).fill(NaN);
  return bidiagonal.diagonal
    .map((value) => Math.abs(value) * scale)
    .sort()
    .reverse();
}

/**
 * Reflects `a` (rows ≥ columns, overwritten) from the left and the right by turns. Both reflections of a step are
 * applied in one pass over the rows that are left: the second needs row k alone to be known.
 */
function bidiagonalised({ values: a, rows, columns }: Dense): Bidiagonal {
  const diagonal = new Float64Array(columns);
  const above = new Float64Array(Math.max(0, columns - 1));
  const left = new Float64Array(rows);
  const product = new Float64Array(columns);
  const right = new Float64Array(columns);
  for (let k = 0; k < columns; k++) {
    const rest = columns - k - 1;
    for (let i = k; i < rows; i++) left[i] = a[i * columns + k]!;
    const leftScale = reflector(left, k, rows);
    diagonal[k] = leftScale.first;
    if (rest === 0) break;
    product.fill(0, k + 1);
    for (let i = k; i < rows; i++) {
      addMultiple(product, k + 1, leftScale.factor * left[i]!, a, i * columns + k + 1, rest);
    }
    addMultiple(a, k * columns + k + 1, -left[k]!, product, k + 1, rest);
    right.set(a.subarray(k * columns + k + 1, (k + 1) * columns), k + 1);
    const rightScale = reflector(right, k + 1, columns);
    above[k] = rightScale.first;
    for (let i = k + 1; i < rows; i++) {
      const row = i * columns + k + 1;
      addMultiple(a, row, -left[i]!, product, k + 1, rest);
      addMultiple(a, row, -rightScale.factor * dot(a, row, right, k + 1, rest), right, k + 1, rest);
    }
  }
  return { diagonal, above };
}

/**
 * Makes x[from…to) the vector v of the reflection I − factor · v vᵀ that takes it to (first, 0, …, 0). `first` has the
 * other sign than x has there, so that nothing cancels.
 */
function reflector(x: Float64Array, from: number, to: number): { first: number; factor: number } {
  const norm = Math.sqrt(dot(x, from, x, from, to - from));
  if (norm === 0) return { first: 0, factor: 0 };
  const head = x[from]!;
  const first = head > 0 ? -norm : norm;
  x[from] = head - first;
  return { first, factor: 1 / (norm * (norm + Math.abs(head))) };
}

/** Leaves the singular values, of either sign, on the diagonal; false where the steps do not end. */
function diagonalise(bidiagonal: Bidiagonal): boolean {
  const { diagonal: d, above: e } = bidiagonal;
  let most = 0;
  for (let i = 0; i < d.length; i++) most = Math.max(most, Math.abs(d[i]!), Math.abs(e[i] ?? 0));
  let steps = 0;
  for (let last = d.length - 1; last > 0;) {
    let first = last;
    while (first > 0 && Math.abs(e[first - 1]!) > EPSILON * (Math.abs(d[first - 1]!) + Math.abs(d[first]!))) first--;
    if (first > 0) e[first - 1] = 0;
    if (first === last) {
      last--;
      steps = 0;
    } else if (steps++ === MAX_STEPS) {
      return false;
    } else {
      step(bidiagonal, first, last, EPSILON * most);
    }
  }
  return true;
}

/**
 * One implicit QR step on the block first…last. A block that has a 0 on its diagonal is singular: a step without a
 * shift then brings the 0 to the end, and with it a 0 above.
 */
function step({ diagonal: d, above: e }: Bidiagonal, first: number, last: number, negligible: number): void {
  let isSingular = false;
  for (let i = first; i <= last; i++) {
    if (Math.abs(d[i]!) > negligible) continue;
    d[i] = 0;
    isSingular = true;
  }
  const head = d[first]!;
  let x = isSingular ? head : head - shift(d, e, first, last) / head;
  let y = e[first]!;
  for (let i = first; i < last; i++) {
    // From the right: columns i and i + 1, so that the element beyond the diagonal above goes.
    let length = Math.sqrt(x * x + y * y);
    let cosine = length === 0 ? 1 : x / length;
    let sine = length === 0 ? 0 : y / length;
    if (i > first) e[i - 1] = length;
    x = cosine * d[i]! + sine * e[i]!;
    e[i] = cosine * e[i]! - sine * d[i]!;
    y = sine * d[i + 1]!;
    d[i + 1] = cosine * d[i + 1]!;
    // From the left: rows i and i + 1, so that the element below the diagonal goes.
    length = Math.sqrt(x * x + y * y);
    cosine = length === 0 ? 1 : x / length;
    sine = length === 0 ? 0 : y / length;
    d[i] = length;
    x = cosine * e[i]! + sine * d[i + 1]!;
    d[i + 1] = cosine * d[i + 1]! - sine * e[i]!;
    if (i + 1 < last) {
      y = sine * e[i + 1]!;
      e[i + 1] = cosine * e[i + 1]!;
    } else {
      e[i] = x;
    }
  }
}

/** Wilkinson's shift: the eigenvalue of the last 2×2 block of BᵀB that lies closer to its last element. */
function shift(d: Float64Array, e: Float64Array, first: number, last: number): number {
  const before = last - 1 > first ? e[last - 2]! : 0;
  const upper = d[last - 1]! ** 2 + before ** 2;
  const lower = d[last]! ** 2 + e[last - 1]! ** 2;
  const beside = d[last - 1]! * e[last - 1]!;
  const half = (upper - lower) / 2;
  const root = Math.sqrt(half ** 2 + beside ** 2);
  return root === 0 ? lower : lower - beside ** 2 / (half < 0 ? half - root : half + root);
}
