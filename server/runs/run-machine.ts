/**
 * What a trainer's news does to a run's status. The counterpart of `effectOf` in shared/run.ts, which says what
 * commands do; between them they are every way in which a status changes.
 */
import { fail, ok, type Result } from '../../shared/errors.js';
import type { RunStatus } from '../../shared/run.js';

/**
 * - `taken`: a trainer that is ready has begun
 * - `paused`, `stopped`, `completed`, `diverged`, `failed`: how the trainer ended its work
 * - `interrupted`: the trainer is gone without having said how it ended, and no other takes its place
 */
export type RunEvent = 'taken' | 'paused' | 'stopped' | 'completed' | 'diverged' | 'failed' | 'interrupted';

type Row = Partial<Record<RunStatus, RunStatus>>;

/** The last epoch, or trouble, may come before a pause or stop is taken. */
const ends = (status: RunStatus): Row => ({ running: status, pausing: status, stopping: status });

const TABLE: Record<RunEvent, Row> = {
  taken: { queued: 'running' },
  // running: the pause was withdrawn after the trainer had taken it; stopping: the stop came after that.
  paused: { running: 'queued', pausing: 'paused', stopping: 'stopped' },
  stopped: { stopping: 'stopped' },
  completed: ends('completed'),
  diverged: ends('diverged'),
  // queued: no trainer could be started for it.
  failed: { queued: 'failed', ...ends('failed') },
  interrupted: { queued: 'queued', running: 'queued', pausing: 'paused', stopping: 'stopped' },
};

/** The status after `event`; `internal` when a run in this status cannot have had it. */
export function nextStatus(status: RunStatus, event: RunEvent): Result<RunStatus> {
  const next = TABLE[event][status];
  return next === undefined ? fail('internal', `a run that is ${status} cannot be ${event}`) : ok(next);
}
