import { expLanes, mulAdd, sumLanes } from './lanes';

/**
 * Softmax of each row, in place: A[i, j] = e^(S[i, j] − max) / Σ_j e^(S[i, j] − max), j < columns.
 * Rows are `stride` floats apart, a multiple of 4; the lanes from `columns` to the next multiple of 4 become 0.
 */
export function softmaxRows(rows: i32, columns: i32, matrix: usize, stride: i32): void {
  const padded = (columns + 3) & ~3;
  for (let i = 0; i < rows; i++) {
    const row = matrix + (<usize>(i * stride) << 2);
    for (let j = columns; j < padded; j++) store<f32>(row + (<usize>j << 2), -Infinity);
    const end = row + (<usize>padded << 2);
    let most = v128.load(row);
    for (let at = row + 16; at < end; at += 16) most = f32x4.max(most, v128.load(at));
    most = f32x4.max(most, v128.shuffle<i32>(most, most, 2, 3, 0, 1));
    most = f32x4.max(most, v128.shuffle<i32>(most, most, 1, 0, 3, 2));
    let total = f32x4.splat(0);
    for (let at = row; at < end; at += 16) {
      const e = expLanes(f32x4.sub(v128.load(at), most));
      total = f32x4.add(total, e);
      v128.store(at, e);
    }
    const inverse = f32x4.splat(1 / sumLanes(total));
    for (let at = row; at < end; at += 16) v128.store(at, f32x4.mul(v128.load(at), inverse));
  }
}

/**
 * The gradient through softmaxRows and the scale before it, in place of dA:
 * dS[i, j] = scale · A[i, j] · (dA[i, j] − Σ_k A[i, k] dA[i, k]). A's padding is 0, so dS's is.
 */
export function softmaxGradient(rows: i32, columns: i32, scale: f32, a: usize, dA: usize, stride: i32): void {
  const width = <usize>((columns + 3) & ~3) << 2;
  for (let i = 0; i < rows; i++) {
    const offset = <usize>(i * stride) << 2;
    let inner = f32x4.splat(0);
    for (let at: usize = 0; at < width; at += 16) {
      inner = mulAdd(v128.load(a + offset + at), v128.load(dA + offset + at), inner);
    }
    const shift = f32x4.splat(sumLanes(inner));
    const factor = f32x4.splat(scale);
    for (let at: usize = 0; at < width; at += 16) {
      const p = v128.load(a + offset + at);
      const d = f32x4.sub(v128.load(dA + offset + at), shift);
      v128.store(dA + offset + at, f32x4.mul(factor, f32x4.mul(p, d)));
    }
  }
}
