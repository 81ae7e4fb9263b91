import { describe, expect, it } from 'vitest';
import { deviation, KernelBench } from '../../../support/kernel-bench.js';

const lanes = (n: number): number => Math.ceil(n / 4) * 4;

function softmax(row: ArrayLike<number>): number[] {
  const values = Array.from(row);
  const largest = Math.max(...values);
  const exponentials = values.map((v) => Math.exp(v - largest));
  const total = exponentials.reduce((sum, e) => sum + e, 0);
  return exponentials.map((e) => e / total);
}

describe('softmaxRows', () => {
  it.each([1, 2, 4, 7, 64])('is the softmax of %i columns in float64, its padding 0', (columns) => {
    const wide = lanes(columns);
    const rows = 5;
    const bench = new KernelBench([rows * wide]);
    const scores = bench.place(rows, wide);
    scores.values.forEach((v, i) => (scores.values[i] = v * 20));
    scores.values[0] = -1000;
    const before = scores.values.slice();
    bench.kernels.softmaxRows(rows, columns, scores.region.pointer, wide);
    for (let i = 0; i < rows; i++) {
      const row = scores.values.subarray(i * wide, (i + 1) * wide);
      expect(deviation(row.subarray(0, columns), softmax(before.subarray(i * wide, i * wide + columns)))).toBeLessThan(
        5e-7,
      );
      expect(row.subarray(columns).every((v) => v === 0)).toBe(true);
    }
  });
});

describe('softmaxGradient', () => {
  it.each([1, 3, 8, 13])('is the gradient through the softmax and its scale for %i columns', (columns) => {
    const wide = lanes(columns);
    const rows = 3;
    const bench = new KernelBench([rows * wide, rows * wide]);
    const a = bench.place(rows, columns, wide);
    const dA = bench.place(rows, wide);
    bench.kernels.softmaxRows(rows, columns, a.region.pointer, wide);
    const upstream = dA.values.slice();
    bench.kernels.softmaxGradient(rows, columns, 0.5, a.region.pointer, dA.region.pointer, wide);
    for (let i = 0; i < rows; i++) {
      const p = Array.from(a.values.subarray(i * wide, i * wide + columns));
      const d = Array.from(upstream.subarray(i * wide, i * wide + columns));
      const inner = p.reduce((sum, value, j) => sum + value * d[j]!, 0);
      const expected = p.map((value, j) => 0.5 * value * (d[j]! - inner));
      expect(deviation(dA.values.subarray(i * wide, i * wide + columns), expected)).toBeLessThan(1e-6);
    }
  });
});
