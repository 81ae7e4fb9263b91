/** Metrics of a matrix against the same matrix of an earlier epoch. */
import { centred, dot, none, rowsAllEqual, transposed, type Dense, type Measured } from './matrix.js';

/** ‖X − Y‖_F. */
export function differenceNorm(now: Dense, before: Dense): Measured {
  if (now.rows !== before.rows || now.columns !== before.columns) return none('another shape');
  return { value: Math.sqrt(now.values.reduce((sum, value, k) => sum + (value - before.values[k]!) ** 2, 0)) };
}

/**
 * Linear CKA (Kornblith et al. 2019): ‖ỸᵀX̃‖_F² / (‖X̃ᵀX̃‖_F · ‖ỸᵀỸ‖_F) with centred columns. A share.
 * @param centredNow X̃ (n, D) of the rows now, which are not all equal.
 */
export function alignment(centredNow: Dense, before: Dense): Measured {
  if (centredNow.rows !== before.rows) return none('another number of rows');
  if (rowsAllEqual(before)) return none('earlier rows all equal');
  const x = centredNow;
  const y = centred(before);
  return { value: x.rows < Math.min(x.columns, y.columns) ? alignmentByRows(x, y) : alignmentByColumns(x, y) };
}

/** ‖ỸᵀX̃‖_F² = tr(X̃X̃ᵀ ỸỸᵀ): the products of rows, (n, n), are fewer where there are few rows. */
function alignmentByRows(x: Dense, y: Dense): number {
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (let i = 0; i < x.rows; i++) {
    for (let j = 0; j <= i; j++) {
      const weight = i === j ? 1 : 2;
      const ofX = dot(x.values, i * x.columns, x.values, j * x.columns, x.columns);
      const ofY = dot(y.values, i * y.columns, y.values, j * y.columns, y.columns);
      xx += weight * ofX * ofX;
      xy += weight * ofX * ofY;
      yy += weight * ofY * ofY;
    }
  }
  return xy / Math.sqrt(xx) / Math.sqrt(yy);
}

function alignmentByColumns(x: Dense, y: Dense): number {
  const xColumns = transposed(x);
  const yColumns = transposed(y);
  const ofX = Math.sqrt(squaredProducts(xColumns, xColumns));
  const ofY = Math.sqrt(squaredProducts(yColumns, yColumns));
  return squaredProducts(xColumns, yColumns) / ofX / ofY;
}

/**
 * ‖A Bᵀ‖_F², of one matrix with itself by half the products. Those of a row of A with four of B at a time take less
 * than four by themselves.
 */
function squaredProducts(a: Dense, b: Dense): number {
  const length = a.columns;
  let total = 0;
  for (let i = 0; i < a.rows; i++) {
    const row = i * length;
    const end = a === b ? i : b.rows;
    let products = 0;
    let j = 0;
    for (; j + 3 < end; j += 4) products += squaredProductsOfFour(a.values, row, b.values, j * length, length);
    for (; j < end; j++) products += dot(a.values, row, b.values, j * length, length) ** 2;
    total += a === b ? 2 * products + dot(a.values, row, a.values, row, length) ** 2 : products;
  }
  return total;
}

function squaredProductsOfFour(
  a: Float64Array,
  row: number,
  b: Float64Array,
  firstOfFour: number,
  length: number,
): number {
  const second = firstOfFour + length;
  const third = second + length;
  const fourth = third + length;
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  for (let k = 0; k < length; k++) {
    const x = a[row + k]!;
    s0 += x * b[firstOfFour + k]!;
    s1 += x * b[second + k]!;
    s2 += x * b[third + k]!;
    s3 += x * b[fourth + k]!;
  }
  return s0 * s0 + s1 * s1 + s2 * s2 + s3 * s3;
}
