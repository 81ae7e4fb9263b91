/** What a program printed: read from its end, followed while somebody looks and the run goes on, and let go at its beginning. */
import { effect } from '@preact/signals-core';
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { RunList } from '../../../client/data/run-list.js';
import { MOST_LINES, RunOutput } from '../../../client/data/run-output.js';
import { fail, ok } from '../../../shared/errors.js';
import type { Run } from '../../../shared/run.js';
import { testRun } from '../../support/test-run.js';

const PART = 1000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A server that has so many lines of run `a`. */
function printed(count: number, status: Run['status'] = 'running') {
  const server = { count, asked: [] as (number | string)[], fails: false };
  const list = new RunList();
  const told = (fields: Partial<Run>): void =>
    list.snapshot({
      sweeps: [],
      runs: [testRun('a', null, { source: 'external', ...fields })],
      viewers: 1,
      role: 'viewer',
    });
  told({ status });
  const output = new RunOutput(list, (_runId, asked) => {
    server.asked.push('last' in asked ? 'last' : asked.after);
    if (server.fails) return Promise.resolve(fail('unavailable', 'not now'));
    const after = 'last' in asked ? Math.max(-1, server.count - asked.last - 1) : asked.after;
    const all = Math.max(0, Math.min(PART, server.count - after - 1));
    const lines = Array.from({ length: all }, (_, index) => ({
      n: after + 1 + index,
      text: 'x',
      stream: 'stdout' as const,
    }));
    const last = after + all;
    return Promise.resolve(ok({ lines, ...(last < server.count - 1 && { next: last }) }));
  });
  const held = (): number[] => output.state.value.chunks.flat().map(({ n }) => n);
  return { server, output, held, told, pass: (ms: number) => vi.advanceTimersByTimeAsync(ms) };
}

it('reads all of a few lines, then every second what has come, and nothing while nobody looks', async () => {
  const { server, output, held, pass } = printed(1500);
  output.show('a');
  await pass(0);
  expect([held(), output.state.value.loaded]).toEqual([Array.from({ length: 1500 }, (_, n) => n), true]);
  const [first] = output.state.value.chunks;
  server.count = 1501;
  await pass(1000);
  expect(held().at(-1)).toBe(1500);
  // What is drawn already stays the same.
  expect(output.state.value.chunks[0]).toBe(first);
  output.hide();
  const { length } = server.asked;
  await pass(10_000);
  expect(server.asked).toHaveLength(length);
  output.show('a');
  await pass(0);
  expect([server.asked.at(-1), held().length]).toEqual([1500, 1501]);
});

it('[P4] shows the end of very many lines first, then those before it, up to as many as are held', async () => {
  const { server, output, held, pass } = printed(1_234_567);
  const seen: number[] = [];
  onTestFinished(effect(() => void seen.push(output.state.value.chunks[0]?.[0]?.n ?? -1)));
  output.show('a');
  await pass(0);
  expect(seen.slice(2, 5)).toEqual([1_233_567, 1_232_567, 1_231_567]);
  const lines = held();
  expect(lines.at(-1)).toBe(1_234_566);
  expect(lines).toHaveLength(MOST_LINES);
  expect(lines.every((n, index) => n === lines[0]! + index)).toBe(true);
  expect(server.asked).toHaveLength(MOST_LINES / PART);
});

it('reads a run that has ended once, and on when it goes on', async () => {
  const { server, output, held, told, pass } = printed(3, 'completed');
  output.show('a');
  await pass(5000);
  expect(server.asked).toEqual(['last']);
  server.count = 4;
  told({ status: 'running' });
  await pass(0);
  expect(held()).toEqual([0, 1, 2, 3]);
  told({ status: 'completed' });
  server.count = 5;
  await pass(1000);
  expect(held()).toHaveLength(5);
  const { length } = server.asked;
  await pass(10_000);
  expect(server.asked).toHaveLength(length);
});

it('says why it cannot read, keeps what it has, and tries again', async () => {
  const { server, output, held, pass } = printed(2);
  output.show('a');
  await pass(0);
  server.fails = true;
  await pass(1000);
  expect([output.state.value.trouble, held().length]).toEqual(['not now', 2]);
  server.fails = false;
  server.count = 3;
  await pass(1000);
  expect([output.state.value.trouble, held().length]).toEqual(['', 3]);
});

it('reads what was before the end at another try, where the first one failed', async () => {
  const { server, output, held, pass } = printed(1500);
  output.show('a');
  server.fails = true;
  await pass(0);
  expect([held().length, output.state.value.trouble]).toEqual([1000, 'not now']);
  server.fails = false;
  server.count = 1501;
  await pass(1000);
  expect(held()).toEqual(Array.from({ length: 1501 }, (_, n) => n));
});
