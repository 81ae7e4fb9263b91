/** Where the axis of a run that trains ends: it fits what there is, and seldom moves. */
import { describe, expect, it } from 'vitest';
import { epochBound, timeBound } from '../../../client/charts/axis-range.js';

describe('the end of an axis', () => {
  it('moves some twenty times in 100,000 epochs, and lines always reach half of it from the third epoch on', () => {
    const bounds = Array.from({ length: 100_001 }, (_, epoch) => epochBound(epoch, 100_000));
    expect(new Set(bounds).size).toBeLessThan(20);
    bounds.forEach((bound, epoch) => {
      if (bound < epoch || (epoch >= 3 && bound > 2 * epoch)) expect.fail(`ends at ${bound} at epoch ${epoch}`);
    });
    expect([0, 5, 6, 11, 31, 51, 999].map((epoch) => epochBound(epoch, 100_000))).toEqual([
      5, 5, 10, 20, 50, 100, 1000,
    ]);
  });

  it('is never beyond what will be trained', () => {
    expect([0, 3].map((epoch) => epochBound(epoch, 3))).toEqual([3, 3]);
    expect(epochBound(41, 50)).toBe(50);
    expect(epochBound(21, 25)).toBe(25);
  });

  it('stands at seconds, minutes, hours and days that read well', () => {
    expect([0.2, 4, 31, 61, 1801, 7201, 90_000].map(timeBound)).toEqual([1, 5, 60, 120, 3600, 10_800, 172_800]);
  });
});
