import { mulAdd64, promoteHigh } from './lanes';

/**
 * `multiply` for n = 4 and contiguous rows of A, summed in float64 and rounded once: blocks of 4 rows × 4 columns. The
 * rows past m repeat row m − 1.
 */
export function fourColumnsExact(
  m: i32, k: i32,
  a: usize, aRow: i32,
  b: usize, bRow: i32,
  c: usize, cRow: i32,
  accumulate: bool,
): void {
  const bStep = <usize>bRow << 2;
  const last = m - 1;
  for (let i = 0; i < m; i += 4) {
    const i1 = min(i + 1, last), i2 = min(i + 2, last), i3 = min(i + 3, last);
    let x0 = a + (<usize>(i * aRow) << 2), x1 = a + (<usize>(i1 * aRow) << 2);
    let x2 = a + (<usize>(i2 * aRow) << 2), x3 = a + (<usize>(i3 * aRow) << 2);
    let s00 = f64x2.splat(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
    let row = b;
    for (let left = k; left > 0; left--) {
      const y = v128.load(row);
      const lower = f64x2.promote_low_f32x4(y);
      const upper = promoteHigh(y);
      let x = f64x2.splat(<f64>load<f32>(x0));
      s00 = mulAdd64(x, lower, s00); s01 = mulAdd64(x, upper, s01);
      x = f64x2.splat(<f64>load<f32>(x1));
      s10 = mulAdd64(x, lower, s10); s11 = mulAdd64(x, upper, s11);
      x = f64x2.splat(<f64>load<f32>(x2));
      s20 = mulAdd64(x, lower, s20); s21 = mulAdd64(x, upper, s21);
      x = f64x2.splat(<f64>load<f32>(x3));
      s30 = mulAdd64(x, lower, s30); s31 = mulAdd64(x, upper, s31);
      x0 += 4; x1 += 4; x2 += 4; x3 += 4; row += bStep;
    }
    const c0 = c + (<usize>(i * cRow) << 2), c1 = c + (<usize>(i1 * cRow) << 2);
    const c2 = c + (<usize>(i2 * cRow) << 2), c3 = c + (<usize>(i3 * cRow) << 2);
    let r0 = rounded(s00, s01), r1 = rounded(s10, s11), r2 = rounded(s20, s21), r3 = rounded(s30, s31);
    if (accumulate) {
      r0 = f32x4.add(v128.load(c0), r0); r1 = f32x4.add(v128.load(c1), r1);
      r2 = f32x4.add(v128.load(c2), r2); r3 = f32x4.add(v128.load(c3), r3);
    }
    v128.store(c0, r0); v128.store(c1, r1); v128.store(c2, r2); v128.store(c3, r3);
  }
}

@inline
function rounded(lower: v128, upper: v128): v128 {
  return v128.shuffle<i32>(f32x4.demote_f64x2_zero(lower), f32x4.demote_f64x2_zero(upper), 0, 1, 4, 5);
}
