/** How long a message about a failure stays. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Toasts } from '../../../client/data/toasts.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('a notice goes by itself, a long one later', () => {
  const notices = new Toasts();
  notices.add('pause 64 × 4', 'gone');
  notices.add('stop all', 'x'.repeat(100));
  vi.advanceTimersByTime(9300);
  expect(notices.list.value.map(({ title }) => title)).toEqual(['stop all']);
  vi.advanceTimersByTime(5000);
  expect(notices.list.value).toEqual([]);
});

it('a notice that is being read stays until it is left, and its time then begins anew', () => {
  const notices = new Toasts();
  notices.add('pause 64 × 4', 'gone');
  const { id } = notices.list.value[0]!;
  notices.hold(id);
  vi.advanceTimersByTime(60_000);
  expect(notices.list.value.length).toBe(1);
  notices.release(id);
  vi.advanceTimersByTime(9000);
  expect(notices.list.value.length).toBe(1);
  vi.advanceTimersByTime(300);
  expect(notices.list.value).toEqual([]);
});

it('of many failures at once the latest four are shown', () => {
  const notices = new Toasts();
  for (let index = 0; index < 6; index++) notices.add(`run ${index}`, 'gone');
  expect(notices.list.value.map(({ title }) => title)).toEqual(['run 2', 'run 3', 'run 4', 'run 5']);
});
