import { describe, expect, it } from 'vitest';
import { axisRange, epochBound } from '../../../client/charts/axis-range.js';
import { linearTicks } from '../../../client/charts/ticks.js';

describe('the range of an axis', () => {
  it('fits CVs with some air, and does not blow rounding up into movement', () => {
    const [low, high] = axisRange('linear', 0.1, 0.2);
    expect(low).toBeCloseTo(0.092, 6);
    expect(high).toBeCloseTo(0.208, 6);
    const [flatLow, flatHigh] = axisRange('linear', 0.2, 0.2000001);
    expect(flatHigh - flatLow).toBeGreaterThan(0.001);
  });

  it('shows nothing but zeros as a line near the foot, with ticks above it', () => {
    const [low, high] = axisRange('linear', 0, 0);
    expect(low).toBeLessThan(0);
    expect(linearTicks(low, high).filter((tick) => tick >= 0).length).toBeGreaterThanOrEqual(2);
  });

  it('stays positive on a log axis', () => {
    const [low, high] = axisRange('log', 0.003, 2.3);
    expect(low).toBeGreaterThan(0);
    expect(low).toBeLessThan(0.003);
    expect(high).toBeGreaterThan(2.3);
  });

  it('of epochs ends at the next round place, among the first whole ones at 5, and in parts of one where they are such', () => {
    expect([0, 5, 6, 60].map((last) => epochBound(last, Infinity))).toEqual([5, 5, 10, 100]);
    expect([0.004, 0.21, 0.8, 1.5, 12.5].map((last) => epochBound(last, Infinity, false))).toEqual([
      ...[0.005, 0.3, 1, 2, 20],
    ]);
    expect(epochBound(0.8, 0.9, false)).toBe(0.9);
    expect(epochBound(-0.5, Infinity, false)).toBe(0);
  });

  it('is there before any data', () => {
    expect(axisRange('linear', null, null)).toEqual([0, 1]);
    expect(axisRange('log', null, null)).toEqual([0.1, 10]);
  });
});
