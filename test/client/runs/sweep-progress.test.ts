/** What the panel says about a sweep as a whole. */
import { describe, expect, it } from 'vitest';
import { countsLine, sweepEnd, sweepProgress, sweepsLeft } from '../../../client/runs/sweep-progress.js';
import { REFERENCE } from '../../../shared/experiments/attention-cv/reference.js';
import type { Run, RunStatus } from '../../../shared/run.js';
import { testConfig } from '../../support/test-config.js';
import { testRun } from '../../support/test-run.js';

function run(status: RunStatus, step: number, seconds = 0, dim = 64, fields: Partial<Run> = {}): Run {
  const config = { ...testConfig(), ...REFERENCE, dim, heads: 1, headDim: dim, seed: 42, lr: 0.001 };
  const id = `${status}-${step}-${dim}-${seconds}`;
  return { ...testRun(id, 's'), status, step, total: 50, seconds, config, ...fields };
}

describe('sweep progress', () => {
  it('is the trained share of all epochs; what an ended run never reached does not count', () => {
    expect(sweepProgress([run('completed', 50), run('running', 25), run('queued', 0)])).toEqual({
      trained: 0.5,
      stopped: 0,
      failed: 0,
    });
    expect(sweepProgress([run('completed', 50), run('stopped', 10)])).toEqual({
      trained: 0.5,
      stopped: 0.1,
      failed: 0,
    });
    expect(sweepProgress([run('queued', 0)]).trained).toBe(0);
  });

  it('ends as done only if every run is', () => {
    expect(sweepEnd([run('completed', 50), run('completed', 50)])).toBe('completed');
    expect(sweepEnd([run('completed', 50), run('stopped', 10)])).toBe('stopped');
    expect(sweepEnd([run('completed', 50), run('stopped', 10), run('failed', 10)])).toBe('failed');
    expect(sweepEnd([run('diverged', 3)])).toBe('failed');
    for (const status of ['queued', 'running', 'paused'] as const)
      expect(sweepEnd([run('failed', 10), run(status, 10)])).toBeUndefined();
  });

  it('counts a finished sweep of no epochs as done', () => {
    expect(sweepProgress([{ ...run('completed', 0), total: 0 }]).trained).toBe(1);
    expect(sweepProgress([{ ...run('queued', 0), total: 0 }]).trained).toBe(0);
  });
});

describe('time left', () => {
  it('of several sweeps is that of the last to be done, by the server’s word; none where it has none', () => {
    expect(sweepsLeft([{ etaSeconds: 3 }, {}, { etaSeconds: 70 }])).toBe(70);
    expect(sweepsLeft([{}])).toBeUndefined();
  });
});

describe('counts', () => {
  it('name every state that occurs, in one order', () => {
    const runs = [run('completed', 50), run('running', 1), run('pausing', 1), run('paused', 2), run('failed', 3)];
    expect(countsLine(runs)).toBe('1 of 5 done · 2 training · 1 paused · 1 failed');
  });
});
