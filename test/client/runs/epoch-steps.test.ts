/** Where the scrubber stops, and how fast it walks. */
// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { epochSteps, stepOf, walkPace } from '../../../client/runs/epoch-reading.js';
import { testConfig } from '../../support/test-config.js';
import { testRun } from '../../support/test-run.js';

const run = (total: number, every: number) =>
  testRun('a', 's', { total, config: testConfig({ epochs: total, every }) });

describe('the scrubber’s steps', () => {
  it('are the epochs at which any shown run is measured, the full measurements among them', () => {
    expect(epochSteps([run(4, 1)])).toEqual([0, 1, 2, 3, 4]);
    expect(epochSteps([run(25, 10)])).toEqual([0, 10, 12, 20, 25]);
    expect(epochSteps([run(6, 3), run(8, 4)])).toEqual([0, 3, 4, 6, 8]);
    expect(epochSteps([run(0, 1)])).toEqual([0]);
    expect(epochSteps([])).toEqual([]);
  });

  it('are the first alone of a run of another program, which says nothing of when it measures', () => {
    const external = { ...run(4, 1), source: 'external' as const, total: null };
    expect(epochSteps([{ ...external, config: { every: 0 } }])).toEqual([0]);
  });

  it('are found by the last one up to an epoch', () => {
    const steps = [0, 10, 12, 20, 25];
    expect([0, 9, 10, 11.5, 12, 24, 25, 99].map((epoch) => stepOf(epoch, steps))).toEqual([0, 0, 1, 1, 2, 3, 4, 4]);
    expect(stepOf(3, [])).toBe(0);
  });
});

describe('a walk through training', () => {
  it('takes about eight seconds, less if there is little to see', () => {
    for (const steps of [3, 51, 101, 1001, 100_000]) {
      const { intervalMs, stride } = walkPace(steps, false);
      const seconds = (Math.ceil(steps / stride) * intervalMs) / 1000;
      expect(seconds).toBeLessThanOrEqual(8.1);
      if (steps > 50) expect(seconds).toBeGreaterThan(5);
    }
    expect(walkPace(51, false)).toEqual({ intervalMs: 8000 / 51, stride: 1 });
    expect(walkPace(3, false)).toEqual({ intervalMs: 400, stride: 1 });
  });

  it('shows six stills where less motion is asked for', () => {
    expect(walkPace(51, true)).toEqual({ intervalMs: 1500, stride: 10 });
    expect(walkPace(1, true).stride).toBe(1);
  });
});
