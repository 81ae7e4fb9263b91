import { sumFour } from './lanes';

/**
 * C (m, n) = scale · A (m, k) · Bᵀ with B (n, k): every row of A against every row of B.
 *
 * k is a multiple of 4; strides count floats. Rows of C are written in whole groups of 4, so they must be as long as n
 * rounded up to 4; what lands past n is the product with B's last row, finite and without meaning.
 */
export function multiplyTransposed(
  m: i32, n: i32, k: i32, scale: f32,
  a: usize, aRow: i32,
  b: usize, bRow: i32,
  c: usize, cRow: i32,
): void {
  const factor = f32x4.splat(scale);
  const end = <usize>k << 2;
  for (let j = 0; j < n; j += 4) {
    const b0 = b + (<usize>(j * bRow) << 2);
    const b1 = b + (<usize>(min(j + 1, n - 1) * bRow) << 2);
    const b2 = b + (<usize>(min(j + 2, n - 1) * bRow) << 2);
    const b3 = b + (<usize>(min(j + 3, n - 1) * bRow) << 2);
    for (let i = 0; i < m; i += 2) {
      const second = min(i + 1, m - 1);
      const a0 = a + (<usize>(i * aRow) << 2), a1 = a + (<usize>(second * aRow) << 2);
      let s00 = f32x4.splat(0), s01 = s00, s02 = s00, s03 = s00, s10 = s00, s11 = s00, s12 = s00, s13 = s00;
      for (let at: usize = 0; at < end; at += 16) {
        const x = v128.load(a0 + at), y = v128.load(a1 + at);
        let z = v128.load(b0 + at);
        s00 = f32x4.add(s00, f32x4.mul(x, z)); s10 = f32x4.add(s10, f32x4.mul(y, z));
        z = v128.load(b1 + at);
        s01 = f32x4.add(s01, f32x4.mul(x, z)); s11 = f32x4.add(s11, f32x4.mul(y, z));
        z = v128.load(b2 + at);
        s02 = f32x4.add(s02, f32x4.mul(x, z)); s12 = f32x4.add(s12, f32x4.mul(y, z));
        z = v128.load(b3 + at);
        s03 = f32x4.add(s03, f32x4.mul(x, z)); s13 = f32x4.add(s13, f32x4.mul(y, z));
      }
      v128.store(c + (<usize>(i * cRow + j) << 2), f32x4.mul(factor, sumFour(s00, s01, s02, s03)));
      v128.store(c + (<usize>(second * cRow + j) << 2), f32x4.mul(factor, sumFour(s10, s11, s12, s13)));
    }
  }
}
