/**
 * A run while it has a slot: one trainer after another, as long as they die and the run goes on, and what becomes of
 * their news. Each is checked against what is stored of the run, and staged.
 */
import { concat, concatMap, defer, EMPTY, of, ReplaySubject, switchMap, take, type Observable } from 'rxjs';
import { type EngineInfo, engineBuild } from '../../shared/engine.js';
import { type FrameBlock, cut } from '../../shared/frames.js';
import type { Measurement } from '../../shared/measurement.js';
import { type Run, columnsOf } from '../../shared/run.js';
import type { Executor } from '../execution/executor.js';
import type { TrainerControl, TrainerEvent } from '../execution/trainer-process.js';
import { experimentOf } from '../experiments/registry.js';
import { messageOf } from '../message-of.js';
import {
  type Comparable,
  comparableOf,
  type Mismatch,
  frameMismatch,
  measurementMismatch,
  MISMATCH_ADVICE,
  mismatchMessage,
  shiftBetween,
  shifted,
  shiftOfState,
} from '../runs/replay-check.js';
import {
  afterEnd,
  afterFrames,
  afterClaim,
  buildOf,
  type CommandSource,
  engineSeam,
  type TrainerEnd,
} from '../runs/run-changes.js';
import type { RunStream } from '../runs/run-stream.js';
import type { ServiceLog } from '../runs/service-log.js';
import type { StorageHealth } from '../runs/storage-health.js';
import type { CheckpointStore } from '../store/checkpoints.js';
import type { LogRow, RunStore } from '../store/run-store.js';
import { EtaEstimator } from './eta-estimator.js';

/** Other trainers that a run gets without one new frame between them. */
const MAX_RESTARTS = 3;

export interface ExecutionOptions {
  store: RunStore;
  checkpoints: CheckpointStore;
  stream: RunStream;
  executor: Executor;
  health: StorageHealth;
  checkpointSeconds: number;
  /** Let a run go on on another engine than it was begun on. */
  allowEngineChange: boolean;
  log: ServiceLog;
  now: () => Date;
}

/** What is known of a run while it has a slot. */
export interface Execution {
  /** Replays the latest wish to a trainer that takes the place of one that died. */
  control$: ReplaySubject<TrainerControl>;
  /** Who asked for the pause or stop. */
  by?: CommandSource;
  estimator: EtaEstimator;
  crashes: CrashCount;
  comparable: Comparable;
  /** Of the checkpoints' place that its trainer was given. */
  home?: string | undefined;
  /** To be added to the trainer's `seconds`. */
  secondsShift: number;
  /** Where the run's trainers stand: one is on its way, or its successor is, or one has the run. */
  trainer: 'awaited' | 'replaced' | 'has it';
  /** Why the server paused it. */
  pauseCause?: string;
}

/** A trainer's news, its crash with the question of what becomes of the run. */
export type ExecutionEvent =
  | Exclude<TrainerEvent, { type: 'ended' }>
  | ({ type: 'ended' } & TrainerEnd)
  | { type: 'crashed'; message: string; decide: (verdict: Verdict) => void };
type Verdict = 'again' | TrainerEnd;

export function newExecution(run: Run, options: Pick<ExecutionOptions, 'store' | 'stream'>): Execution {
  return {
    control$: new ReplaySubject(1),
    estimator: estimatorOf(run, options),
    crashes: new CrashCount(),
    comparable: comparableOf(run, options.store.log(run.id)),
    secondsShift: 0,
    trainer: 'awaited',
  };
}

/** With the frames of before, so that a resumed run has an ETA from its first one on. */
function estimatorOf(run: Run, { store, stream }: Pick<ExecutionOptions, 'store' | 'stream'>): EtaEstimator {
  const estimator = new EtaEstimator(experimentOf(run).measured(run.config));
  estimator.addFrames(store.frames(run.id, stream.nextSeq(run.id) - 2 - estimator.window, estimator.window + 1));
  return estimator;
}

/** Trains from the newest checkpoint that is whole, or from the beginning. The last event is `ended`. */
export function execute(runId: string, execution: Execution, options: ExecutionOptions): Observable<ExecutionEvent> {
  const { store, checkpoints, stream, executor, checkpointSeconds, allowEngineChange } = options;
  return defer(() => {
    const run = stream.run(runId);
    if (run === undefined) return EMPTY;
    const build = stream.nextSeq(runId) > 0 ? buildOf(run) : null;
    // What is read and written there must be of the folder that this server has locked.
    store.check();
    const place = checkpoints.place(runId, stream.checkpoints(runId));
    execution.home = place.home;
    const { experiment, config } = run;
    const job = { runId, experiment, config, checkpoints: place, checkpointSeconds, build, allowEngineChange };
    return executor.train(job, execution.control$).pipe(
      concatMap((event): Observable<ExecutionEvent> => {
        if (event.type !== 'ended') return of(event);
        const { status, ...end } = event;
        return status === 'crashed' ? afterCrash(runId, execution, options, end.message ?? '') : of({ ...end, status });
      }),
    );
  });
}

/** The slot stays the run's until it is decided whether another trainer goes on with it. */
function afterCrash(
  runId: string,
  execution: Execution,
  options: ExecutionOptions,
  message: string,
): Observable<ExecutionEvent> {
  const verdict$ = new ReplaySubject<Verdict>(1);
  return concat(
    of<ExecutionEvent>({ type: 'crashed', message, decide: (verdict) => verdict$.next(verdict) }),
    verdict$.pipe(
      take(1),
      switchMap((verdict) =>
        verdict === 'again' ? execute(runId, execution, options) : of<ExecutionEvent>({ type: 'ended', ...verdict }),
      ),
    ),
  );
}

type News<Type extends ExecutionEvent['type']> = Extract<ExecutionEvent, { type: Type }>;

/** Every method is given the run as it stands and the time of the news, ISO 8601. */
export class TrainerNews {
  readonly #options: ExecutionOptions;
  readonly #takeAway: (runId: string) => void;

  /** @param takeAway takes a run from its trainer, which is ended */
  constructor(options: ExecutionOptions, takeAway: (runId: string) => void) {
    this.#options = options;
    this.#takeAway = takeAway;
  }

  /** @param wasPaused whether the server had paused it */
  claimed(run: Run, execution: Execution, engine: EngineInfo, at: string, { wasPaused }: { wasPaused: boolean }): void {
    const { stream } = this.#options;
    const build = engineBuild(engine);
    const nextSeq = stream.nextSeq(run.id);
    const { run: claimed, log } = afterClaim(run, build, at, nextSeq);
    const seam = engineSeam(run, build, nextSeq, at);
    if (seam !== null) Object.assign(execution.comparable, { fromSeq: seam.seq, afterStep: seam.step });
    if (wasPaused)
      log.push({ runId: run.id, at, by: 'server', event: 'resumed', cause: 'the runs can be stored again' });
    stream.stage({ run: claimed, log });
  }

  damaged({ id: runId }: Run, { epoch, reason }: News<'damaged'>, at: string): void {
    const { stream, log } = this.#options;
    log.warn({ runId, epoch, reason }, 'a checkpoint is passed over');
    stream.stage({ log: [{ runId, at, event: 'checkpoint-damaged', cause: reason, details: { epoch } }] });
  }

  begun({ id: runId }: Run, execution: Execution, from: News<'begun'>['from'], at: string): void {
    const { stream } = this.#options;
    execution.secondsShift = from === null ? 0 : shiftOfState(stream.frames(runId, from.seq, 1), from.seconds);
    const row = { runId, at, by: 'server', details: { epoch: from?.step ?? 0 } };
    if (execution.trainer === 'replaced') {
      const where = from === null ? 'begins again at epoch 0' : `goes on from the state of epoch ${from.step}`;
      stream.stage({ log: [{ ...row, event: 'recovered', cause: `another trainer ${where}` }] });
    } else if (from === null && stream.nextSeq(runId) > 0) {
      const cause = 'there is no checkpoint that can be used';
      stream.stage({ log: [{ ...row, event: 'begun-again', cause }] });
    }
    execution.trainer = 'has it';
  }

  saved({ id: runId, engine }: Run, { checkpoint }: News<'saved'>, at: string): void {
    const { checkpoints, stream, health, log } = this.#options;
    health.accepted(writerOf(runId));
    const row = checkpoints.row(runId, checkpoint, at, engine!);
    const rows = stream.checkpoints(runId);
    const details = { epoch: row.epoch, bytes: row.bytes };
    stream.stage({ checkpoints: [row], log: [{ runId, at, event: 'checkpoint', details }] });
    checkpoints.prune(row, rows).catch((error: unknown) => {
      log.warn({ runId, err: error }, 'old checkpoints stay on the disk');
    });
  }

  framed(before: Run, execution: Execution, { type: _type, series, ...rows }: News<'frames'>, at: string): void {
    const { stream, log } = this.#options;
    const run = withSeries(before, series);
    const block = { runId: run.id, ...rows };
    try {
      const mismatch = this.#mismatchOf(run, execution, block);
      if (mismatch !== null) return this.#mismatched(run, mismatch, at);
      const lastKnown = Math.min(stream.nextSeq(run.id), block.fromSeq + block.rows) - 1;
      if (lastKnown >= block.fromSeq) execution.secondsShift = shiftBetween(stream.frames(run.id, lastKnown, 1), block);
      const fresh = stream.newPart(block);
      if (fresh === null) return;
      const frames = shifted(fresh, execution.secondsShift);
      execution.estimator.addFrames(frames);
      const etaSeconds = run.total === null ? undefined : execution.estimator.etaSeconds(run.total);
      stream.stage({ run: afterFrames(run, frames, etaSeconds), frames: [frames] });
    } catch (error) {
      log.error({ runId: run.id, err: error }, 'a trainer broke the sequence of frames');
      this.#fail(run, { status: 'failed', message: messageOf(error) }, at);
    }
  }

  /** Where the block repeats frames that are stored or staged and differs from them; null where it need not be the same. */
  #mismatchOf(run: Run, execution: Execution, block: FrameBlock): Mismatch | null {
    const { stream } = this.#options;
    const again = cut(block, execution.comparable.fromSeq);
    const repeated = Math.min(stream.nextSeq(run.id) - again.fromSeq, again.rows);
    if (repeated <= 0) return null;
    const known = stream.frames(run.id, again.fromSeq, repeated);
    return frameMismatch(known, again, {
      columns: columnsOf(run),
      every: experimentOf(run).measured(run.config).every,
    });
  }

  measured(run: Run, execution: Execution, measurement: Measurement, at: string): void {
    const { stream } = this.#options;
    const known = stream.measurement(run.id, measurement);
    if (known === undefined) return stream.stage({ measurements: [{ runId: run.id, measurement }] });
    const { afterStep, scriptSample } = execution.comparable;
    if (measurement.epoch <= afterStep || (measurement.sample === 'script' && !scriptSample)) return;
    const mismatch = measurementMismatch(known, measurement);
    if (mismatch !== null) this.#mismatched(run, mismatch, at);
  }

  #mismatched(run: Run, mismatch: Mismatch, at: string): void {
    const cause = mismatchMessage(mismatch);
    const row = { runId: run.id, at, event: 'mismatch', cause, details: mismatch };
    this.#fail(run, { status: 'mismatch', message: `${cause}; ${MISMATCH_ADVICE}` }, at, [row]);
  }

  #fail(run: Run, end: { status: 'failed' | 'mismatch'; message: string }, at: string, rows: LogRow[] = []): void {
    const { stream, log } = this.#options;
    log.error({ runId: run.id, reason: end.message }, 'a run failed');
    this.#takeAway(run.id);
    const failed = afterEnd(run, end, at);
    stream.stage({ run: failed.run, log: [...rows, ...failed.log] });
  }

  crashed(run: Run, execution: Execution, { message, decide }: News<'crashed'>, at: string): void {
    const { stream, log } = this.#options;
    log.warn({ runId: run.id, reason: message }, 'a trainer crashed');
    this.#options.health.accepted(writerOf(run.id));
    stream.stage({ log: [{ runId: run.id, at, event: 'crashed', cause: message, details: { epoch: run.step } }] });
    // The next trainer is given the newest checkpoint.
    stream.tryFlush();
    // A pause or stop has nothing to wait for any more.
    if (run.status === 'pausing' || run.status === 'stopping') return decide({ status: 'interrupted' });
    execution.trainer = 'replaced';
    if (execution.crashes.add(stream.nextSeq(run.id))) return decide('again');
    decide({
      status: 'failed',
      message: `crashed again after ${MAX_RESTARTS} restarts without a new epoch: ${message}`,
    });
  }
}

/** How often a run's trainers have died, and whether the run is given to another one. */
export class CrashCount {
  #crashes = 0;
  #nextSeq = 0;

  /**
   * Counts a crash. True: another trainer goes on with the run.
   * @param nextSeq the seq that the run's next new frame will have: whether there was progress since the last crash
   */
  add(nextSeq: number): boolean {
    this.#crashes = nextSeq > this.#nextSeq ? 1 : this.#crashes + 1;
    this.#nextSeq = nextSeq;
    return this.#crashes <= MAX_RESTARTS;
  }
}

/** Names are only ever appended; a trainer that repeats frames tells of them once more. */
function withSeries(run: Run, series: string[] = run.series): Run {
  return series.length > run.series.length ? { ...run, series } : run;
}

/** Who tries to write a run's checkpoints, as `StorageHealth` knows it. */
export function writerOf(runId: string): string {
  return `checkpoint of ${runId}`;
}
