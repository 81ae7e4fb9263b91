/**
 * The normal transform of PyTorch's CPU generator for blocks of 16, with its own single-precision logarithm, sine
 * and cosine (Cephes polynomials as vectorised in avx_mathfun) and the compiler's fused multiply-adds. The last bits
 * matter: the initial weights are compared by hash.
 */
import { fma32 } from './fma32.js';

const f = Math.fround;
const bits = new Float32Array(1);
const word = new Uint32Array(bits.buffer);

const SQRT_HALF = f(0.70710678118654752);
const TWO_PI = f(2 * Math.PI);
const LOG_POLYNOMIAL = [
  7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
  2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
].map(f);
const LOG_Q1 = f(-2.1219444e-4);
const LOG_Q2 = f(0.693359375);
const FOUR_OVER_PI = f(1.27323954473516);
const REDUCE = [-0.78515625, -2.4187564849853515625e-4, -3.77489497744594108e-8].map(f) as [number, number, number];
const COS = [2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2].map(f) as [number, number, number];
const SIN = [-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1].map(f) as [number, number, number];

/** ln(x) for float32 x in (0, 1]. */
function log32(x: number): number {
  bits[0] = x;
  let exponent = (word[0]! >>> 23) - 126;
  word[0] = (word[0]! & 0x007fffff) | 0x3f000000;
  const mantissa = bits[0];
  let r = f(mantissa - 1);
  if (mantissa < SQRT_HALF) {
    exponent -= 1;
    r = f(r + mantissa);
  }
  const z = f(r * r);
  let y = LOG_POLYNOMIAL[0]!;
  for (let k = 1; k < 9; k++) y = fma32(y, r, LOG_POLYNOMIAL[k]!);
  y = f(y * r);
  y = fma32(y, z, f(exponent * LOG_Q1));
  y = fma32(-z, 0.5, y);
  return fma32(exponent, LOG_Q2, f(r + y));
}

/** [sin t, cos t] for float32 t ≥ 0. */
function sinCos32(t: number): [number, number] {
  const octant = (Math.trunc(f(t * FOUR_OVER_PI)) + 1) & ~1;
  let x = fma32(octant, REDUCE[0], t);
  x = fma32(octant, REDUCE[1], x);
  x = fma32(octant, REDUCE[2], x);
  const z = f(x * x);
  let c = fma32(COS[0], z, COS[1]);
  c = fma32(c, z, COS[2]);
  c = f(c * z);
  c = fma32(c, z, -f(0.5 * z));
  c = f(c + 1);
  let s = fma32(SIN[0], z, SIN[1]);
  s = fma32(s, z, SIN[2]);
  s = f(s * z);
  s = fma32(s, x, x);
  let [sin, cos] = (octant & 2) !== 0 ? [c, s] : [s, c];
  if ((octant & 4) !== 0) sin = -sin;
  if (((octant - 2) & 4) === 0) cos = -cos;
  return [sin, cos];
}

/** Turns the 16 uniforms at `offset` into 16 normals, in place: 0–7 the radii, 8–15 the angles. */
export function normalBlock(values: Float32Array, offset: number, mean: number, std: number): void {
  for (let j = offset; j < offset + 8; j++) {
    const radius = f(Math.sqrt(f(-2 * log32(f(1 - values[j]!)))));
    const [sin, cos] = sinCos32(f(TWO_PI * values[j + 8]!));
    values[j] = fma32(f(radius * cos), std, mean);
    values[j + 8] = fma32(f(radius * sin), std, mean);
  }
}
