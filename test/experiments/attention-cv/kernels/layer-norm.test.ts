import { describe, expect, it } from 'vitest';
import { deviation, KernelBench } from '../../../support/kernel-bench.js';

/** Of a row, in the kernels' memory. */
const widthOf = (dim: number): number => Math.ceil(dim / 8) * 8;
const mean = (values: number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

function normalised(row: number[]): { xHat: number[]; rstd: number } {
  const centre = mean(row);
  const rstd = 1 / Math.sqrt(mean(row.map((v) => (v - centre) ** 2)) + 1e-5);
  return { xHat: row.map((v) => (v - centre) * rstd), rstd };
}

describe('LayerNorm', () => {
  it.each([1, 3, 8, 30, 256])('normalises a row of %i with the biased variance, as float64 does', (dim) => {
    const wide = widthOf(dim);
    const bench = new KernelBench([wide]);
    const row = bench.place(1, dim, wide);
    // A mean far from zero: padding must not leak into the variance.
    for (let j = 0; j < dim; j++) row.values[j] = row.values[j]! + 5;
    const expected = normalised(Array.from(row.values.subarray(0, dim)));
    const rstd = bench.kernels.normalise(row.region.pointer, dim, wide);
    expect(deviation([rstd], [expected.rstd])).toBeLessThan(2e-6);
    expect(deviation(row.values.subarray(0, dim), expected.xHat)).toBeLessThan(5e-6);
    expect(row.values.subarray(dim).every((v) => v === 0)).toBe(true);
  });

  it.each([2, 7, 32])('has the gradient of float64 central differences for a row of %i', (dim) => {
    const wide = widthOf(dim);
    const bench = new KernelBench([wide, wide, wide]);
    const [x, g, dx] = [bench.place(1, dim, wide), bench.place(1, dim, wide), bench.place(1, dim, wide)];
    const start = Array.from(x.values.subarray(0, dim));
    const upstream = Array.from(g.values.subarray(0, dim));
    const loss = (row: number[]): number => normalised(row).xHat.reduce((sum, v, j) => sum + v * upstream[j]!, 0);
    const step = 1e-6;
    const expected = start.map((_, j) => {
      const moved = (by: number): number => loss(start.map((v, k) => (k === j ? v + by : v)));
      return (moved(step) - moved(-step)) / (2 * step);
    });
    const { kernels } = bench;
    const rstd = kernels.normalise(x.region.pointer, dim, wide);
    const pointers = [dx.region.pointer, x.region.pointer, g.region.pointer] as const;
    kernels.normaliseGradient(pointers[0], pointers[1], rstd, pointers[2], mean(upstream), dim, wide);
    expect(deviation(dx.values.subarray(0, dim), expected)).toBeLessThan(2e-5);
  });
});
