/** Which runs a tooltip shows, in which order, and where it stands. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Candidate, nearestRuns } from '../../../client/charts/nearest.js';
import { tooltipPlace } from '../../../client/runs/chart-tooltip.js';

/** Larger values stand higher, as on an axis. */
const candidates: (Candidate & { runId: string })[] = [0.1, 0.5, 0.2, 0.9, 0.3, 0.8, 0.4].map((value) => ({
  runId: `run-${value}`,
  value,
  topPx: 200 * (1 - value),
}));

describe('nearest runs', () => {
  it('are the few that pass nearest to the pointer, largest value first', () => {
    const { rows, more } = nearestRuns(candidates, 200 * (1 - 0.3), 3);
    expect(more).toBe(4);
    expect(rows.map(({ value }) => value)).toEqual([0.4, 0.3, 0.2]);
  });

  it('point at the nearest alone, and at none that is far', () => {
    expect(nearestRuns(candidates, 200 * (1 - 0.79), 6).pointed?.runId).toBe('run-0.8');
    expect(nearestRuns(candidates, 70, 6).pointed).toBeUndefined();
    expect(nearestRuns([], 10, 6)).toEqual({ rows: [], more: 0, pointed: undefined });
  });
});

describe('tooltip place', () => {
  const tooltip = { width: 180, height: 140 };

  it('never covers the cursor’s line and stays inside the window wherever there is room beside it', () => {
    const pointer = fc.record({ x: fc.integer({ min: 0, max: 1440 }), y: fc.integer({ min: 0, max: 980 }) });
    fc.assert(
      fc.property(pointer, (point) => {
        const { left, top } = tooltipPlace(point, tooltip, { width: 1440, height: 980 });
        expect(left > point.x || left + tooltip.width < point.x).toBe(true);
        expect(left).toBeGreaterThanOrEqual(0);
        expect(left + tooltip.width).toBeLessThanOrEqual(1440);
        expect(top).toBeGreaterThanOrEqual(0);
        expect(top + tooltip.height).toBeLessThanOrEqual(980);
      }),
    );
  });

  it('goes above the finger, else below, where a phone is too narrow for either side', () => {
    const phone = { width: 320, height: 800 };
    const above = tooltipPlace({ x: 160, y: 500 }, tooltip, phone);
    expect(above.top + tooltip.height).toBeLessThan(500);
    const below = tooltipPlace({ x: 160, y: 60 }, tooltip, phone);
    expect(below.top).toBeGreaterThan(60);
  });
});
