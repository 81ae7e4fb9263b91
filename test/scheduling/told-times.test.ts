/** Places in the queue and times left, as the server works them out and tells them. */
import { attentionCv } from '../../shared/experiments/attention-cv/experiment.js';
import { attentionConfig } from '../../shared/experiments/attention-cv/sweep.js';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configCost } from '../../shared/experiments/attention-cv/cost.js';
import { REFERENCE } from '../../shared/experiments/attention-cv/reference.js';
import { isActive, type Run, type RunStatus } from '../../shared/run.js';
import { EtaEstimator } from '../../server/scheduling/eta-estimator.js';
import type { Changed } from '../../server/runs/run-registry.js';
import { Speed } from '../../server/scheduling/time-left.js';
import { HANDOVER_SECONDS, roundedUp, secondsLeft } from '../../server/scheduling/time-left.js';
import { ToldTimes } from '../../server/scheduling/told-times.js';
import { testConfig } from '../support/test-config.js';
import { testRun, testSweep } from '../support/test-run.js';

function run(id: string, status: RunStatus, step = 0, seconds = 0, fields: Partial<Run> & { dim?: number } = {}): Run {
  const { dim = 64, ...rest } = fields;
  const config = { ...testConfig(), ...REFERENCE, dim, heads: 1, headDim: dim, seed: 42, lr: 0.001 };
  return { ...testRun(id, 's'), status, step, total: 50, seconds, config, engine: 'wasm', ...rest };
}

/** The server's side over these runs: running and pausing ones have slots, queued ones wait in their order. */
function server(runs: readonly Run[], slots = 2, isHeld = false) {
  const times = new ToldTimes({
    registry: {
      run: (id) => runs.find((one) => one.id === id),
      runs: () => [...runs],
      sweep: (id) => ({ ...testSweep(id), runIds: [], counts: {} }),
      sweeps: () => [],
    },
    changed: () => undefined,
  });
  const arrange = (all: readonly Run[], held = isHeld): void =>
    times.arrange({
      training: all.filter(({ status }) => ['running', 'pausing', 'stopping'].includes(status)).map(({ id }) => id),
      waiting: all.filter(({ status }) => status === 'queued').map(({ id }) => id),
      isHeld: held,
      slots,
    });
  arrange(runs);
  const sweepLeft = (id = 's') => times.sweep({ ...testSweep(id), runIds: [], counts: {} }).etaSeconds;
  return { times, arrange, sweepLeft, left: (one: Run) => times.run(one).etaSeconds };
}

const near = (seconds: number) => expect.closeTo(seconds, Math.max(0, 1 - Math.floor(Math.log10(seconds)))) as number;

describe('the line played through', () => {
  it('gives each free slot to the next that waits, and each its handover', () => {
    const training = [{ id: 'a', seconds: 10 }];
    const waiting = ['b', 'c', 'd'].map((id, index) => ({ id, seconds: 4 + index }));
    const left = secondsLeft(training, waiting, 2);
    expect(left.get('a')).toBe(10);
    expect(left.get('b')).toBeCloseTo(4 + HANDOVER_SECONDS, 9);
    expect(left.get('c')).toBeCloseTo(9 + 2 * HANDOVER_SECONDS, 9);
    expect(left.get('d')).toBeCloseTo(15 + 3 * HANDOVER_SECONDS, 9);
  });

  it('is rounded up by less than a 64th, and keeps its order', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-3, max: 1e7, noNaN: true }),
        fc.double({ min: 1, max: 2, noNaN: true }),
        (a, by) => {
          expect(roundedUp(a)).toBeGreaterThanOrEqual(a);
          expect(roundedUp(a)).toBeLessThanOrEqual(a * (1 + 1 / 64));
          expect(roundedUp(a * by)).toBeGreaterThanOrEqual(roundedUp(a));
        },
      ),
    );
  });
});

describe('speed', () => {
  it('is unknown before anything was trained; of the same cost its own, whatever others took', () => {
    const speed = new Speed();
    expect(speed.secondsPerEpoch(1000)).toBeUndefined();
    speed.note(1000, 20, 6);
    speed.note(2000, 20, 600);
    expect(speed.secondsPerEpoch(1000)! / 0.3).toBeLessThan(2);
    expect(speed.secondsPerEpoch(2000)! / 30).toBeGreaterThan(0.9);
  });

  it('of another cost is scaled by it', () => {
    const speed = new Speed();
    speed.note(1000, 10, 5);
    expect(speed.secondsPerEpoch(3000)).toBeCloseTo(1.5, 9);
  });
});

describe('times left', () => {
  it('are unknown before the first epoch, and while nobody gets a turn; paused runs have none', () => {
    const waiting = run('q', 'queued');
    expect(server([waiting, run('r', 'running')]).left(waiting)).toBeUndefined();
    const past = run('c', 'completed', 50, 5);
    expect(server([past, waiting]).left(waiting)).toEqual(near(5.1));
    expect(server([past, waiting], 2, true).left(waiting)).toBeUndefined();
    const paused = run('p', 'paused', 10, 1, { etaSeconds: 7, place: 3 });
    const { times, sweepLeft } = server([past, paused]);
    expect(times.run(paused)).not.toHaveProperty('etaSeconds');
    expect(times.run(paused)).not.toHaveProperty('place');
    expect(sweepLeft()).toBeUndefined();
  });

  it('of a run that trains are its own, of one that waits those of its like after all that is before it', () => {
    const training = run('r', 'running', 25, 5, { etaSeconds: 7, sweepId: 'other' });
    const waiting = run('q', 'queued');
    const all = [run('c', 'completed', 50, 5, { sweepId: 'past' }), training, waiting];
    const { left, sweepLeft } = server(all, 1);
    expect(left(training)).toBe(7);
    expect(left(waiting)! / (7 + 50 * 0.13 + HANDOVER_SECONDS)).toBeCloseTo(1, 1);
    expect(sweepLeft('other')).toBe(7);
    expect(sweepLeft()).toBe(left(waiting));
  });

  it('goes by its own sweep rather than by the like of it in one that was trained on an idle machine', () => {
    const cost = (dim: number) => configCost(attentionConfig(run('', 'queued', 0, 0, { dim })));
    const idle = run('idle', 'completed', 50, 5, { sweepId: 'before' });
    // Three times as slow as the cost of the config has it.
    const seconds = (3 * 0.1 * 25 * cost(128)) / cost(64);
    const mine = run('mine', 'running', 25, seconds, { dim: 128, etaSeconds: 0 });
    const next = run('next', 'queued');
    expect(server([idle, mine, next], 1).left(next)).toEqual(near(50 * 0.3 + HANDOVER_SECONDS));
  });

  it('are unknown for who waits behind a run whose end nobody knows', () => {
    const endless = run('e', 'running', 25, 5, { total: null });
    const waiting = run('q', 'queued');
    const past = run('c', 'completed', 50, 5);
    const one = server([past, endless, waiting], 1);
    expect([one.left(endless), one.left(waiting), one.sweepLeft()]).toEqual([undefined, undefined, undefined]);
    expect(one.times.estimate(attentionCv, [attentionConfig(past)])).not.toHaveProperty('etaSeconds');
    expect(server([past, endless, waiting], 2).left(waiting)).toBeGreaterThan(5);
  });

  it('counts the runs of a queue in the order in which they begin', () => {
    const all = ['a', 'b', 'c'].map((id) => run(id, 'queued'));
    const { times, arrange } = server(all);
    expect(all.map((one) => times.run(one).place)).toEqual([1, 2, 3]);
    arrange([all[2]!, all[0]!, all[1]!]);
    expect(all.map((one) => times.run(one).place)).toEqual([2, 3, 1]);
  });

  it('are less than 20 % off from a tenth of a recorded sweep on', () => {
    const total = Math.max(...recorded.map(({ to }) => to));
    for (let at = total / 10; at < 0.9 * total; at += total / 40) {
      const runs = recorded.map((each) => asItWas(each, at));
      const off = server(runs).sweepLeft()! / (total - at) - 1;
      expect(Math.abs(off), `after ${at.toFixed(1)} of ${total.toFixed(1)} s`).toBeLessThan(0.2);
    }
  });
});

describe('a machine of constant speed', () => {
  const SECONDS_PER_COST = 1e-6;
  const world = fc.record({
    slots: fc.integer({ min: 1, max: 4 }),
    runs: fc.array(
      fc.record({ dim: fc.constantFrom(8, 16, 64, 128), sweepId: fc.constantFrom('s', 't'), paused: fc.boolean() }),
      { minLength: 2, maxLength: 12 },
    ),
  });

  it('lets a sweep’s time left be the largest of its runs’, and count down with the clock, paused runs aside', () => {
    fc.assert(
      fc.property(world, ({ slots, runs: made }) => {
        let runs = made.map(({ dim, sweepId, paused }, index) =>
          run(`r${index}`, paused ? 'paused' : 'queued', 0, 0, { dim, sweepId, total: 20 }),
        );
        const perEpoch = (one: Run) => SECONDS_PER_COST * configCost(attentionConfig(one));
        const past = run('past', 'completed', 50, 50 * perEpoch(run('', 'queued')), { sweepId: 'past' });
        const { times, arrange } = server([past, ...runs], slots);
        const told = new Map(runs.map((each) => [each.id, each]));
        const toldSweeps = new Map<string, number | undefined>();
        const hear = (change: Changed): void => {
          for (const one of change.runs) told.set(one.id, one);
          for (const { id, etaSeconds } of change.sweeps ?? []) toldSweeps.set(id, etaSeconds);
        };
        const began = new Map<string, number>();
        let before = new Map<string, number | undefined>();
        for (let clock = 0; runs.some(({ status }) => isActive(status)); clock += 0.01) {
          const changed: Run[] = [];
          runs = runs.map((each) => {
            if (each.status !== 'running') return each;
            const active = clock - began.get(each.id)!;
            const total = each.total!;
            const step = Math.min(total, Math.floor(active / perEpoch(each)));
            if (step === each.step) return each;
            const etaSeconds = (total - step) * perEpoch(each);
            const next = { ...each, step, seconds: step * perEpoch(each), etaSeconds };
            if (step === total) next.status = 'completed';
            changed.push(next);
            return next;
          });
          for (const each of runs) {
            const taken = runs.filter(({ status }) => status === 'running').length;
            if (each.status !== 'queued' || taken >= slots) continue;
            Object.assign(each, { status: 'running' });
            began.set(each.id, clock);
            changed.push({ ...each });
          }
          arrange(runs);
          hear(times.tell({ runs: changed }));
          for (const id of ['s', 't']) {
            const rows = runs
              .filter((each) => each.sweepId === id && isActive(each.status))
              .map((each) => told.get(each.id)!.etaSeconds!);
            expect(toldSweeps.get(id)).toBe(rows.length === 0 ? undefined : Math.max(...rows));
            const last = before.get(id);
            const now = toldSweeps.get(id);
            // Within a step of the clock and the rounding.
            if (last !== undefined && now !== undefined) expect(now).toBeLessThanOrEqual(last * (1 + 1 / 64) + 0.011);
          }
          before = new Map(toldSweeps);
        }
        expect([...toldSweeps.values()].every((left) => left === undefined)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});

describe('what is told of places and times', () => {
  it('comes with the news of others, once', () => {
    const few = server([run('c', 'completed', 50, 5), run('a', 'queued'), run('b', 'queued')]);
    const told = few.times.tell({ runs: [] });
    expect(told.runs.map(({ id, place, status }) => [id, place, status])).toEqual([
      ['a', 1, 'queued'],
      ['b', 2, 'queued'],
    ]);
    expect(told.sweeps).toMatchObject([{ id: 's', etaSeconds: near(5.1) }]);
    expect(few.times.tell({ runs: [] })).toEqual({ runs: [], sweeps: [], removed: [] });

    const names = Array.from({ length: 500 }, (_, index) => `r${index}`);
    const many = server([run('c', 'completed', 50, 5), ...names.map((id) => run(id, 'queued'))]);
    const { runs } = many.times.tell({ runs: [] });
    expect(runs).toHaveLength(500);
    expect(runs[7]).toMatchObject({ id: 'r7', place: 8, etaSeconds: near(20.4) });
  });

  it('lets what a sweep would take count what is before it', () => {
    const past = run('c', 'completed', 50, 5);
    const { config } = past;
    const idle = server([past]).times.estimate(attentionCv, [config, config, config]);
    expect(idle).toMatchObject({ before: 0, workers: 2, etaSeconds: near(10.2), each: [near(5), near(5), near(5)] });
    const busy = server([past, run('r', 'running', 25, 2.5, { etaSeconds: 30 })], 1).times.estimate(attentionCv, [
      config,
    ]);
    expect(busy).toMatchObject({ before: 1, workers: 1, etaSeconds: near(35.1) });
    expect(server([]).times.estimate(attentionCv, [config])).toEqual({ before: 0, workers: 2 });
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

/** The run as the server had it after so many seconds. */
function asItWas({ dim, heads, from, to, seconds }: Recorded, at: number): Run {
  const each = run(`${dim} ${heads}`, 'queued', 0, 0, { dim });
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
  const reached = { ...known, step: epoch, seconds: seconds[epoch]! };
  if (at >= to) return { ...reached, status: 'completed' };
  const estimator = new EtaEstimator(attentionCv.measured(attentionConfig(known)));
  seconds.slice(0, epoch + 1).forEach((active, index) => estimator.add(index, active));
  const etaSeconds = estimator.etaSeconds(last);
  return { ...reached, status: 'running', ...(etaSeconds !== undefined && { etaSeconds }) };
}
