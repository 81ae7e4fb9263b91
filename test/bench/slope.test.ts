/** The line through measurements, by hand. */
import { describe, expect, it } from 'vitest';
import { quantile, slopeOf } from './page/slope.js';

describe('the slope of measurements', () => {
  it('is that of least squares, with its standard error', () => {
    const exact = [0, 1, 2, 5].map((x) => ({ x, y: 3 + 2 * x }));
    expect(slopeOf(exact)).toEqual({ slope: 2, standardError: 0 });
    // Residuals ∓1/3, ±2/3, ∓1/3 around slope 1.5: √((6/9) / 1 / 2).
    const { slope, standardError } = slopeOf([
      { x: 0, y: 0 },
      { x: 1, y: 2.5 },
      { x: 2, y: 3 },
    ]);
    expect(slope).toBeCloseTo(1.5, 12);
    expect(standardError).toBeCloseTo(Math.sqrt(6 / 9 / 1 / 2), 12);
    expect(slopeOf(exact.slice(0, 2)).standardError).toBeNull();
  });

  it('and a quantile is the value below which a share lies', () => {
    const values = [5, 1, 4, 2, 3];
    expect([0.2, 0.5, 0.95, 1].map((share) => quantile(values, share))).toEqual([1, 3, 5, 5]);
    expect(quantile([], 0.5)).toBeNaN();
  });
});
