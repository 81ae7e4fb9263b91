/** What the panel says about a sweep as a whole. */
import { describe, expect, it } from 'vitest';
import { countsLine, secondsLeft, sweepProgress } from '../../client/state/sweep-progress.js';
import { configCost } from '../../shared/config-cost.js';
import { REFERENCE } from '../../shared/reference.js';
import type { Run, RunStatus } from '../../shared/run.js';
import { testConfig } from '../support/test-config.js';
import { testRun } from '../support/test-run.js';

function run(status: RunStatus, epoch: number, seconds = 0, dim = 64, fields: Partial<Run> = {}): Run {
  const config = { ...testConfig(), ...REFERENCE, dim, heads: 1, headDim: dim, seed: 42, lr: 0.001 };
  const id = `${status}-${epoch}-${dim}-${seconds}`;
  return { ...testRun(id, 's'), status, epoch, epochs: 50, seconds, config, ...fields };
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

  it('is that of the run that takes longest, each at its own pace, the server’s word for a running one before all', () => {
    // 25 epochs at 0.2 s and 40 at 0.1 s, on two slots.
    expect(secondsLeft([run('running', 25, 5), run('running', 10, 1)])).toBeCloseTo(5, 6);
    expect(secondsLeft([run('running', 25, 5, 64, { etaSeconds: 7 }), run('running', 10, 1)])).toBeCloseTo(7, 6);
  });

  it('plays the line through: the most expensive first, as many at a time as there are slots', () => {
    const waiting = [64, 128, 256].map((dim) => run('queued', 0, 0, dim));
    const paces = [run('completed', 50, 5, 64), run('completed', 50, 15, 128), run('completed', 50, 50, 256)];
    // 50 s beside 15 + 5 s.
    expect(secondsLeft([...paces, ...waiting], undefined, 2)).toBeCloseTo(50, 0);
    expect(secondsLeft([...paces, ...waiting], undefined, 1)).toBeCloseTo(70, 0);
  });

  it('counts runs of other sweeps that are ahead in the line', () => {
    const before = run('running', 0, 0, 64, { id: 'x', sweepId: 'other', etaSeconds: 30 });
    const mine = run('queued', 0, 0, 64);
    const pace = run('completed', 50, 5, 64);
    expect(secondsLeft([mine, pace], [before, mine, pace])).toBeCloseTo(35, 6);
  });

  it('scales a known pace by the cost of the config for one that has none', () => {
    const left = secondsLeft([run('completed', 50, 5, 64), run('queued', 0, 0, 256)])!;
    expect(left / 5).toBeCloseTo(configCost(run('queued', 0, 0, 256).config) / configCost(run('queued', 0).config), 6);
  });

  it('is less than 20 % off once a tenth of the reference sweep is trained, and stays so', () => {
    // Seconds an epoch by dim and heads, made up: plausible, and far from proportional to any formula.
    const supposed: Record<number, Record<number, number>> = {
      64: { 1: 0.02, 2: 0.024, 4: 0.032, 8: 0.051 },
      128: { 1: 0.071, 2: 0.078, 4: 0.097, 8: 0.141 },
      256: { 1: 0.26, 2: 0.28, 4: 0.34, 8: 0.47 },
    };
    const runs = REFERENCE.dims.flatMap((dim) =>
      REFERENCE.heads.map((heads) => {
        const each = run('queued', 0, 0, dim, { id: `${dim} ${heads}` });
        return { ...each, config: { ...each.config, heads, headDim: dim / heads } };
      }),
    );
    const perEpoch = (each: Run): number => supposed[each.config.dim]![each.config.heads]!;
    const total = makespan(runs, perEpoch);
    for (let at = total / 10; at < 0.9 * total; at += total / 40) {
      const left = secondsLeft(playedTo(runs, perEpoch, at), undefined, 2)!;
      expect(Math.abs(left / (total - at) - 1), `after ${at.toFixed(1)} of ${total.toFixed(1)} s`).toBeLessThan(0.2);
    }
  });
});

/** Two slots, the most expensive first: when each begins and ends. */
function timetable(runs: readonly Run[], perEpoch: (run: Run) => number): { run: Run; from: number; to: number }[] {
  const free = [0, 0];
  return [...runs]
    .sort((a, b) => configCost(b.config) - configCost(a.config))
    .map((each) => {
      const slot = free[0]! <= free[1]! ? 0 : 1;
      const from = free[slot]!;
      free[slot] = from + each.epochs * perEpoch(each);
      return { run: each, from, to: free[slot] };
    });
}

function makespan(runs: readonly Run[], perEpoch: (run: Run) => number): number {
  return Math.max(...timetable(runs, perEpoch).map(({ to }) => to));
}

function playedTo(runs: readonly Run[], perEpoch: (run: Run) => number, at: number): Run[] {
  return timetable(runs, perEpoch).map(({ run: each, from, to }) => {
    if (at >= to) return { ...each, status: 'completed', epoch: each.epochs, seconds: to - from };
    if (at < from) return each;
    const epoch = Math.floor((at - from) / perEpoch(each));
    return { ...each, status: 'running', epoch, seconds: epoch * perEpoch(each) };
  });
}

describe('counts', () => {
  it('name every state that occurs, in one order', () => {
    const runs = [run('completed', 50), run('running', 1), run('pausing', 1), run('paused', 2), run('failed', 3)];
    expect(countsLine(runs)).toBe('1 of 5 done · 2 training · 1 paused · 1 failed');
  });
});
