import { mulAdd64 } from './lanes';

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
    let p0 = points + <usize>load<u32>(set) * rowBytes;
    let p1 = points + <usize>load<u32>(set, 4) * rowBytes;
    let p2 = points + <usize>load<u32>(set, 8) * rowBytes;
    let p3 = points + <usize>load<u32>(set, 12) * rowBytes;
    let p4 = points + <usize>load<u32>(set, 16) * rowBytes;
    let s11 = f64x2.splat(0), s12 = s11, s13 = s11, s14 = s11, s22 = s11, s23 = s11, s24 = s11, s33 = s11, s34 = s11, s44 = s11;
    for (let left = columns; left > 1; left -= 2) {
      const origin = f64x2.promote_low_f32x4(v128.load64_zero(p0));
      const e1 = f64x2.sub(f64x2.promote_low_f32x4(v128.load64_zero(p1)), origin);
      const e2 = f64x2.sub(f64x2.promote_low_f32x4(v128.load64_zero(p2)), origin);
      const e3 = f64x2.sub(f64x2.promote_low_f32x4(v128.load64_zero(p3)), origin);
      const e4 = f64x2.sub(f64x2.promote_low_f32x4(v128.load64_zero(p4)), origin);
      s11 = mulAdd64(e1, e1, s11);
      s12 = mulAdd64(e1, e2, s12);
      s13 = mulAdd64(e1, e3, s13);
      s14 = mulAdd64(e1, e4, s14);
      s22 = mulAdd64(e2, e2, s22);
      s23 = mulAdd64(e2, e3, s23);
      s24 = mulAdd64(e2, e4, s24);
      s33 = mulAdd64(e3, e3, s33);
      s34 = mulAdd64(e3, e4, s34);
      s44 = mulAdd64(e4, e4, s44);
      p0 += 8; p1 += 8; p2 += 8; p3 += 8; p4 += 8;
    }
    let g11 = bothLanes(s11), g12 = bothLanes(s12), g13 = bothLanes(s13), g14 = bothLanes(s14), g22 = bothLanes(s22);
    let g23 = bothLanes(s23), g24 = bothLanes(s24), g33 = bothLanes(s33), g34 = bothLanes(s34), g44 = bothLanes(s44);
    if ((columns & 1) != 0) {
      const origin = <f64>load<f32>(p0);
      const e1 = <f64>load<f32>(p1) - origin, e2 = <f64>load<f32>(p2) - origin;
      const e3 = <f64>load<f32>(p3) - origin, e4 = <f64>load<f32>(p4) - origin;
      g11 += e1 * e1; g12 += e1 * e2; g13 += e1 * e3; g14 += e1 * e4; g22 += e2 * e2;
      g23 += e2 * e3; g24 += e2 * e4; g33 += e3 * e3; g34 += e3 * e4; g44 += e4 * e4;
    }

    store<f64>(
      volumes + (<usize>s << 3), volumeOf(g11, g12, g13, g14, g22, g23, g24, g33, g34, g44),
    );
  }
}

/**
 * The same from the products of all edges from row 0, worked out once, however many samples need them: it pays for a
 * cloud of few rows. scratch: float64, (rows, columns rounded up to 2) and (rows, rows).
 */
export function pentachoronVolumesByGram(
  points: usize, stride: i32, rows: i32, columns: i32, sets: usize, samples: i32, scratch: usize, volumes: usize,
): void {
  const wide = (columns + 1) & ~1;
  const gram = scratch + (<usize>(rows * wide) << 3);
  edgesFromFirst(points, stride, rows, columns, scratch);
  gramMatrix(scratch, rows, wide, gram);
  for (let s = 0; s < samples; s++) {
    const set = sets + <usize>(s * 20);
    const i0 = load<i32>(set), i1 = load<i32>(set, 4), i2 = load<i32>(set, 8);
    const i3 = load<i32>(set, 12), i4 = load<i32>(set, 16);
    const r0 = gram + (<usize>(i0 * rows) << 3), r1 = gram + (<usize>(i1 * rows) << 3);
    const r2 = gram + (<usize>(i2 * rows) << 3), r3 = gram + (<usize>(i3 * rows) << 3);
    const r4 = gram + (<usize>(i4 * rows) << 3);
    // (p_j − p₀)·(p_k − p₀) = x_jk − x_0j − x_0k + x_00
    const x00 = product(r0, i0), x01 = product(r0, i1), x02 = product(r0, i2);
    const x03 = product(r0, i3), x04 = product(r0, i4);
    const y1 = x01 - x00, y2 = x02 - x00, y3 = x03 - x00, y4 = x04 - x00;
    store<f64>(
      volumes + (<usize>s << 3),
      volumeOf(
        product(r1, i1) - x01 - y1, product(r1, i2) - x01 - y2, product(r1, i3) - x01 - y3, product(r1, i4) - x01 - y4,
        product(r2, i2) - x02 - y2, product(r2, i3) - x02 - y3, product(r2, i4) - x02 - y4,
        product(r3, i3) - x03 - y3, product(r3, i4) - x03 - y4,
        product(r4, i4) - x04 - y4,
      ),
    );
  }
}

@inline
function product(row: usize, column: i32): f64 {
  return load<f64>(row + (<usize>column << 3));
}

/** edges (rows, columns rounded up to 2) float64: each row less row 0; an odd number of columns is padded with 0. */
function edgesFromFirst(points: usize, stride: i32, rows: i32, columns: i32, edges: usize): void {
  for (let i = 0; i < rows; i++) {
    let row = points + (<usize>(i * stride) << 2), origin = points, left = columns;
    for (; left > 1; left -= 2) {
      const from = f64x2.promote_low_f32x4(v128.load64_zero(origin));
      v128.store(edges, f64x2.sub(f64x2.promote_low_f32x4(v128.load64_zero(row)), from));
      row += 8; origin += 8; edges += 16;
    }
    if (left == 1) {
      store<f64>(edges, <f64>load<f32>(row) - <f64>load<f32>(origin));
      store<f64>(edges, 0, 8);
      edges += 16;
    }
  }
}

/** gram (rows, rows) = E Eᵀ, E (rows, wide): blocks of two rows against four, those not below the diagonal, mirrored. */
function gramMatrix(edges: usize, rows: i32, wide: i32, gram: usize): void {
  const last = rows - 1;
  for (let i = 0; i < rows; i += 2) {
    const i1 = min(i + 1, last);
    for (let j = i & ~3; j < rows; j += 4) {
      const j1 = min(j + 1, last), j2 = min(j + 2, last), j3 = min(j + 3, last);
      let a = edges + (<usize>(i * wide) << 3), b = edges + (<usize>(i1 * wide) << 3);
      let c = edges + (<usize>(j * wide) << 3), d = edges + (<usize>(j1 * wide) << 3);
      let e = edges + (<usize>(j2 * wide) << 3), f = edges + (<usize>(j3 * wide) << 3);
      let ac = f64x2.splat(0), ad = ac, ae = ac, af = ac, bc = ac, bd = ac, be = ac, bf = ac;
      for (let left = wide; left > 0; left -= 2) {
        const x = v128.load(a), y = v128.load(b);
        let z = v128.load(c);
        ac = mulAdd64(x, z, ac); bc = mulAdd64(y, z, bc);
        z = v128.load(d);
        ad = mulAdd64(x, z, ad); bd = mulAdd64(y, z, bd);
        z = v128.load(e);
        ae = mulAdd64(x, z, ae); be = mulAdd64(y, z, be);
        z = v128.load(f);
        af = mulAdd64(x, z, af); bf = mulAdd64(y, z, bf);
        a += 16; b += 16; c += 16; d += 16; e += 16; f += 16;
      }
      mirrored(gram, rows, i, j, ac); mirrored(gram, rows, i, j1, ad);
      mirrored(gram, rows, i, j2, ae); mirrored(gram, rows, i, j3, af);
      mirrored(gram, rows, i1, j, bc); mirrored(gram, rows, i1, j1, bd);
      mirrored(gram, rows, i1, j2, be); mirrored(gram, rows, i1, j3, bf);
    }
  }
}

@inline
function mirrored(gram: usize, rows: i32, i: i32, j: i32, lanes: v128): void {
  const value = bothLanes(lanes);
  store<f64>(gram + (<usize>(i * rows + j) << 3), value);
  store<f64>(gram + (<usize>(j * rows + i) << 3), value);
}

/** √(det(G) / 576) of the edges' Gram matrix, NaN where it is not valid. */
@inline
function volumeOf(
  g11: f64, g12: f64, g13: f64, g14: f64, g22: f64, g23: f64, g24: f64, g33: f64, g34: f64, g44: f64,
): f64 {
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
  return genuine && squared > 1e-20 ? Math.sqrt(squared) : NaN;
}

@inline
function bothLanes(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}
