import { expect, it } from 'vitest';
import { deviation, KernelBench } from '../../../support/kernel-bench.js';

it('adam makes the steps of the float64 formula, bias correction included', () => {
  const count = 12;
  const bench = new KernelBench([count, count, count, count]);
  const [theta, m, v, g] = [0, 1, 2, 3].map(() => bench.place(1, count)) as [
    ReturnType<KernelBench['place']>,
    ReturnType<KernelBench['place']>,
    ReturnType<KernelBench['place']>,
    ReturnType<KernelBench['place']>,
  ];
  m.values.fill(0);
  v.values.fill(0);
  g.values[3] = 0;
  g.values[4] = 1e-6;
  const reference = { theta: Float64Array.from(theta.values), m: new Float64Array(count), v: new Float64Array(count) };
  for (let t = 1; t <= 20; t++) {
    const stepSize = 1e-2 / (1 - 0.9 ** t);
    const rootBias2 = Math.sqrt(1 - 0.999 ** t);
    const pointers = [theta, m, v, g].map((placed) => placed.region.pointer) as [number, number, number, number];
    bench.kernels.adam(count, ...pointers, stepSize, rootBias2);
    for (let i = 0; i < count; i++) {
      reference.m[i] = 0.9 * reference.m[i]! + 0.1 * g.values[i]!;
      reference.v[i] = 0.999 * reference.v[i]! + 0.001 * g.values[i]! ** 2;
      const denominator = Math.sqrt(reference.v[i]!) / rootBias2 + 1e-8;
      reference.theta[i] = reference.theta[i]! - (stepSize * reference.m[i]!) / denominator;
    }
    expect(deviation(theta.values, reference.theta)).toBeLessThan(1e-6);
    expect(deviation(v.values, reference.v)).toBeLessThan(1e-6);
  }
});
