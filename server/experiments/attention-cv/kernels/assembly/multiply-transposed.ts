import { mulAdd, sumFour } from './lanes';

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
  for (let j = 0; j < n; j += 4) {
    const b0 = b + (<usize>(j * bRow) << 2);
    const b1 = b + (<usize>(min(j + 1, n - 1) * bRow) << 2);
    const b2 = b + (<usize>(min(j + 2, n - 1) * bRow) << 2);
    const b3 = b + (<usize>(min(j + 3, n - 1) * bRow) << 2);
    for (let i = 0; i < m; i += 2) {
      const second = min(i + 1, m - 1);
      const a0 = a + (<usize>(i * aRow) << 2), a1 = a + (<usize>(second * aRow) << 2);
      let s00 = f32x4.splat(0), s01 = s00, s02 = s00, s03 = s00, s10 = s00, s11 = s00, s12 = s00, s13 = s00;
      let x = a0, y = a1, z0 = b0, z1 = b1, z2 = b2, z3 = b3;
      for (let left = k; left > 0; left -= 4) {
        const u = v128.load(x), v = v128.load(y);
        let w = v128.load(z0);
        s00 = mulAdd(u, w, s00); s10 = mulAdd(v, w, s10);
        w = v128.load(z1);
        s01 = mulAdd(u, w, s01); s11 = mulAdd(v, w, s11);
        w = v128.load(z2);
        s02 = mulAdd(u, w, s02); s12 = mulAdd(v, w, s12);
        w = v128.load(z3);
        s03 = mulAdd(u, w, s03); s13 = mulAdd(v, w, s13);
        x += 16; y += 16; z0 += 16; z1 += 16; z2 += 16; z3 += 16;
      }
      v128.store(c + (<usize>(i * cRow + j) << 2), f32x4.mul(factor, sumFour(s00, s01, s02, s03)));
      v128.store(c + (<usize>(second * cRow + j) << 2), f32x4.mul(factor, sumFour(s10, s11, s12, s13)));
    }
  }
}
