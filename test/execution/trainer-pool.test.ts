import { EMPTY, NEVER, of, ReplaySubject, Subject, type Observable } from 'rxjs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ok, type Result } from '../../shared/errors.js';
import type { EngineInfo } from '../../shared/engine.js';
import type { Executor } from '../../server/execution/executor.js';
import { createTrainerPool } from '../../server/execution/trainer-pool.js';
import type { TrainerEvent, TrainerProcess } from '../../server/execution/trainer-process.js';
import { testConfig } from '../support/test-config.js';

const ENGINE: EngineInfo = { name: 'wasm', ops: 'kernels', version: '4', threads: 1 };
const completed: TrainerEvent = { type: 'ended', status: 'completed' };

/** A trainer whose news the test tells. */
class FakeTrainer implements TrainerProcess {
  readonly readiness$ = new ReplaySubject<Result<EngineInfo>>(1);
  readonly exit$ = new Subject<string>();
  readonly events$ = new Subject<TrainerEvent>();
  trained = 0;
  ended = 0;

  train(): Observable<TrainerEvent> {
    this.trained += 1;
    return this.events$;
  }

  end(): Promise<void> {
    this.ended += 1;
    return Promise.resolve();
  }
}

let forked: FakeTrainer[];
let pool: Executor;

function fork(): TrainerProcess {
  const trainer = new FakeTrainer();
  forked.push(trainer);
  return trainer;
}

beforeEach(() => {
  vi.useFakeTimers();
  forked = [];
  pool = createTrainerPool({ trainerPath: '', engine: 'auto', slots: 2, idleMs: 1000, fork });
});
afterEach(() => vi.useRealTimers());

const job = { runId: 'r', experiment: 'attention-cv', config: testConfig(), checkpoints: null };

test('as many trainers are warm as runs wait, at most one per slot', () => {
  pool.warm(0);
  expect(forked).toHaveLength(0);
  pool.warm(1);
  expect(forked).toHaveLength(1);
  pool.warm(12);
  pool.warm(12);
  expect(forked).toHaveLength(2);
  pool.train(job, NEVER).subscribe();
  pool.warm(12);
  expect(forked).toHaveLength(2);
});

test('a trainer that is ready is taken before one that is not, and its engine is the pool’s', () => {
  pool.warm(2);
  expect(pool.engine()).toBeNull();
  forked[1]!.readiness$.next(ok(ENGINE));
  expect(pool.engine()).toEqual(ENGINE);
  pool.train(job, NEVER).subscribe();
  expect(forked.map((trainer) => trainer.trained)).toEqual([0, 1]);
});

test('the run that takes the slot as another ends finds that one’s trainer free', () => {
  pool.train(job, NEVER).subscribe({ complete: () => pool.train(job, NEVER).subscribe() });
  forked[0]!.events$.next(completed);
  forked[0]!.events$.complete();
  expect(forked.map((trainer) => trainer.trained)).toEqual([2]);
});

test('a free trainer is ended after a while and takes no run then; one that trains is not', () => {
  pool.warm(2);
  pool.train(job, NEVER).subscribe();
  vi.advanceTimersByTime(1000);
  expect(forked.map((trainer) => trainer.ended)).toEqual([0, 1]);
  pool.train(job, NEVER).subscribe();
  expect(forked.map((trainer) => trainer.trained)).toEqual([1, 0, 1]);
});

test.each(['crashed', 'unavailable'] as const)('a trainer that ended as %s is not used again', (status) => {
  pool.train(job, NEVER).subscribe();
  forked[0]!.events$.next({ type: 'ended', status });
  pool.train(job, NEVER).subscribe();
  expect(forked.map((trainer) => trainer.trained)).toEqual([1, 1]);
});

test('a trainer that is left before it began is used again, one that had begun is not', () => {
  pool.train(job, NEVER).subscribe().unsubscribe();
  const begun = pool.train(job, NEVER).subscribe();
  expect(forked).toHaveLength(1);
  forked[0]!.events$.next({ type: 'claimed', engine: ENGINE });
  begun.unsubscribe();
  pool.train(job, NEVER).subscribe();
  expect(forked).toHaveLength(2);
});

test('trainers that were started before are taken in, used before any is forked, and ended when idle', () => {
  const before = [new FakeTrainer(), new FakeTrainer()];
  const other = createTrainerPool({
    ...{ trainerPath: '', engine: 'auto', slots: 3, idleMs: 1000 },
    ...{ fork, trainers: before },
  });
  other.train(job, NEVER).subscribe();
  expect(forked).toEqual([]);
  other.warm(2);
  expect(forked).toHaveLength(1);
  vi.advanceTimersByTime(1000);
  expect([...before, ...forked].map(({ trained, ended }) => [trained, ended])).toEqual([
    [1, 0],
    [0, 1],
    [0, 1],
  ]);
});

test('closing ends all trainers and none is forked to be warm after it', async () => {
  pool.warm(1);
  pool.train(job, EMPTY).subscribe();
  pool.train(job, of('pause' as const)).subscribe();
  await pool.close();
  expect(forked.map((trainer) => trainer.ended)).toEqual([1, 1]);
  pool.warm(2);
  expect(forked).toHaveLength(2);
});
