import { map, of, takeUntil, type Observable } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, test } from 'vitest';
import { compareQueued, schedule, type QueueChange, type Waiting } from '../../server/scheduling/scheduler.js';
import { configCost } from '../../shared/experiments/attention-cv/cost.js';
import { testConfig } from '../support/test-config.js';

function waiting(runId: string, fields: Partial<Waiting> = {}): Waiting {
  return { runId, resumed: null, sweepPosition: 0, cost: 1, ...fields };
}

const join = (...runs: Waiting[]): QueueChange => ({ type: 'enqueue', runs });
const leave = (...runIds: string[]): QueueChange => ({ type: 'remove', runIds });
const close: QueueChange = { type: 'close' };

/** Runs the line in virtual time. A run's stream is `trains[runId]`; what comes out is `runId + event`. */
function expectTurns(
  slots: number,
  trains: Record<string, string>,
  changes: [marbles: string, values: Record<string, QueueChange>],
  expected: string,
  subscriptions: Record<string, string | string[]> = {},
): void {
  new TestScheduler((actual, wanted) => expect(actual).toEqual(wanted)).run(
    ({ cold, hot, expectObservable, expectSubscriptions }) => {
      const streams = Object.fromEntries(Object.entries(trains).map(([runId, marbles]) => [runId, cold(marbles)]));
      const scheduled$: Observable<string> = schedule(hot(...changes), of(slots), (runId) => streams[runId]!).pipe(
        map(({ runId, event }) => runId + event),
      );
      const labels = Object.fromEntries(
        Object.entries(trains).flatMap(([runId, marbles]) =>
          [...marbles].filter((mark) => /\d/.test(mark)).map((mark) => [labelOf(runId, mark), runId + mark]),
        ),
      );
      expectObservable(scheduled$).toBe(expected, labels);
      for (const [runId, marbles] of Object.entries(subscriptions)) {
        expectSubscriptions(streams[runId]!.subscriptions).toBe(marbles);
      }
    },
  );
}

/** Marbles are one character: run a's events 1, 2, 3 are a, b, c; run d's are d, e, f; g's g, h, i. */
function labelOf(runId: string, mark: string): string {
  return String.fromCharCode(runId.charCodeAt(0) + Number(mark) - 1);
}

describe('schedule', () => {
  test('gives each slot one run at a time and the freed slot to the next in line', () => {
    expectTurns(
      2,
      { a: '-1---2|', d: '1-|', g: '1|' },
      ['j', { j: join(waiting('a'), waiting('d'), waiting('g')) }],
      'dag--b',
      // d frees its slot at 2 and g takes it in the same frame.
      { a: '^-----!', d: '^-!', g: '--^!' },
    );
  });

  test('while it is held nobody gets a turn, what trains goes on, and then the line moves in its order', () => {
    expectTurns(
      1,
      { a: '-1-2|', d: '1|', g: '1|' },
      [
        'jh----k--r',
        {
          j: join(waiting('a'), waiting('d')),
          h: { type: 'hold' },
          k: join(waiting('g', { resumed: 1 })),
          r: { type: 'release' },
        },
      ],
      '-a-b-----gd',
      { a: '^---!', g: '---------^!', d: '----------^!' },
    );
  });

  test('runs that join together are all in line before the first turn is given', () => {
    const runs = [waiting('a', { cost: 1 }), waiting('d', { cost: 9 })];
    expectTurns(1, { a: '1|', d: '1|' }, ['j', { j: join(...runs) }], 'da', { d: '^!', a: '-^!' });
  });

  test('a resumed run goes before those that wait, and takes no slot from those that train', () => {
    expectTurns(
      1,
      { a: '---1|', d: '1|', g: '1|' },
      ['j-r', { j: join(waiting('a'), waiting('d')), r: join(waiting('g', { resumed: 1, cost: 0 })) }],
      '---agd',
      { a: '^---!', g: '----^!', d: '-----^!' },
    );
  });

  test('a paused run frees its slot when it ends, and is trained again when it joins again', () => {
    expectTurns(
      1,
      { a: '-1|', d: '-1|' },
      ['j----r', { j: join(waiting('a'), waiting('d')), r: join(waiting('a', { resumed: 1 })) }],
      '-a-d--a',
    );
  });

  test('who leaves the line is not trained; who leaves its slot is unsubscribed and the next begins', () => {
    expectTurns(
      1,
      { a: '-1-2-3|', d: '1|', g: '1|' },
      ['j-l', { j: join(waiting('a'), waiting('d'), waiting('g')), l: leave('a', 'd') }],
      '-ag',
      { a: '^-!', d: [], g: '--^!' },
    );
  });

  test('after close nobody begins; it completes when the last one in hand has ended', () => {
    expectTurns(
      1,
      { a: '--1--2|', d: '1|' },
      ['j-cx', { j: join(waiting('a'), waiting('d')), c: close, x: join(waiting('d')) }],
      '--a--b|',
    );
  });

  test('closing an empty line completes it at once', () => {
    expectTurns(1, {}, ['--c', { c: close }], '--|');
  });

  test('a stream that errors frees its slot like one that ends', () => {
    expectTurns(1, { a: '1#', d: '1|' }, ['j', { j: join(waiting('a'), waiting('d')) }], 'ad');
  });

  test('more slots take who waits at once; fewer end nobody, and give no turn until one is free of those left', () => {
    new TestScheduler((actual, wanted) => expect(actual).toEqual(wanted)).run(({ cold, hot, expectSubscriptions }) => {
      const streams = { a: cold('----|'), d: cold('----|'), g: cold('-|') };
      const changes$ = hot('j', { j: join(waiting('a'), waiting('d'), waiting('g')) });
      const capacity$ = hot('1-2-1', { 1: 1, 2: 2 });
      schedule(changes$, capacity$, (runId) => streams[runId as keyof typeof streams]).subscribe();
      expectSubscriptions(streams.a.subscriptions).toBe('^---!');
      expectSubscriptions(streams.d.subscriptions).toBe('--^---!');
      expectSubscriptions(streams.g.subscriptions).toBe('------^!');
    });
  });

  test('unsubscribing unsubscribes from every run in hand', () => {
    new TestScheduler((actual, wanted) => expect(actual).toEqual(wanted)).run(
      ({ cold, hot, expectObservable, expectSubscriptions }) => {
        const train = cold('1-----');
        const scheduled$ = schedule(hot('j', { j: join(waiting('a')) }), of(1), () => train);
        expectObservable(scheduled$.pipe(takeUntil(cold('---x')))).toBe('a--|', { a: { runId: 'a', event: '1' } });
        expectSubscriptions(train.subscriptions).toBe('^--!');
      },
    );
  });
});

describe('turn order', () => {
  test('resumed runs first, the earlier resumed before the later; then sweep by sweep, the dearest config first', () => {
    const line = [
      waiting('second sweep, dear', { sweepPosition: 1, cost: 9 }),
      waiting('first sweep, cheap', { cost: 1 }),
      waiting('resumed later', { resumed: 2, cost: 9 }),
      waiting('first sweep, dear', { cost: 5 }),
      waiting('resumed earlier', { resumed: 1, sweepPosition: 1 }),
    ];
    expect(line.sort(compareQueued).map((run) => run.runId)).toEqual([
      'resumed earlier',
      'resumed later',
      'first sweep, dear',
      'first sweep, cheap',
      'second sweep, dear',
    ]);
  });

  test('more dimensions and more heads cost more', () => {
    const costs = [
      { dim: 64, heads: 1 },
      { dim: 64, heads: 8 },
      { dim: 256, heads: 1 },
      { dim: 256, heads: 8 },
    ].map((fields) => configCost(testConfig(fields)));
    expect(costs).toEqual([...costs].sort((a, b) => a - b));
    expect(new Set(costs).size).toBe(4);
  });
});
