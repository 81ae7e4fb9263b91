import { mulAdd } from './lanes';

/**
 * C (m, n) = A (m, k) · B (k, n), or C += A · B, where the products are summed before their sum is added to C.
 *
 * A is addressed by two strides, so that a transposed A costs nothing; rows of B and C are contiguous. n is a multiple
 * of 4. All strides count floats. Eight columns of B at a time stay in the first cache while all rows of A pass by.
 */
export function multiply(
  m: i32, n: i32, k: i32,
  a: usize, aRow: i32, aColumn: i32,
  b: usize, bRow: i32,
  c: usize, cRow: i32,
  accumulate: bool,
): void {
  const end = <usize>n << 2;
  let j: usize = 0;
  for (; j + 32 <= end; j += 32) eightColumns(m, k, a, aRow, aColumn, b + j, bRow, c + j, cRow, accumulate);
  if (j < end) fourColumns(m, k, a, aRow, aColumn, b + j, bRow, c + j, cRow, accumulate);
}

/**
 * `multiply` for n = 8: blocks of 4 rows × 8 columns of C are held in registers over k. The rows past m repeat row
 * m − 1 and store the same values again, which spares a tail.
 */
export function eightColumns(
  m: i32, k: i32,
  a: usize, aRow: i32, aColumn: i32,
  b: usize, bRow: i32,
  c: usize, cRow: i32,
  accumulate: bool,
): void {
  const aStep = <usize>aColumn << 2;
  const bStep = <usize>bRow << 2;
  const last = m - 1;
  for (let i = 0; i < m; i += 4) {
    const i1 = min(i + 1, last), i2 = min(i + 2, last), i3 = min(i + 3, last);
    const a0 = a + (<usize>(i * aRow) << 2), a1 = a + (<usize>(i1 * aRow) << 2);
    const a2 = a + (<usize>(i2 * aRow) << 2), a3 = a + (<usize>(i3 * aRow) << 2);
    const c0 = c + (<usize>(i * cRow) << 2), c1 = c + (<usize>(i1 * cRow) << 2);
    const c2 = c + (<usize>(i2 * cRow) << 2), c3 = c + (<usize>(i3 * cRow) << 2);
    let s00 = f32x4.splat(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
    let x0 = a0, x1 = a1, x2 = a2, x3 = a3, row = b;
    for (let left = k; left > 0; left--) {
      const b0 = v128.load(row), b1 = v128.load(row, 16);
      let x = v128.load32_splat(x0);
      s00 = mulAdd(x, b0, s00); s01 = mulAdd(x, b1, s01);
      x = v128.load32_splat(x1);
      s10 = mulAdd(x, b0, s10); s11 = mulAdd(x, b1, s11);
      x = v128.load32_splat(x2);
      s20 = mulAdd(x, b0, s20); s21 = mulAdd(x, b1, s21);
      x = v128.load32_splat(x3);
      s30 = mulAdd(x, b0, s30); s31 = mulAdd(x, b1, s31);
      x0 += aStep; x1 += aStep; x2 += aStep; x3 += aStep; row += bStep;
    }
    if (accumulate) {
      s00 = f32x4.add(v128.load(c0), s00); s01 = f32x4.add(v128.load(c0, 16), s01);
      s10 = f32x4.add(v128.load(c1), s10); s11 = f32x4.add(v128.load(c1, 16), s11);
      s20 = f32x4.add(v128.load(c2), s20); s21 = f32x4.add(v128.load(c2, 16), s21);
      s30 = f32x4.add(v128.load(c3), s30); s31 = f32x4.add(v128.load(c3, 16), s31);
    }
    v128.store(c0, s00); v128.store(c0, s01, 16);
    v128.store(c1, s10); v128.store(c1, s11, 16);
    v128.store(c2, s20); v128.store(c2, s21, 16);
    v128.store(c3, s30); v128.store(c3, s31, 16);
  }
}

/** `multiply` for n = 4. */
export function fourColumns(
  m: i32, k: i32,
  a: usize, aRow: i32, aColumn: i32,
  b: usize, bRow: i32,
  c: usize, cRow: i32,
  accumulate: bool,
): void {
  const aStep = <usize>aColumn << 2;
  const bStep = <usize>bRow << 2;
  const last = m - 1;
  for (let i = 0; i < m; i += 4) {
    const i1 = min(i + 1, last), i2 = min(i + 2, last), i3 = min(i + 3, last);
    const a0 = a + (<usize>(i * aRow) << 2), a1 = a + (<usize>(i1 * aRow) << 2);
    const a2 = a + (<usize>(i2 * aRow) << 2), a3 = a + (<usize>(i3 * aRow) << 2);
    const c0 = c + (<usize>(i * cRow) << 2), c1 = c + (<usize>(i1 * cRow) << 2);
    const c2 = c + (<usize>(i2 * cRow) << 2), c3 = c + (<usize>(i3 * cRow) << 2);
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    let x0 = a0, x1 = a1, x2 = a2, x3 = a3, row = b;
    for (let left = k; left > 0; left--) {
      const b0 = v128.load(row);
      s0 = mulAdd(v128.load32_splat(x0), b0, s0);
      s1 = mulAdd(v128.load32_splat(x1), b0, s1);
      s2 = mulAdd(v128.load32_splat(x2), b0, s2);
      s3 = mulAdd(v128.load32_splat(x3), b0, s3);
      x0 += aStep; x1 += aStep; x2 += aStep; x3 += aStep; row += bStep;
    }
    if (accumulate) {
      s0 = f32x4.add(v128.load(c0), s0); s1 = f32x4.add(v128.load(c1), s1);
      s2 = f32x4.add(v128.load(c2), s2); s3 = f32x4.add(v128.load(c3), s3);
    }
    v128.store(c0, s0); v128.store(c1, s1); v128.store(c2, s2); v128.store(c3, s3);
  }
}
