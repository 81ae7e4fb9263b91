/** The moving part between the queue and the store: gives runs in their turn to trainers, and stages what they report. */
import { setTimeout } from 'node:timers/promises';
import {
  catchError,
  concatMap,
  defer,
  EMPTY,
  filter,
  groupBy,
  ignoreElements,
  mergeMap,
  of,
  race,
  Subject,
  take,
  tap,
  timer,
  type Observable,
} from 'rxjs';
import { cut, type FrameBlock } from '../../shared/frames.js';
import { engineBuild, type EngineBuild } from '../../shared/engine.js';
import type { Measurement } from '../../shared/measurement.js';
import { columnsOf, type Run } from '../../shared/run.js';
import type { TrainerControl } from '../execution/trainer-process.js';
import { experimentOf } from '../experiments/registry.js';
import { messageOf } from '../message-of.js';
import type { LogRow } from '../store/run-store.js';
import { shiftBetween, shifted, shiftOfState } from '../runs/training-clock.js';
import { MAX_RESTARTS } from './crash-count.js';
import { newExecution, execute, type Execution, type ExecutionEvent, type ExecutionOptions } from './execution.js';
import {
  frameMismatch,
  measurementMismatch,
  MISMATCH_ADVICE,
  mismatchMessage,
  type Mismatch,
} from '../runs/replay-check.js';
import { afterEnd, afterFrames, afterTaken, engineSeam } from '../runs/run-changes.js';
import type { RunReader } from '../runs/run-registry.js';
import { schedule, type QueueState, type QueueChange, type Scheduled } from './scheduler.js';
import { isStorageError, type StorageHealth } from '../runs/storage-health.js';
import type { CommandSource } from '../runs/run-changes.js';

export interface TrainingOptions extends ExecutionOptions {
  registry: RunReader;
  health: StorageHealth;
  /** Hears of the queue and the slots whenever they have changed. */
  arranged?: (queue: QueueState) => void;
  /** Between two tries to write a checkpoint to a disk that refuses it, milliseconds. */
  retryMs: number;
}

/** An execution's event, but for the checkpoint that could not be written. */
type News = Exclude<ExecutionEvent, { type: 'unsaved' }>;

/** Longest wait, at the end, for trainers to reach the end of their epoch. */
const CLOSE_MS = 5000;

export class Training {
  readonly #options: TrainingOptions;
  readonly #queue$ = new Subject<QueueChange>();
  readonly #executions = new Map<string, Execution>();
  /** Order of creation of sweeps; null: of runs that are of none. */
  readonly #sweepPositions: Map<string | null, number>;
  #resumes = 0;
  #isClosing = false;
  readonly #closing$ = new Subject<void>();
  /** Runs in the queue because the server had paused them. */
  readonly #heldRuns = new Set<string>();
  /** Runs taken from their trainers because the store could not be read. */
  readonly #lostRuns = new Set<string>();
  readonly #done: Promise<void>;

  constructor(options: TrainingOptions) {
    this.#options = options;
    this.#sweepPositions = new Map(options.registry.sweeps().map((sweep, position) => [sweep.id, position]));
    const train = (runId: string) => this.#train(runId);
    const news$ = schedule(this.#queue$, options.executor.capacity$, train, options.arranged).pipe(
      // Run by run in order; one that waits for the disk does not hold up the others.
      groupBy(({ runId }) => runId, {
        duration: (ofRun$) => ofRun$.pipe(filter(({ event }) => event.type === 'ended')),
      }),
      mergeMap((ofRun$) => ofRun$.pipe(concatMap((scheduled) => this.#afterRefusal(scheduled)))),
    );
    this.#done = new Promise((resolve) => {
      news$.subscribe({ next: ({ runId, event }) => this.#tryHear(runId, event), complete: resolve });
    });
  }

  /** Queues runs, those that were begun before in front. */
  enqueue(runs: readonly Run[], { resumed }: { resumed: boolean }): void {
    if (this.#isClosing || runs.length === 0) return;
    const turn = resumed ? (this.#resumes += 1) : null;
    const waiting = runs.map((run) => {
      const { id, sweepId, config } = run;
      const sweepPosition = this.#sweepPositions.get(sweepId) ?? this.#sweepPositions.size;
      this.#sweepPositions.set(sweepId, sweepPosition);
      return { runId: id, resumed: turn, sweepPosition, cost: experimentOf(run).cost(config) };
    });
    this.#queue$.next({ type: 'enqueue', runs: waiting });
    this.#options.executor.warm(this.#options.registry.runs({ status: 'queued' }).length);
  }

  /** Takes runs out of the queue that no trainer has begun. */
  remove(runIds: string[]): void {
    for (const runId of runIds) this.#forget(runId);
    this.#queue$.next({ type: 'remove', runIds });
  }

  /** Asks the trainer that holds the run. */
  tell(runId: string, control: TrainerControl, by?: CommandSource): void {
    const execution = this.#executions.get(runId);
    // While all are held, a pause that is called off gives way to the server's.
    if (execution === undefined || (control === 'continue' && execution.heldBecause !== undefined)) return;
    if (by !== undefined) execution.by = by;
    execution.control$.next(control);
  }

  /** Pauses all that trains, and gives no turn, until `release`: after an epoch each, no more frames come. */
  hold(cause: string): void {
    this.#queue$.next({ type: 'hold' });
    for (const execution of this.#executions.values()) {
      if (execution.heldBecause !== undefined) continue;
      execution.heldBecause = cause;
      execution.control$.next('pause');
    }
  }

  /** What `hold` paused goes on, first in the queue. */
  release(): void {
    try {
      for (const runId of this.#lostRuns) this.#requeue(runId);
    } catch (error) {
      if (!isStorageError(error)) throw error;
      return this.#options.stream.refuse(error);
    }
    this.#queue$.next({ type: 'release' });
  }

  #train(runId: string): Observable<ExecutionEvent> {
    return defer(() => {
      const run = this.#options.stream.run(runId);
      if (run === undefined) return EMPTY;
      const execution = newExecution(run, this.#options);
      this.#executions.set(runId, execution);
      return execute(runId, execution, this.#options);
    }).pipe(
      catchError((error: unknown) => {
        if (!isStorageError(error)) {
          const ended = { type: 'ended', status: 'failed', message: messageOf(error) } as const;
          if (this.#executions.has(runId)) return of<ExecutionEvent>(ended);
          // Before it began: nobody else hears of it.
          const run = this.#options.stream.run(runId);
          if (run !== undefined) this.#options.stream.stage(afterEnd(run, ended, this.#options.now().toISOString()));
          return EMPTY;
        }
        this.#lose(runId, error);
        return EMPTY;
      }),
    );
  }

  #tryHear(runId: string, event: News): void {
    try {
      this.#hear(runId, event);
    } catch (error) {
      if (!isStorageError(error)) throw error;
      this.#lose(runId, error);
    }
  }

  /** What is stored of the run cannot be read: it goes on from its last checkpoint once it can. */
  #lose(runId: string, error: unknown): void {
    this.#lostRuns.add(runId);
    this.#options.stream.refuse(error);
    this.remove([runId]);
  }

  #requeue(runId: string): void {
    const { stream, now } = this.#options;
    const run = stream.run(runId);
    this.#lostRuns.delete(runId);
    if (run === undefined) return;
    const ended = afterEnd(run, { status: 'interrupted' }, now().toISOString());
    stream.stage(ended);
    if (ended.run.status === 'queued') this.enqueue([ended.run], { resumed: true });
  }

  /** A checkpoint that the disk refuses is tried again after a while, for which its trainer waits. */
  #afterRefusal({ runId, event }: Scheduled<ExecutionEvent>): Observable<Scheduled<News>> {
    if (event.type !== 'unsaved') return of({ runId, event });
    const { checkpoints, health, retryMs, log } = this.#options;
    const { error, answer } = event;
    if (this.#isClosing || !checkpoints.isDurable || !isStorageError(error)) {
      // Training is worth more than its checkpoint: the one before stays, and the next may succeed.
      log.error({ runId, err: error }, 'a checkpoint could not be written');
      answer('skip');
      return EMPTY;
    }
    if (this.#executions.has(runId)) health.refused(writerOf(runId), error);
    return race(timer(retryMs), this.#closing$).pipe(
      take(1),
      tap(() => answer(this.#isClosing || this.#hasOtherHome(runId) ? 'skip' : 'save')),
      ignoreElements(),
    );
  }

  /** A copy has taken the data folder's place: the run's next trainer knows it, and this one never will. */
  #hasOtherHome(runId: string): boolean {
    const { store, checkpoints } = this.#options;
    try {
      store.check();
      return checkpoints.place(runId, []).home !== this.#executions.get(runId)?.home;
    } catch {
      return false;
    }
  }

  /** The run is in no trainer's hands any more, nor is anything of it refused. */
  #forget(runId: string): void {
    this.#executions.delete(runId);
    this.#options.health.accepted(writerOf(runId));
  }

  #hear(runId: string, event: News): void {
    const { stream, log, now } = this.#options;
    const run = stream.run(runId);
    const execution = this.#executions.get(runId);
    // Deleted, or out of the queue again, while its news was on its way.
    if (run === undefined || execution === undefined) return;
    const at = now().toISOString();
    switch (event.type) {
      case 'taken':
        return this.#taken(run, execution, engineBuild(event.engine), at);
      case 'damaged': {
        const { epoch, reason } = event;
        log.warn({ runId, epoch, reason }, 'a checkpoint is passed over');
        const row = { runId, at, event: 'checkpoint-damaged', cause: reason, details: { epoch } };
        return stream.stage({ log: [row] });
      }
      case 'begun':
        return this.#begun(run, execution, event.from, at);
      case 'started':
        return stream.stage({ fingerprints: [{ runId, fingerprint: event.fingerprint }] });
      case 'measured':
        return this.#measured(run, execution, event.measurement, at);
      case 'saved':
        return this.#saved(run, event, at);
      case 'frames': {
        const { type: _type, series, ...block } = event;
        return this.#framed(withSeries(run, series), execution, { runId, ...block }, at);
      }
      case 'crashed':
        return this.#crashed(run, execution, event, at);
      case 'ended': {
        this.#forget(runId);
        const ended = afterEnd(run, event, at, execution.by);
        if (ended.run.status === 'failed') log.error({ runId, reason: ended.run.error?.message }, 'a run failed');
        if (ended.run.status === 'queued' && execution.heldBecause !== undefined && !this.#isClosing) {
          this.#heldRuns.add(runId);
          const details = { epoch: run.step };
          ended.log.push({ runId, at, event: 'paused', by: 'server', cause: execution.heldBecause, details });
        }
        stream.stage(ended);
        if (ended.run.status === 'queued') this.enqueue([ended.run], { resumed: true });
      }
    }
  }

  #taken(run: Run, execution: Execution, build: EngineBuild, at: string): void {
    const { stream } = this.#options;
    const nextSeq = stream.nextSeq(run.id);
    const { run: taken, log } = afterTaken(run, build, at, nextSeq);
    const seam = engineSeam(run, build, nextSeq, at);
    if (seam !== null) Object.assign(execution.comparable, { fromSeq: seam.seq, afterStep: seam.step });
    if (this.#heldRuns.delete(run.id)) {
      log.push({ runId: run.id, at, by: 'server', event: 'resumed', cause: 'the runs can be stored again' });
    }
    stream.stage({ run: taken, log });
  }

  #begun({ id: runId }: Run, execution: Execution, from: Extract<News, { type: 'begun' }>['from'], at: string): void {
    const { stream } = this.#options;
    execution.secondsShift = from === null ? 0 : shiftOfState(stream.kept(runId, from.seq, 1), from.seconds);
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

  #saved({ id: runId, engine }: Run, { checkpoint }: Extract<News, { type: 'saved' }>, at: string): void {
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

  #framed(run: Run, execution: Execution, block: FrameBlock, at: string): void {
    const { stream, log } = this.#options;
    try {
      const mismatch = this.#mismatchOf(run, execution, block);
      if (mismatch !== null) return this.#mismatched(run, mismatch, at);
      const lastKept = Math.min(stream.nextSeq(run.id), block.fromSeq + block.rows) - 1;
      if (lastKept >= block.fromSeq) execution.secondsShift = shiftBetween(stream.kept(run.id, lastKept, 1), block);
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

  /** Where the block repeats frames that are kept and differs from them; null where it need not be the same. */
  #mismatchOf(run: Run, execution: Execution, block: FrameBlock): Mismatch | null {
    const { stream } = this.#options;
    const again = cut(block, execution.comparable.fromSeq);
    const repeated = Math.min(stream.nextSeq(run.id) - again.fromSeq, again.rows);
    if (repeated <= 0) return null;
    const kept = stream.kept(run.id, again.fromSeq, repeated);
    return frameMismatch(kept, again, { columns: columnsOf(run), every: experimentOf(run).measured(run.config).every });
  }

  #measured(run: Run, execution: Execution, measurement: Measurement, at: string): void {
    const { stream } = this.#options;
    const kept = stream.measurement(run.id, measurement);
    if (kept === undefined) return stream.stage({ measurements: [{ runId: run.id, measurement }] });
    const { afterStep, scriptSample } = execution.comparable;
    if (measurement.epoch <= afterStep || (measurement.sample === 'script' && !scriptSample)) return;
    const mismatch = measurementMismatch(kept, measurement);
    if (mismatch !== null) this.#mismatched(run, mismatch, at);
  }

  #mismatched(run: Run, mismatch: Mismatch, at: string): void {
    const cause = mismatchMessage(mismatch);
    const row = { runId: run.id, at, event: 'mismatch', cause, details: mismatch };
    this.#fail(run, { status: 'mismatch', message: `${cause}; ${MISMATCH_ADVICE}` }, at, [row]);
  }

  /** Takes the run from its trainer, which is ended. */
  #fail(run: Run, end: { status: 'failed' | 'mismatch'; message: string }, at: string, rows: LogRow[] = []): void {
    const { stream, log } = this.#options;
    log.error({ runId: run.id, reason: end.message }, 'a run failed');
    this.remove([run.id]);
    const failed = afterEnd(run, end, at);
    stream.stage({ run: failed.run, log: [...rows, ...failed.log] });
  }

  #crashed(run: Run, execution: Execution, { message, decide }: Extract<News, { type: 'crashed' }>, at: string): void {
    const { stream, log } = this.#options;
    // Our own doing, and no fault of the trainer.
    if (this.#isClosing) return decide({ status: 'interrupted' });
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

  /** Asks every trainer for a state, waits a while for it, and ends them all. What was in hand is queued again. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#closing$.next();
    const { stream, executor, now } = this.#options;
    // Those that wait for a trainer have nothing to hand over.
    const waiting = [...this.#executions]
      .filter(([, execution]) => execution.trainer !== 'has it')
      .map(([runId]) => runId);
    this.remove(waiting);
    for (const run of waiting.map((runId) => stream.run(runId)).filter((one) => one !== undefined))
      if (run.status !== 'queued') stream.stage(afterEnd(run, { status: 'interrupted' }, now().toISOString()));
    this.#queue$.next({ type: 'close' });
    for (const runId of this.#executions.keys()) {
      if (stream.run(runId)?.status === 'running') this.tell(runId, 'pause');
    }
    await Promise.race([this.#done, setTimeout(CLOSE_MS, undefined, { ref: false })]);
    await executor.close();
    await this.#done;
  }
}

/** Names are only ever appended; a trainer that repeats frames tells of them once more. */
function withSeries(run: Run, series: string[] = run.series): Run {
  return series.length > run.series.length ? { ...run, series } : run;
}

/** Who tries to write a run's checkpoints, as `StorageHealth` knows it. */
function writerOf(runId: string): string {
  return `checkpoint of ${runId}`;
}
