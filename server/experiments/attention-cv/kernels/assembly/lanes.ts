// Four float32 lanes at a time. Every row width that a kernel walks is a multiple of 4, its padding zero. Inner loops
// advance their addresses and count down: what could be worked out from a loop's surroundings, V8 works out at every turn.

/**
 * a · b + c, rounded once where the processor has such an instruction (x86-64 since 2013, arm64), else twice; so the last
 * bits of a run are its processor's.
 */
@inline
export function mulAdd(a: v128, b: v128, c: v128): v128 {
  return f32x4.relaxed_madd(a, b, c);
}

/** Whether `mulAdd` rounds once: asked with x = 1 + 2⁻¹², whose square has one bit too many for float32. */
export function isFused(x: f32): bool {
  const v = f32x4.splat(x);
  return f32x4.extract_lane(mulAdd(v, v, f32x4.splat(-(x * x))), 0) != 0;
}

/** c − a · b, rounded like `mulAdd`. */
@inline
export function subMul(a: v128, b: v128, c: v128): v128 {
  return f32x4.relaxed_nmadd(a, b, c);
}

/** `mulAdd` of two float64 lanes. */
@inline
export function mulAdd64(a: v128, b: v128, c: v128): v128 {
  return f64x2.relaxed_madd(a, b, c);
}

/** The upper two lanes in float64. */
@inline
export function promoteHigh(v: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i32>(v, v, 2, 3, 0, 1));
}

/** Sum of the four lanes. */
@inline
export function sumLanes(v: v128): f32 {
  const pairs = f32x4.add(v, v128.shuffle<i32>(v, v, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

/** [Σa, Σb, Σc, Σd]: four horizontal sums with six shuffles. */
@inline
export function sumFour(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<i32>(ab, cd, 0, 1, 4, 5), v128.shuffle<i32>(ab, cd, 2, 3, 6, 7));
}

/** eˣ for x ≤ 0 to about one unit in the last place; below −87 it is 0. Cephes' expf: x = n·ln 2 + r. */
@inline
export function expLanes(x: v128): v128 {
  const negligible = f32x4.lt(x, f32x4.splat(-87));
  const n = f32x4.nearest(f32x4.mul(f32x4.max(x, f32x4.splat(-87)), f32x4.splat(1.44269504088896341)));
  let r = f32x4.max(x, f32x4.splat(-87));
  r = subMul(n, f32x4.splat(0.693359375), r);
  r = mulAdd(n, f32x4.splat(2.12194440e-4), r);
  let y = f32x4.splat(1.9875691500e-4);
  y = mulAdd(y, r, f32x4.splat(1.3981999507e-3));
  y = mulAdd(y, r, f32x4.splat(8.3334519073e-3));
  y = mulAdd(y, r, f32x4.splat(4.1665795894e-2));
  y = mulAdd(y, r, f32x4.splat(1.6666665459e-1));
  y = mulAdd(y, r, f32x4.splat(5.0000001201e-1));
  y = f32x4.add(mulAdd(f32x4.mul(y, r), r, r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return v128.andnot(f32x4.mul(y, power), negligible);
}

/** Adds source[0..count) to both targets, one after the other; `count` is a multiple of 4. */
@inline
export function addRowToBoth(first: usize, second: usize, source: usize, count: i32): void {
  for (; count > 0; count -= 4) {
    const x = v128.load(source);
    v128.store(first, f32x4.add(v128.load(first), x));
    v128.store(second, f32x4.add(v128.load(second), x));
    first += 16; second += 16; source += 16;
  }
}

/** target[0..count) += source[0..count); `count` is a multiple of 4. */
@inline
export function addRow(target: usize, source: usize, count: i32): void {
  for (; count > 0; count -= 4) {
    v128.store(target, f32x4.add(v128.load(target), v128.load(source)));
    target += 16; source += 16;
  }
}

/** target[0..count) += source[0..count), which becomes 0; `count` is a multiple of 4. */
export function moveRow(target: usize, source: usize, count: i32): void {
  for (; count > 0; count -= 4) {
    v128.store(target, f32x4.add(v128.load(target), v128.load(source)));
    v128.store(source, f32x4.splat(0));
    target += 16; source += 16;
  }
}
