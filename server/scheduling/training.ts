/** The moving part between the queue and the trainers: gives runs in their turn to them, and passes on what they report. */
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
import type { Run } from '../../shared/run.js';
import type { TrainerControl } from '../execution/trainer-process.js';
import { experimentOf } from '../experiments/registry.js';
import { messageOf } from '../message-of.js';
import { afterEnd, type CommandSource } from '../runs/run-changes.js';
import type { RunReader } from '../runs/run-registry.js';
import { isStorageError } from '../runs/storage-health.js';
import {
  type Execution,
  type ExecutionEvent,
  type ExecutionOptions,
  execute,
  newExecution,
  TrainerNews,
  writerOf,
} from './execution.js';
import { schedule, type QueueState, type QueueChange, type Scheduled } from './scheduler.js';

export interface TrainingOptions extends ExecutionOptions {
  registry: RunReader;
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
  readonly #pausedRuns = new Set<string>();
  /** Runs taken from their trainers because the store could not be read. */
  readonly #lostRuns = new Set<string>();
  readonly #news: TrainerNews;
  readonly #done: Promise<void>;

  constructor(options: TrainingOptions) {
    this.#options = options;
    this.#news = new TrainerNews(options, (runId) => this.remove([runId]));
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
      news$.subscribe({ next: ({ runId, event }) => this.#tryReceive(runId, event), complete: resolve });
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

  /** Asks the trainer that has the run. */
  tell(runId: string, control: TrainerControl, by?: CommandSource): void {
    const execution = this.#executions.get(runId);
    // While the queue is on hold, the server's pause stands, whoever calls off theirs.
    if (execution === undefined || (control === 'continue' && execution.pauseCause !== undefined)) return;
    if (by !== undefined) execution.by = by;
    execution.control$.next(control);
  }

  /** Pauses all that trains, and gives no turn, until `release`: after an epoch each, no more frames come. */
  hold(cause: string): void {
    this.#queue$.next({ type: 'hold' });
    for (const execution of this.#executions.values()) {
      if (execution.pauseCause !== undefined) continue;
      execution.pauseCause = cause;
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

  #tryReceive(runId: string, event: News): void {
    try {
      this.#receive(runId, event);
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

  #receive(runId: string, event: News): void {
    const { stream, log, now } = this.#options;
    const run = stream.run(runId);
    const execution = this.#executions.get(runId);
    // Deleted, or out of the queue again, while its news was on its way.
    if (run === undefined || execution === undefined) return;
    const at = now().toISOString();
    switch (event.type) {
      case 'claimed':
        return this.#news.claimed(run, execution, event.engine, at, { wasPaused: this.#pausedRuns.delete(runId) });
      case 'damaged':
        return this.#news.damaged(run, event, at);
      case 'begun':
        return this.#news.begun(run, execution, event.from, at);
      case 'started':
        return stream.stage({ fingerprints: [{ runId, fingerprint: event.fingerprint }] });
      case 'measured':
        return this.#news.measured(run, execution, event.measurement, at);
      case 'saved':
        return this.#news.saved(run, event, at);
      case 'frames':
        return this.#news.framed(run, execution, event, at);
      case 'crashed':
        // Our own doing, and no fault of the trainer.
        if (this.#isClosing) return event.decide({ status: 'interrupted' });
        return this.#news.crashed(run, execution, event, at);
      case 'ended': {
        this.#forget(runId);
        const ended = afterEnd(run, event, at, execution.by);
        if (ended.run.status === 'failed') log.error({ runId, reason: ended.run.error?.message }, 'a run failed');
        if (ended.run.status === 'queued' && execution.pauseCause !== undefined && !this.#isClosing) {
          this.#pausedRuns.add(runId);
          const details = { epoch: run.step };
          ended.log.push({ runId, at, event: 'paused', by: 'server', cause: execution.pauseCause, details });
        }
        stream.stage(ended);
        if (ended.run.status === 'queued') this.enqueue([ended.run], { resumed: true });
      }
    }
  }

  /** Asks every trainer for a state, waits a while for it, and ends them all. What was in hand is queued again. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#closing$.next();
    const { stream, executor, now } = this.#options;
    // First, or the slots of those that are removed would go to the next in the queue.
    this.#queue$.next({ type: 'close' });
    // Those that wait for a trainer have nothing to hand over.
    const waiting = [...this.#executions]
      .filter(([, execution]) => execution.trainer !== 'has it')
      .map(([runId]) => runId);
    this.remove(waiting);
    for (const run of waiting.map((runId) => stream.run(runId)).filter((one) => one !== undefined))
      if (run.status !== 'queued') stream.stage(afterEnd(run, { status: 'interrupted' }, now().toISOString()));
    for (const runId of this.#executions.keys()) {
      if (stream.run(runId)?.status === 'running') this.tell(runId, 'pause');
    }
    await Promise.race([this.#done, setTimeout(CLOSE_MS, undefined, { ref: false })]);
    await executor.close();
    await this.#done;
  }
}
