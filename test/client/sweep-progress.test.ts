/** What the panel says about a sweep as a whole. */
import { describe, expect, it } from 'vitest';
import { countsLine, secondsLeft, sweepProgress } from '../../client/state/sweep-progress.js';
import type { Run, RunStatus } from '../../shared/run.js';

function run(status: RunStatus, epoch: number, seconds = 0, dim = 64): Run {
  return { id: `${status}-${epoch}-${dim}-${seconds}`, status, epoch, epochs: 50, seconds, config: { dim } } as Run;
}

describe('sweep progress', () => {
  it('is the trained share of all epochs; what an ended run never reached does not count', () => {
    expect(sweepProgress([run('completed', 50), run('running', 25), run('queued', 0)])).toBe(0.5);
    expect(sweepProgress([run('completed', 50), run('stopped', 10)])).toBe(1);
    expect(sweepProgress([run('queued', 0)])).toBe(0);
  });

  it('counts a finished sweep of no epochs as done', () => {
    expect(sweepProgress([{ ...run('completed', 0), epochs: 0 }])).toBe(1);
    expect(sweepProgress([{ ...run('queued', 0), epochs: 0 }])).toBe(0);
  });
});

describe('time left', () => {
  it('is unknown before the first epoch and when nothing is ahead', () => {
    expect(secondsLeft([run('queued', 0), run('running', 0)])).toBeUndefined();
    expect(secondsLeft([run('completed', 50, 10), run('paused', 3, 1)])).toBeUndefined();
  });

  it('divides the remaining work by the runs that train, each at its own pace', () => {
    // 25 epochs at 0.2 s and 40 at 0.1 s, on two slots.
    expect(secondsLeft([run('running', 25, 5), run('running', 10, 1)])).toBeCloseTo(5, 6);
  });

  it('takes the pace of the same dim for a run that has none, else that of all', () => {
    const done = [run('completed', 50, 5, 64), run('completed', 50, 50, 256)];
    expect(secondsLeft([...done, run('queued', 0, 0, 256)])).toBeCloseTo(50, 6);
    expect(secondsLeft([...done, run('queued', 0, 0, 128)])).toBeCloseTo(50 * (55 / 100), 6);
  });
});

describe('counts', () => {
  it('name every state that occurs, in one order', () => {
    const runs = [run('completed', 50), run('running', 1), run('pausing', 1), run('paused', 2), run('failed', 3)];
    expect(countsLine(runs)).toBe('1 of 5 done · 2 training · 1 paused · 1 failed');
  });
});
