import { mulAdd, subMul, sumLanes } from './lanes';

const EPSILON: f64 = 1e-5;

// Each sum has two registers: one alone would make every addition wait for the one before, and sum twice as many terms.

/**
 * x̂ = (x − mean) · rstd over the `dim` columns of one row, in place; rstd = 1/√(variance + 1e-5), variance biased.
 * The row is `wide` floats, a multiple of 8; its padding is set to 0. Scale and shift come after pooling.
 */
export function normalise(row: usize, dim: i32, wide: i32): f32 {
  const end = row + (<usize>wide << 2);
  let total = f32x4.splat(0), total2 = total;
  for (let at = row; at < end; at += 32) {
    total = f32x4.add(total, v128.load(at));
    total2 = f32x4.add(total2, v128.load(at, 16));
  }
  const centre = <f32>(<f64>sumLanes(f32x4.add(total, total2)) / <f64>dim);
  const mean = f32x4.splat(centre);
  // So that the padding comes out as 0, and adds nothing to the squares.
  for (let j = dim; j < wide; j++) store<f32>(row + (<usize>j << 2), centre);
  let squares = f32x4.splat(0), squares2 = squares;
  for (let at = row; at < end; at += 32) {
    const x = f32x4.sub(v128.load(at), mean), y = f32x4.sub(v128.load(at, 16), mean);
    squares = mulAdd(x, x, squares);
    squares2 = mulAdd(y, y, squares2);
  }
  const rstd = <f32>(1 / Math.sqrt(<f64>sumLanes(f32x4.add(squares, squares2)) / <f64>dim + EPSILON));
  const factor = f32x4.splat(rstd);
  for (let at = row; at < end; at += 16) v128.store(at, f32x4.mul(f32x4.sub(v128.load(at), mean), factor));
  return rstd;
}

/**
 * dx = rstd · (g − mean(g) − x̂ · mean(g ∘ x̂)) for one row, where g (wide) is the gradient of x̂ and `gMean` its mean
 * over `dim`. The padding of dx is set to 0.
 */
export function normaliseGradient(
  dx: usize, xHat: usize, rstd: f32, g: usize, gMean: f32, dim: i32, wide: i32,
): void {
  const width = <usize>wide << 2;
  let inner = f32x4.splat(0), inner2 = inner;
  for (let at: usize = 0; at < width; at += 32) {
    inner = mulAdd(v128.load(g + at), v128.load(xHat + at), inner);
    inner2 = mulAdd(v128.load(g + at, 16), v128.load(xHat + at, 16), inner2);
  }
  const projection = f32x4.splat(<f32>(<f64>sumLanes(f32x4.add(inner, inner2)) / <f64>dim));
  const shift = f32x4.splat(gMean);
  const factor = f32x4.splat(rstd);
  for (let at: usize = 0; at < width; at += 16) {
    const centred = f32x4.sub(v128.load(g + at), shift);
    const value = subMul(v128.load(xHat + at), projection, centred);
    v128.store(dx + at, f32x4.mul(factor, value));
  }
  for (let j = dim; j < wide; j++) store<f32>(dx + (<usize>j << 2), 0);
}
