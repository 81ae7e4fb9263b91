import { describe, expect, it } from 'vitest';
import { deviation, KernelBench } from '../../../support/kernel-bench.js';

const lanes = (n: number): number => Math.ceil(n / 4) * 4;

describe('multiply', () => {
  it.each([
    [1, 4, 1],
    [3, 4, 2],
    [5, 12, 7],
    [8, 8, 8],
    [9, 36, 64],
  ])('is A·B, C + A·B and Aᵀ·B in float64 for m %i, n %i, k %i', (m, n, k) => {
    for (const transposed of [false, true]) {
      for (const accumulate of [false, true]) {
        const bench = new KernelBench([m * k, k * n, m * n]);
        const [a, b, c] = [bench.place(m, k), bench.place(k, n), bench.place(m, n)];
        const [rowStride, columnStride] = transposed ? [1, m] : [k, 1];
        const expected = Float64Array.from({ length: m * n }, (_, at) => {
          const [i, j] = [Math.floor(at / n), at % n];
          let total = accumulate ? c.values[at]! : 0;
          for (let p = 0; p < k; p++) total += a.values[i * rowStride + p * columnStride]! * b.values[p * n + j]!;
          return total;
        });
        const pointers = [a.region.pointer, b.region.pointer, c.region.pointer] as const;
        bench.kernels.multiply(
          m,
          n,
          k,
          pointers[0],
          rowStride,
          columnStride,
          pointers[1],
          n,
          pointers[2],
          n,
          accumulate,
        );
        expect(deviation(c.values, expected)).toBeLessThan(3e-6);
      }
    }
  });
});

describe('multiplyTransposed', () => {
  it.each([
    [1, 1, 4],
    [2, 3, 4],
    [7, 5, 12],
    [8, 8, 256],
    [5, 13, 8],
  ])('is scale·A·Bᵀ in float64 for m %i, n %i, k %i', (m, n, k) => {
    const wide = lanes(n);
    const bench = new KernelBench([m * k, n * k, m * wide]);
    const [a, b, c] = [bench.place(m, k), bench.place(n, k), bench.place(m, wide)];
    bench.kernels.multiplyTransposed(m, n, k, 0.25, a.region.pointer, k, b.region.pointer, k, c.region.pointer, wide);
    for (let i = 0; i < m; i++) {
      const expected = Array.from({ length: n }, (_, j) => {
        let total = 0;
        for (let p = 0; p < k; p++) total += a.values[i * k + p]! * b.values[j * k + p]!;
        return 0.25 * total;
      });
      expect(deviation(c.values.subarray(i * wide, i * wide + n), expected)).toBeLessThan(3e-6);
    }
  });
});

describe('multiplyPanels', () => {
  it.each([
    [1, 4, 4],
    [5, 12, 8],
    [9, 20, 388],
    [3, 8, 1000],
  ])('is A·B and C + A·Bᵀ in float64 for m %i, n %i, k %i, exact or not', (m, n, k) => {
    for (const [transposed, exact] of [false, true].flatMap((one) => [[one, false] as const, [one, true] as const])) {
      const bench = new KernelBench([m * k, k * n, m * n, 384 * 8]);
      const [a, b, c] = [bench.place(m, k), bench.place(transposed ? n : k, transposed ? k : n), bench.place(m, n)];
      const panel = bench.place(0, 0);
      const expected = Float64Array.from({ length: m * n }, (_, at) => {
        const [i, j] = [Math.floor(at / n), at % n];
        let total = transposed ? c.values[at]! : 0;
        for (let p = 0; p < k; p++) total += a.values[i * k + p]! * b.values[transposed ? j * k + p : p * n + j]!;
        return total;
      });
      const [from, by, to] = [a.region.pointer, b.region.pointer, c.region.pointer];
      const bRow = transposed ? k : n;
      bench.kernels.multiplyPanels(
        m,
        n,
        k,
        from,
        k,
        by,
        bRow,
        transposed,
        to,
        n,
        transposed,
        panel.region.pointer,
        exact,
      );
      expect(deviation(c.values, expected)).toBeLessThan(exact ? 1e-6 : 2e-5);
    }
  });
});
