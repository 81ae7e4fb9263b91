/** Rows turned among themselves until they stand at right angles: a singular value decomposition without its left side. */
import { dot, type Dense } from './matrix.js';

const EPSILON = 2 ** -52;
/** Rounds over all pairs before giving up; ten are many. */
const MAX_ROUNDS = 60;

/**
 * Rows σᵢ vᵢᵀ of `matrix` = U Σ Vᵀ, in no order, by Jacobi's rotations of pairs of rows (Hestenes 1958). Rows with σᵢ not
 * above max(rows, columns) · 2⁻⁵² · σ₁, which are rounding, are left out.
 */
export function orthogonalRows(matrix: Dense): { rows: Float64Array[]; squares: number[] } {
  const { rows: count, columns } = matrix;
  const rows = Array.from({ length: count }, (_, i) => matrix.values.slice(i * columns, (i + 1) * columns));
  const negligible = (Math.max(count, columns) * EPSILON) ** 2;
  const largest = (): number => rows.reduce((most, row) => Math.max(most, square(row)), 0);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const least = negligible * largest();
    let turned = false;
    for (let i = 0; i < count; i++) for (let j = 0; j < i; j++) if (turn(rows[i]!, rows[j]!, least)) turned = true;
    if (!turned) break;
  }
  const least = negligible * largest();
  const kept = rows.filter((row) => square(row) > least);
  return { rows: kept, squares: kept.map(square) };
}

function square(row: Float64Array): number {
  return dot(row, 0, row, 0, row.length);
}

/** Turns two rows so that they stand at right angles; false where they do already, or one is rounding alone. */
function turn(x: Float64Array, y: Float64Array, least: number): boolean {
  const xx = square(x);
  const yy = square(y);
  const xy = dot(x, 0, y, 0, x.length);
  if (xx <= least || yy <= least || Math.abs(xy) <= EPSILON * x.length * Math.sqrt(xx * yy)) return false;
  const half = (yy - xx) / (2 * xy);
  const tangent = (half < 0 ? -1 : 1) / (Math.abs(half) + Math.sqrt(1 + half * half));
  const cosine = 1 / Math.sqrt(1 + tangent * tangent);
  const sine = cosine * tangent;
  for (let k = 0; k < x.length; k++) {
    const before = x[k]!;
    x[k] = cosine * before - sine * y[k]!;
    y[k] = sine * before + cosine * y[k]!;
  }
  return true;
}
