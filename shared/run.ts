/** A run as users see it, its statuses, and what each command does in each of them. */
import type { ApiError } from './errors.js';
import { type Dtype, SECONDS } from './frames.js';
import type { RunEngine } from './engine.js';
import type { JsonObject } from './experiment.js';

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

/** What a program that trains elsewhere may obey, beside pausing and the like: each run says which it does. */
export const PROGRAM_ACTIONS = ['pause', 'resume', 'stop', 'checkpoint', 'set'] as const;
export type ProgramAction = (typeof PROGRAM_ACTIONS)[number];

/** What can be told to one run. */
export const CONTROL_ACTIONS = [...RUN_ACTIONS, 'measure', 'checkpoint', 'set'] as const;
export type ControlAction = (typeof CONTROL_ACTIONS)[number];

/** What a program lets viewers change while it trains. */
export type ControlValue = number | string | boolean;

/** What can be told to all runs of a sweep at once, in the order in which it is offered. */
export const SWEEP_ACTIONS = ['pause', 'resume', 'stop'] as const satisfies readonly RunAction[];
export type SweepAction = (typeof SWEEP_ACTIONS)[number];

/** Where a run's frames begin to be of another kind than those before them. */
export interface Seam {
  /** Of the first frame after it. */
  seq: number;
  /** The last step before it. */
  step: number;
  /**
   * - `engine`: trained on another engine or build of the kernels from there on, so that the last bits differ
   * - `resume`: its program began again from an earlier state; what was there before stays
   */
  kind: 'engine' | 'resume';
  /** When the run went on there; ISO 8601, UTC. Absent in runs of versions that did not note it. */
  at?: string;
  /** The engines before and after. */
  from?: RunEngine;
  to?: RunEngine;
  /** Where the kernels are of another build, whether or not the engine is another one. */
  kernels?: { from: string; to: string };
}

/** Who trains a run: this server, or a program elsewhere that sends what it does. */
export type RunSource = 'local' | 'external';

export interface Run {
  id: string;
  source: RunSource;
  /** Which experiment its config and its series are of. */
  experiment: string;
  /** Null: it was not made by a sweep. */
  sweepId: string | null;
  name: string;
  notes: string;
  tags: string[];
  /** What its experiment, or its program, says that it is. */
  config: JsonObject;
  status: RunStatus;
  /** Of a paused program that was told to go on and has not said yet that it does. */
  requested?: 'resume';
  /** Of the last frame that is committed; 0 also before the first. Of a local run the epoch. */
  step: number;
  /** Steps to train, which `extend` raises; null where nobody knows. */
  total: number | null;
  /** What a step is called. */
  stepName: string;
  attempt: number;
  previousRunId?: string;
  /** In measuring order. Names are only ever appended. */
  series: string[];
  /** Ascending; absent where there is none. */
  seams?: Seam[];
  /** Null until a trainer has taken the run. */
  engine: RunEngine | null;
  /** Build of the kernels that it was trained with last; absent where that was not noted. */
  kernels?: string;
  /** Whether the last full measurement of the completed run is being made again, or waits for that. */
  measuring?: true;
  /** ISO 8601, UTC. */
  createdAt: string;
  startedAt?: string;
  endedAt?: string;
  /** Active training alone, pauses and downtime excluded. */
  seconds: number;
  /** Of a queued run: how many begin up to it, itself included; 1 is the next one. */
  place?: number;
  /** Until it is done, of a run that trains or waits: what is before it in the queue counts, too. Absent while not known. */
  etaSeconds?: number;
  error?: { code: ApiError['code'] | 'diverged' | 'trainer_failed' | 'program_failed' | 'mismatch'; message: string };
  /** When its program was heard last, ISO 8601; absent while it is heard. */
  silentSince?: string;
  /** What its program obeys. */
  accepts?: ProgramAction[];
  /** What viewers may change of it, as it stands. */
  controls?: Record<string, ControlValue>;
  /** What viewers have set of them and its program has not answered yet; absent where it has answered all. */
  requestedControls?: Record<string, ControlValue>;
  /** What its program says came out in the end. */
  summary?: JsonObject;
  project?: string;
  group?: string;
  /** Where it trains, as its program says. */
  host?: JsonObject;
  command?: string;
  git?: JsonObject;
}

/** The columns of a run's frames: active seconds, what its experiment tells of every step, then its series. */
export function columnsOf({ source, series }: Pick<Run, 'source' | 'series'>): string[] {
  return [...(source === 'local' ? LOCAL_COLUMNS : [SECONDS]), ...series];
}

/** How the values of a run's frames are held and sent. */
export function runDtype({ source }: Pick<Run, 'source'>): Dtype {
  return source === 'local' ? 'f32' : 'f64';
}

/** Of runs that train here, before the series. */
export const LOCAL_COLUMNS = [SECONDS, 'loss', 'accuracy'] as const;

export interface Sweep {
  id: string;
  /** Which experiment its spec, and each of its runs, is of. */
  experiment: string;
  name: string;
  /** As its experiment has it. */
  spec: JsonObject;
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
 * - `request`: a paused program is told to go on, and is paused until it says that it does
 * - `new-run`: another run of the same config begins
 * - `refused`: a conflict
 */
export type Effect =
  | { kind: 'same' }
  | { kind: 'to'; status: RunStatus }
  | { kind: 'withdraw' }
  | { kind: 'request' }
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

/** Of a run that another program trains; what is not here is refused. */
const PROGRAM_TABLE: Partial<Record<RunAction, Partial<Record<RunStatus, Effect>>>> = {
  pause: { running: to('pausing'), pausing: same, paused: same },
  resume: { running: same, pausing: { kind: 'withdraw' }, paused: { kind: 'request' } },
  stop: { running: to('stopping'), pausing: to('stopping'), paused: to('stopping'), stopping: same, stopped: same },
};

/** What of a run decides what a command does to it. */
export type Commanded = Pick<Run, 'source' | 'status' | 'requested' | 'silentSince' | 'accepts'>;

export function effectOf(action: RunAction, run: Commanded): Effect {
  return run.source === 'local' ? TABLE[action][run.status] : effectOnProgram(action, run);
}

function effectOnProgram(action: RunAction, { status, requested, silentSince, accepts = [] }: Commanded): Effect {
  const isOver = hasEnded({ status });
  // A person's word is enough where there may be no program any more.
  if (action === 'stop' && silentSince !== undefined && !isOver) return to('stopped');
  const effect = PROGRAM_TABLE[action]?.[status] ?? refused;
  // A pause that was asked for is taken back here, whatever the program obeys by now.
  if (effect.kind === 'withdraw') return effect;
  if (!accepts.some((each) => each === action)) return refused;
  if (status === 'paused' && requested === 'resume') {
    if (action === 'resume') return same;
    if (action === 'pause') return to('paused');
  }
  return effect;
}

/** Whether a command would do anything to a run. */
export function changes(action: RunAction, run: Commanded): boolean {
  return !['refused', 'same'].includes(effectOf(action, run).kind);
}

/** Whether a trainer holds or will hold the run without anyone's doing. */
export function isActive(status: RunStatus): boolean {
  return status === 'queued' || status === 'running' || status === 'pausing' || status === 'stopping';
}

/** Whether the run may be deleted: nobody trains it, or will, or its program was not heard for long. */
export function canDelete(run: Pick<Run, 'source' | 'status' | 'silentSince'>): boolean {
  return run.source === 'local' ? !isActive(run.status) : hasEnded(run) || run.silentSince !== undefined;
}

/** Whether the run is over: only a command makes it go on, if anything does. */
export function hasEnded({ status }: Pick<Run, 'status'>): boolean {
  return status === 'stopped' || status === 'completed' || status === 'failed' || status === 'diverged';
}
