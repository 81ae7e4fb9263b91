/** Dialogs whose code comes later: when one is opened at the latest, and never in silence. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LaterDialogs } from '../../../client/app/later-dialogs.js';
import { Dialogs } from '../../../client/runs/dialogs.js';

const asked = vi.hoisted(() => [] as string[]);
vi.mock('../../../client/app/share-dialog.js', () => (asked.push('share'), {}));
vi.mock('../../../client/runs/run-log-dialog.js', () => (asked.push('log'), {}));
vi.mock('../../../client/app/connect-dialog.js', () => {
  asked.push('connect');
  throw new Error('the server is away');
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('are loaded when one is opened, or all of them once there is nothing else to do', async () => {
  const dialogs = new Dialogs();
  const missing = vi.fn();
  const later = new LaterDialogs(dialogs, missing);
  const stop = later.start();
  dialogs.show('help', {});
  expect(asked).toEqual([]);
  dialogs.show('share', {});
  await vi.waitFor(() => expect(asked).toEqual(['share']));
  await vi.waitFor(() => expect(later.has('share')).toBe(true));
  expect(dialogs.of('share')).toBeDefined();

  dialogs.show('connect', {});
  await vi.waitFor(() => expect(missing).toHaveBeenCalledOnce());
  expect(dialogs.of('connect')).toBeUndefined();

  await vi.advanceTimersByTimeAsync(10_000);
  await vi.waitFor(() => expect(later.has('log')).toBe(true));
  expect(later.has('connect')).toBe(false);
  // Nobody waits for one that was not opened.
  expect(missing).toHaveBeenCalledOnce();
  stop();
});
