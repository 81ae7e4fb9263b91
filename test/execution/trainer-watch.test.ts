import { map } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { expect, test } from 'vitest';
import { noFrames } from '../../shared/frames.js';
import type { TrainerReport } from '../../server/execution/messages.js';
import { watchTrainer } from '../../server/execution/trainer-watch.js';

const MB = 2 ** 20;
const heartbeat = (slowestEpochMs: number, rssBytes = 0): TrainerReport => ({
  ...{ type: 'heartbeat', runId: 'r', slowestEpochMs, rssBytes },
});
const frames: TrainerReport = { type: 'frames', ...noFrames('r', 0) };

/** What is reported when, and when it is given up: `g`, with the reason expected. */
function expectGivenUp(
  reports: string,
  values: Record<string, TrainerReport>,
  expected: string,
  reason: string,
  { maxRssBytes = null, readRss = () => null }: { maxRssBytes?: number | null; readRss?: () => number | null } = {},
): void {
  new TestScheduler((actual, wanted) => expect(actual).toEqual(wanted)).run(({ hot, expectObservable }) => {
    const reasons$ = watchTrainer(hot(reports, values), { silenceMs: 60_000, maxRssBytes }, readRss);
    expectObservable(reasons$.pipe(map((text) => text))).toBe(expected, { g: reason });
  });
}

test('a trainer is given up a tick after a minute without a report', () => {
  expectGivenUp('10500ms f', { f: frames }, '71s (g|)', 'the trainer reported nothing for 61 s');
});

test('before its first report of training it has ten times as long', () => {
  expectGivenUp('-', {}, '601s (g|)', 'the trainer reported nothing for 601 s');
  const begun: TrainerReport = { type: 'begun', runId: 'r', from: null };
  expectGivenUp('500ms b', { b: begun }, '601s (g|)', 'the trainer reported nothing for 601 s');
});

test('where epochs are slow it may be silent for twenty of them', () => {
  expectGivenUp('500ms h', { h: heartbeat(10_000) }, '201s (g|)', 'the trainer reported nothing for 201 s');
});

test('any report is a sign of life', () => {
  const reports = '50s h '.repeat(10);
  // 10 · 50 s and the frames of the marbles themselves.
  expectGivenUp(reports, { h: heartbeat(1) }, '561s (g|)', 'the trainer reported nothing for 61 s');
});

test('too much memory is noticed in a heartbeat at once, and by looking at every tick', () => {
  const reason = 'the trainer held 101 MB of memory, and --max-rss allows 100';
  const options = { maxRssBytes: 100 * MB };
  const beats = { a: heartbeat(1, 100 * MB), b: heartbeat(1, 101 * MB) };
  expectGivenUp('100ms a 99ms b', beats, '200ms (g|)', reason, options);
  expectGivenUp('100ms a', beats, '1s (g|)', reason, { ...options, readRss: () => 101 * MB });
});
