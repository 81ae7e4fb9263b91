/** A run as users see it, its statuses, and what each command does in each of them. */
import type { ApiError } from './errors.js';
import type { RunEngine } from './measurement.js';
import type { RunConfig, SweepSpec } from './sweep.js';

export const RUN_STATUSES = [
  'queued',
  'running',
  'pausing',
  'paused',
  'stopping',
  'stopped',
  'completed',
  'failed',
  'diverged',
] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

export const RUN_ACTIONS = ['pause', 'resume', 'stop', 'restart', 'extend'] as const;
export type RunAction = (typeof RUN_ACTIONS)[number];

/** What can be told to all runs of a sweep at once, in the order in which it is offered. */
export const SWEEP_ACTIONS = ['pause', 'resume', 'stop'] as const satisfies readonly RunAction[];
export type SweepAction = (typeof SWEEP_ACTIONS)[number];

/** Where a run went on on another engine or build of the kernels: its numbers differ from there in their last bits. */
export interface EngineSeam {
  /** The last epoch whose frame is of the engine `from`; the next is of `to`. */
  epoch: number;
  from: RunEngine;
  to: RunEngine;
  /** Where they are another build, whether or not the engine is another one. */
  kernels?: { from: string; to: string };
}

export interface Run {
  id: string;
  sweepId: string;
  name: string;
  notes: string;
  tags: string[];
  config: RunConfig;
  status: RunStatus;
  /** Epochs whose frame is committed; 0 also before the first frame. */
  epoch: number;
  /** The total to train; `extend` raises it above `config.epochs`' first value by changing both. */
  epochs: number;
  attempt: number;
  previousRunId?: string;
  /** CV series in measuring order. */
  series: string[];
  /** Null until a trainer has taken the run. */
  engine: RunEngine | null;
  /** Build of the kernels that it was trained with last; absent where that was not noted. */
  kernels?: string;
  /** By epoch; absent while one engine has trained it all. */
  engineSeams?: EngineSeam[];
  /** ISO 8601, UTC. */
  createdAt: string;
  startedAt?: string;
  endedAt?: string;
  /** Active training alone, pauses and downtime excluded. */
  seconds: number;
  /** Of a queued run: how many begin up to it, itself included; 1 is the next one. */
  place?: number;
  /** Until it is done, of a run that trains or waits: what is before it in line counts, too. Absent while not known. */
  etaSeconds?: number;
  error?: { code: ApiError['code'] | 'diverged' | 'trainer_failed' | 'mismatch'; message: string };
}

export interface Sweep {
  id: string;
  name: string;
  spec: SweepSpec;
  runIds: string[];
  createdAt: string;
  counts: Partial<Record<RunStatus, number>>;
  /** Until the last of its runs is done, but for paused ones; the largest of theirs. */
  etaSeconds?: number;
}

/**
 * What a command does to a run:
 * - `same`: its target is reached or under way; a success that changes nothing
 * - `to`: the run takes this status now
 * - `withdraw`: a pause that is not yet taken is called off
 * - `new-run`: another run of the same config begins
 * - `refused`: a conflict
 */
export type Effect =
  | { kind: 'same' }
  | { kind: 'to'; status: RunStatus }
  | { kind: 'withdraw' }
  | { kind: 'new-run' }
  | { kind: 'refused' };

const same: Effect = { kind: 'same' };
const refused: Effect = { kind: 'refused' };
const newRun: Effect = { kind: 'new-run' };
const to = (status: RunStatus): Effect => ({ kind: 'to', status });

const TABLE: Record<RunAction, Record<RunStatus, Effect>> = {
  pause: {
    queued: to('paused'),
    running: to('pausing'),
    pausing: same,
    paused: same,
    stopping: refused,
    stopped: refused,
    completed: refused,
    failed: refused,
    diverged: refused,
  },
  resume: {
    queued: same,
    running: same,
    pausing: { kind: 'withdraw' },
    paused: to('queued'),
    stopping: refused,
    stopped: to('queued'),
    completed: refused,
    failed: to('queued'),
    diverged: refused,
  },
  stop: {
    queued: to('stopped'),
    running: to('stopping'),
    pausing: to('stopping'),
    paused: to('stopped'),
    stopping: same,
    stopped: same,
    completed: refused,
    failed: refused,
    diverged: refused,
  },
  restart: {
    queued: refused,
    running: refused,
    pausing: refused,
    paused: newRun,
    stopping: refused,
    stopped: newRun,
    completed: newRun,
    failed: newRun,
    diverged: newRun,
  },
  extend: {
    queued: refused,
    running: refused,
    pausing: refused,
    paused: refused,
    stopping: refused,
    stopped: to('queued'),
    completed: to('queued'),
    failed: refused,
    diverged: refused,
  },
};

export function effectOf(action: RunAction, status: RunStatus): Effect {
  return TABLE[action][status];
}

/** Whether a command would do anything to a run. */
export function changes(action: RunAction, status: RunStatus): boolean {
  return !['refused', 'same'].includes(effectOf(action, status).kind);
}

/** Whether a trainer holds or will hold the run without anyone's doing. */
export function isActive(status: RunStatus): boolean {
  return status === 'queued' || status === 'running' || status === 'pausing' || status === 'stopping';
}

/** Whether the run is over: only a command makes it go on, if anything does. */
export function hasEnded({ status }: Pick<Run, 'status'>): boolean {
  return status === 'stopped' || status === 'completed' || status === 'failed' || status === 'diverged';
}
