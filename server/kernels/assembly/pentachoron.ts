/**
 * Volumes of pentachora (4-simplices) spanned by five rows of a cloud.
 *
 * points: float32, rows `stride` floats apart, `columns` of each used. sets: (samples, 5) uint32 row numbers.
 * volumes: (samples) float64 ← √(det(G) / 576) with G the 4×4 Gram matrix of the edges p_k − p_0, all in float64;
 * NaN for a sample that is not valid. It is degenerate unless det(G) ≥ 1e-13·M⁴ and M > 0, M the largest of the ten
 * squared distances; valid when not degenerate and volume² > 1e-20.
 */
export function pentachoronVolumes(
  points: usize, stride: i32, columns: i32, sets: usize, samples: i32, volumes: usize,
): void {
  const rowBytes = <usize>stride << 2;
  for (let s = 0; s < samples; s++) {
    const set = sets + <usize>(s * 20);
    const p0 = points + <usize>load<u32>(set) * rowBytes;
    const p1 = points + <usize>load<u32>(set, 4) * rowBytes;
    const p2 = points + <usize>load<u32>(set, 8) * rowBytes;
    const p3 = points + <usize>load<u32>(set, 12) * rowBytes;
    const p4 = points + <usize>load<u32>(set, 16) * rowBytes;
    let s11 = f64x2.splat(0), s12 = s11, s13 = s11, s14 = s11, s22 = s11, s23 = s11, s24 = s11, s33 = s11, s34 = s11, s44 = s11;
    let at: usize = 0;
    for (const end = <usize>(columns & ~1) << 2; at < end; at += 8) {
      const origin = f64x2.promote_low_f32x4(v128.load64_zero(p0 + at));
      const e1 = f64x2.sub(f64x2.promote_low_f32x4(v128.load64_zero(p1 + at)), origin);
      const e2 = f64x2.sub(f64x2.promote_low_f32x4(v128.load64_zero(p2 + at)), origin);
      const e3 = f64x2.sub(f64x2.promote_low_f32x4(v128.load64_zero(p3 + at)), origin);
      const e4 = f64x2.sub(f64x2.promote_low_f32x4(v128.load64_zero(p4 + at)), origin);
      s11 = f64x2.add(s11, f64x2.mul(e1, e1));
      s12 = f64x2.add(s12, f64x2.mul(e1, e2));
      s13 = f64x2.add(s13, f64x2.mul(e1, e3));
      s14 = f64x2.add(s14, f64x2.mul(e1, e4));
      s22 = f64x2.add(s22, f64x2.mul(e2, e2));
      s23 = f64x2.add(s23, f64x2.mul(e2, e3));
      s24 = f64x2.add(s24, f64x2.mul(e2, e4));
      s33 = f64x2.add(s33, f64x2.mul(e3, e3));
      s34 = f64x2.add(s34, f64x2.mul(e3, e4));
      s44 = f64x2.add(s44, f64x2.mul(e4, e4));
    }
    let g11 = bothLanes(s11), g12 = bothLanes(s12), g13 = bothLanes(s13), g14 = bothLanes(s14), g22 = bothLanes(s22);
    let g23 = bothLanes(s23), g24 = bothLanes(s24), g33 = bothLanes(s33), g34 = bothLanes(s34), g44 = bothLanes(s44);
    if ((columns & 1) != 0) {
      const origin = <f64>load<f32>(p0 + at);
      const e1 = <f64>load<f32>(p1 + at) - origin, e2 = <f64>load<f32>(p2 + at) - origin;
      const e3 = <f64>load<f32>(p3 + at) - origin, e4 = <f64>load<f32>(p4 + at) - origin;
      g11 += e1 * e1; g12 += e1 * e2; g13 += e1 * e3; g14 += e1 * e4; g22 += e2 * e2;
      g23 += e2 * e3; g24 += e2 * e4; g33 += e3 * e3; g34 += e3 * e4; g44 += e4 * e4;
    }

    // |p_j − p_k|² = G_jj + G_kk − 2 G_jk for the six pairs without the origin.
    let longest = max(max(g11, g22), max(g33, g44));
    longest = max(longest, max(g11 + g22 - 2 * g12, g11 + g33 - 2 * g13));
    longest = max(longest, max(g11 + g44 - 2 * g14, g22 + g33 - 2 * g23));
    longest = max(longest, max(g22 + g44 - 2 * g24, g33 + g44 - 2 * g34));

    // Laplace expansion by the first two rows: six 2×2 minors of rows 1, 2 against those of rows 3, 4.
    const determinant =
      (g11 * g22 - g12 * g12) * (g33 * g44 - g34 * g34)
      - (g11 * g23 - g13 * g12) * (g23 * g44 - g34 * g24)
      + (g11 * g24 - g14 * g12) * (g23 * g34 - g33 * g24)
      + (g12 * g23 - g13 * g22) * (g13 * g44 - g34 * g14)
      - (g12 * g24 - g14 * g22) * (g13 * g34 - g33 * g14)
      + (g13 * g24 - g14 * g23) * (g13 * g24 - g23 * g14);

    const squared = determinant / 576;
    const genuine = longest > 0 && longest < Infinity && determinant >= 1e-13 * longest * longest * longest * longest;
    store<f64>(volumes + (<usize>s << 3), genuine && squared > 1e-20 ? Math.sqrt(squared) : NaN);
  }
}

@inline
function bothLanes(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}
