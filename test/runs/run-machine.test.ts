import { expect, test } from 'vitest';
import { RUN_STATUSES, type RunStatus } from '../../shared/run.js';
import { nextStatus, type RunEvent } from '../../server/runs/run-changes.js';

/** Every legal combination; all others must be refused. */
const LEGAL: Record<RunEvent, Partial<Record<RunStatus, RunStatus>>> = {
  claimed: { queued: 'running' },
  paused: { running: 'queued', pausing: 'paused', stopping: 'stopped' },
  stopped: { stopping: 'stopped' },
  completed: { running: 'completed', pausing: 'completed', stopping: 'completed' },
  diverged: { running: 'diverged', pausing: 'diverged', stopping: 'diverged' },
  failed: { queued: 'failed', running: 'failed', pausing: 'failed', stopping: 'failed' },
  interrupted: { queued: 'queued', running: 'queued', pausing: 'paused', stopping: 'stopped' },
};

const events = Object.keys(LEGAL) as RunEvent[];
const cases = events.flatMap((event) => RUN_STATUSES.map((status) => [status, event, LEGAL[event][status]] as const));

test.each(cases)('a run that is %s and hears "%s" becomes %s', (status, event, next) => {
  const result = nextStatus(status, event);
  if (next !== undefined) expect(result).toEqual({ ok: true, data: next });
  else expect(result).toMatchObject({ ok: false, error: { code: 'internal' } });
});

test('what is refused names the status and the event', () => {
  expect(nextStatus('completed', 'paused')).toHaveProperty('error.message', 'a run that is completed cannot be paused');
});
