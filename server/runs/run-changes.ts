/** The run as it is after a command or a trainer's news. Pure: the time is an argument, nothing is kept. */
import { type FrameBlock, SECONDS_COLUMN, widthOf } from '../../shared/frames.js';
import { type EngineBuild, haveSameKernels } from '../../shared/engine.js';
import type { Run, RunStatus, Seam } from '../../shared/run.js';
import type { LogRow } from '../store/run-store.js';
import { type Result, fail, ok } from '../../shared/errors.js';

/** Who asked for a change, for the runs' logs: the name of a token, or `viewer` (a page), `http` or `command-line`. */
export type CommandSource = string;

/** With `status`, and without what belongs to another one: an ETA, an error, an end. */
export function withStatus(run: Run, status: RunStatus, at: string): Run {
  const { etaSeconds, error, endedAt, requested: _requested, ...rest } = run;
  switch (status) {
    case 'running':
    case 'pausing':
    case 'stopping':
      return { ...rest, status, ...(etaSeconds !== undefined && { etaSeconds }) };
    case 'queued':
    case 'paused':
      return { ...rest, status };
    case 'stopped':
    case 'completed':
    case 'failed':
    case 'diverged': {
      // Of one that has ended nothing more is awaited.
      const { silentSince: _silentSince, requestedControls: _requestedControls, ...ended } = rest;
      return { ...ended, status, ...(error && { error }), endedAt: endedAt ?? at };
    }
  }
}

/**
 * A trainer has the run, from the queue or in the place of one that died.
 * @param nextSeq the seq of the run's next new frame: 0 means that no engine has left anything yet
 */
export function afterClaim(run: Run, build: EngineBuild, at: string, nextSeq = 0): { run: Run; log: LogRow[] } {
  const { id: runId, status } = run;
  const begun = status === 'queued' ? withStatus(run, 'running', at) : run;
  const log: LogRow[] = [];
  if (run.startedAt === undefined) log.push({ runId, at, event: 'started', details: build });
  const claimed = { ...begun, ...build, startedAt: run.startedAt ?? at };
  const seam = engineSeam(run, build, nextSeq, at);
  if (seam === null) return { run: claimed, log };
  log.push({ runId, at, event: 'engine-changed', details: seam });
  return { run: { ...claimed, seams: [...(run.seams ?? []), seam] }, log };
}

/** What trained the run last; null when nothing has. */
export function buildOf({ engine, kernels }: Run): EngineBuild | null {
  return engine === null ? null : { engine, ...(kernels !== undefined && { kernels }) };
}

/** Null when no frames of the run are another engine's or another build's. */
export function engineSeam(run: Run, to: EngineBuild, nextSeq: number, at: string): Seam | null {
  const from = buildOf(run);
  if (from === null || nextSeq === 0) return null;
  const kernels = haveSameKernels(from, to) ? null : { from: from.kernels!, to: to.kernels! };
  if (from.engine === to.engine && kernels === null) return null;
  const place = { seq: nextSeq, step: run.step, kind: 'engine', at } as const;
  return { ...place, from: from.engine, to: to.engine, ...(kernels && { kernels }) };
}

/** All of the frames are new. @param etaSeconds until the run is done; undefined while that is not known */
export function afterFrames(run: Run, block: FrameBlock, etaSeconds: number | undefined): Run {
  const { etaSeconds: _before, ...rest } = run;
  return {
    ...rest,
    step: block.steps.at(-1) ?? run.step,
    seconds: block.values[(block.rows - 1) * widthOf(block) + SECONDS_COLUMN] ?? run.seconds,
    ...(etaSeconds !== undefined && { etaSeconds }),
  };
}

export interface TrainerEnd {
  status:
    'paused' | 'stopped' | 'completed' | 'diverged' | 'failed' | 'unavailable' | 'refused' | 'mismatch' | 'interrupted';
  message?: string;
}

const FAILURE_CODE: Partial<Record<TrainerEnd['status'], NonNullable<Run['error']>['code']>> = {
  unavailable: 'unavailable',
  refused: 'conflict',
  mismatch: 'mismatch',
};

function eventOf(status: TrainerEnd['status']): RunEvent {
  return status === 'unavailable' || status === 'refused' || status === 'mismatch' ? 'failed' : status;
}

/**
 * How the run stands when its trainer has ended. An end that nobody asked for has failed it.
 * @param by who asked for the pause or stop
 */
export function afterEnd(run: Run, end: TrainerEnd, at: string, by?: CommandSource): { run: Run; log: LogRow[] } {
  const event = eventOf(end.status);
  const next = nextStatus(run.status, event);
  const status = next.ok ? next.data : 'failed';
  const message = next.ok ? (end.message ?? `the trainer ended: ${end.status}`) : next.error.message;
  const ended = withStatus(run, status, at);
  const row = { runId: run.id, at, event: status };
  switch (status) {
    case 'failed': {
      const code = FAILURE_CODE[end.status] ?? 'trainer_failed';
      return { run: { ...ended, error: { code, message } }, log: [{ ...row, cause: message }] };
    }
    case 'diverged':
      return { run: { ...ended, error: { code: 'diverged', message } }, log: [{ ...row, cause: message }] };
    case 'completed':
      return { run: ended, log: [{ ...row, details: { epoch: run.step, seconds: run.seconds } }] };
    case 'paused':
    case 'stopped':
      return { run: ended, log: [{ ...row, ...(by && { by }), details: { epoch: run.step } }] };
    default:
      // Queued again; its next turn is news enough.
      return { run: ended, log: [] };
  }
}

/** How a run goes on that a server left behind, which may not have ended in order. Null: as it is. */
export function afterRecovery(run: Run, at: string): { run: Run; log: LogRow[] } | null {
  const wasBegun = run.status === 'queued' && run.startedAt !== undefined;
  const next = nextStatus(run.status, 'interrupted');
  if (!next.ok || (run.status === 'queued' && !wasBegun)) return null;
  const cause = `the server ended while the run was ${run.status}`;
  return {
    run: withStatus(run, next.data, at),
    log: [{ runId: run.id, at, event: 'recovered', cause, details: { epoch: run.step } }],
  };
}

/**
 * - `claimed`: a trainer that is ready has begun
 * - `paused`, `stopped`, `completed`, `diverged`, `failed`: how the trainer ended its work
 * - `interrupted`: the trainer is gone without having said how it ended, and no other takes its place
 */
export type RunEvent = 'claimed' | 'paused' | 'stopped' | 'completed' | 'diverged' | 'failed' | 'interrupted';

type Row = Partial<Record<RunStatus, RunStatus>>;

/** The last epoch, or trouble, may come before a pause or stop is taken. */
const ends = (status: RunStatus): Row => ({ running: status, pausing: status, stopping: status });

const TABLE: Record<RunEvent, Row> = {
  claimed: { queued: 'running' },
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
