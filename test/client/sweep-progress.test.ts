/** What the panel says about a sweep as a whole. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Pace } from '../../server/sweep/pace.js';
import { countsLine, secondsLeft, slotsTaken, sweepEnd, sweepProgress } from '../../client/state/sweep-progress.js';
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
    expect(sweepProgress([{ ...run('completed', 0), epochs: 0 }]).trained).toBe(1);
    expect(sweepProgress([{ ...run('queued', 0), epochs: 0 }]).trained).toBe(0);
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
    expect(secondsLeft([mine, pace], [before, mine, pace])).toBeCloseTo(35.1, 6);
  });

  it('scales a known pace by the cost of the config for one that has none', () => {
    const left = secondsLeft([run('completed', 50, 5, 64), run('queued', 0, 0, 256)])!;
    // Beside its epochs a run takes a tenth of a second.
    expect((left - 0.1) / 5).toBeCloseTo(
      configCost(run('queued', 0, 0, 256).config) / configCost(run('queued', 0).config),
      6,
    );
  });

  it('goes by its own sweep rather than by the like of it in one that was trained on an idle machine', () => {
    const cost = (dim: number) => configCost(run('queued', 0, 0, dim).config);
    const idle = run('completed', 50, 5, 64, { id: 'idle', sweepId: 'before' });
    // Three times as slow as the cost of the config has it.
    const seconds = (3 * 0.1 * 25 * cost(128)) / cost(64);
    const mine = run('running', 25, seconds, 128, { id: 'mine', etaSeconds: 0 });
    const next = run('queued', 0, 0, 64, { id: 'next' });
    const left = secondsLeft([mine, next], [idle, mine, next], 1)!;
    expect(left).toBeCloseTo(50 * 0.3 + 0.1, 6);
  });

  it('is less than 20 % off from a tenth of a recorded sweep on', () => {
    const total = Math.max(...recorded.map(({ to }) => to));
    for (let at = total / 10; at < 0.9 * total; at += total / 40) {
      const runs = recorded.map((each) => asItWas(each, at));
      const off = secondsLeft(runs, undefined, 2)! / (total - at) - 1;
      expect(Math.abs(off), `after ${at.toFixed(1)} of ${total.toFixed(1)} s`).toBeLessThan(0.2);
    }
  });

  it('counts no slot for a run that is trained to its end and about to be completed', () => {
    const ending = run('running', 50, 5);
    expect(slotsTaken([ending, run('running', 10, 1), run('queued', 0)])).toBe(1);
  });
});

interface Recorded {
  dim: number;
  heads: number;
  /** Seconds since the first run began. */
  from: number;
  to: number;
  /** Active seconds at each epoch. */
  seconds: number[];
}

const recorded = JSON.parse(readFileSync(join(process.cwd(), 'test/fixtures/paces.json'), 'utf8')) as Recorded[];

/** The run as the page had it after so many seconds. */
function asItWas({ dim, heads, from, to, seconds }: Recorded, at: number): Run {
  const each = run('queued', 0, 0, dim, { id: `${dim} ${heads}` });
  const known = { ...each, config: { ...each.config, heads, headDim: dim / heads } };
  if (at < from) return known;
  const last = seconds.length - 1;
  const epoch =
    at >= to
      ? last
      : Math.max(
          0,
          seconds.findLastIndex((active) => active <= at - from),
        );
  const reached = { ...known, epoch, seconds: seconds[epoch]! };
  if (at >= to) return { ...reached, status: 'completed' };
  const pace = new Pace(1);
  seconds.slice(0, epoch + 1).forEach((active, index) => pace.add(index, active));
  const etaSeconds = pace.etaSeconds(last);
  return { ...reached, status: 'running', ...(etaSeconds !== undefined && { etaSeconds }) };
}

describe('counts', () => {
  it('name every state that occurs, in one order', () => {
    const runs = [run('completed', 50), run('running', 1), run('pausing', 1), run('paused', 2), run('failed', 3)];
    expect(countsLine(runs)).toBe('1 of 5 done · 2 training · 1 paused · 1 failed');
  });
});
