import { describe, expect, it } from 'vitest';
import { Generator } from '../../../server/experiments/attention-cv/random.js';
import { movement, standardError, volumeStatistics } from '../../../server/experiments/attention-cv/statistics.js';

function volumes(seed: number, n = 300): Float64Array {
  const normals = new Float32Array(n);
  new Generator(seed).normal(normals);
  return Float64Array.from(normals, (z) => Math.exp(0.3 * z));
}

describe('volumeStatistics', () => {
  it('is the unbiased deviation over the mean of the valid volumes', () => {
    const values = Float64Array.of(NaN, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    const { cv, valid } = volumeStatistics(values);
    expect(valid).toBe(10);
    expect(cv).toBeCloseTo(Math.sqrt(82.5 / 9) / 5.5, 8);
  });

  it('has no value with fewer than ten valid volumes, and then no error and no movement', () => {
    const few = Float64Array.from({ length: 300 }, (_, i) => (i < 9 ? i + 1 : NaN));
    expect(volumeStatistics(few)).toMatchObject({ cv: null, valid: 9 });
    expect(standardError(few)).toBeNull();
    expect(movement(few, volumes(1))).toBeNull();
    expect(movement(volumes(1), few)).toBeNull();
  });
});

describe('standardError', () => {
  it('is what the bootstrap gives, within its own noise', () => {
    const values = volumes(3);
    const generator = new Generator(9);
    const resampled = Array.from(
      { length: 4000 },
      () => volumeStatistics(values.map(() => values[generator.below(values.length)]!)).cv!,
    );
    const mean = resampled.reduce((sum, cv) => sum + cv, 0) / resampled.length;
    const deviation = Math.sqrt(resampled.reduce((sum, cv) => sum + (cv - mean) ** 2, 0) / (resampled.length - 1));
    expect(standardError(values)! / deviation).toBeGreaterThan(0.93);
    expect(standardError(values)! / deviation).toBeLessThan(1.07);
  });

  it('is 0 when all volumes are equal', () => {
    expect(standardError(new Float64Array(20).fill(2))).toBe(0);
  });
});

describe('movement', () => {
  it('is 0 ± 0 against itself', () => {
    expect(movement(volumes(4), volumes(4))).toEqual({ movement: 0, movementSe: 0 });
  });

  it('is far surer than two measurements apart, because what the samples share cancels', () => {
    const before = volumes(5);
    const now = before.map((v, i) => v * (1 + 0.001 * (i % 3)));
    const { movementSe } = movement(now, before)!;
    expect(movementSe! * 20).toBeLessThan(standardError(before)!);
  });

  it('has no error when fewer than two samples are valid at both', () => {
    const first = volumes(6, 40).map((v, i) => (i < 20 ? v : NaN));
    const second = volumes(6, 40).map((v, i) => (i >= 19 ? v : NaN));
    const moved = movement(second, first)!;
    expect(Number.isFinite(moved.movement)).toBe(true);
    expect(moved.movementSe).toBeNull();
  });
});
