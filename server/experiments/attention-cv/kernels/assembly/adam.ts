import { mulAdd } from './lanes';

/**
 * One step of Adam over a flat vector, as PyTorch's CPU loop orders it:
 *   m += (1 − β₁)(g − m);  v = β₂ v + (1 − β₂) g²;  θ −= stepSize · m / (√v / rootBias2 + ε)
 * with stepSize = lr / (1 − β₁ᵗ), rootBias2 = √(1 − β₂ᵗ), β₁ 0.9, β₂ 0.999, ε 1e-8. All four are `count` floats, a
 * multiple of 4; their padding is 0 and stays so.
 */
export function adam(count: i32, theta: usize, m: usize, v: usize, g: usize, stepSize: f32, rootBias2: f32): void {
  // Written out: 1 − 0.999 worked out in float32 is wrong in its fifth digit.
  const oneMinusBeta1 = f32x4.splat(0.1);
  const beta2 = f32x4.splat(0.999);
  const oneMinusBeta2 = f32x4.splat(0.001);
  const epsilon = f32x4.splat(1e-8);
  const step = f32x4.splat(stepSize);
  const root = f32x4.splat(rootBias2);
  for (let at: usize = 0, end = <usize>count << 2; at < end; at += 16) {
    const gradient = v128.load(g + at);
    const m0 = v128.load(m + at);
    const m1 = mulAdd(oneMinusBeta1, f32x4.sub(gradient, m0), m0);
    const v1 = f32x4.add(
      f32x4.mul(v128.load(v + at), beta2),
      f32x4.mul(oneMinusBeta2, f32x4.mul(gradient, gradient)),
    );
    v128.store(m + at, m1);
    v128.store(v + at, v1);
    const denominator = f32x4.add(f32x4.div(f32x4.sqrt(v1), root), epsilon);
    v128.store(theta + at, f32x4.sub(v128.load(theta + at), f32x4.mul(step, f32x4.div(m1, denominator))));
  }
}
