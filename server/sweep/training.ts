/**
 * The moving part between the line and the store: gives runs in their turn to trainers, keeps their states, and stages
 * what they report.
 */
import { setTimeout } from 'node:timers/promises';
import {
  catchError,
  concatMap,
  defer,
  EMPTY,
  filter,
  from,
  groupBy,
  map,
  mergeMap,
  of,
  Subject,
  switchMap,
  type Observable,
} from 'rxjs';
import type { Run } from '../../shared/run.js';
import type { TrainerPool } from '../engine/trainer-pool.js';
import type { TrainerControl, TrainerEvent } from '../engine/trainer-process.js';
import type { CheckpointStore } from '../store/checkpoints.js';
import type { CheckpointRow, RunStore } from '../store/run-store.js';
import { Pace } from './pace.js';
import { afterEnd, afterFrames, afterTaken, noteFrames } from './run-changes.js';
import type { RunStream } from './run-stream.js';
import { schedule, type LineChange, type Scheduled } from './scheduler.js';
import type { ServiceLog } from './service-log.js';
import { configCost } from './turn-order.js';

export interface TrainingOptions {
  store: RunStore;
  checkpoints: CheckpointStore;
  stream: RunStream;
  pool: TrainerPool;
  slots: number;
  checkpointSeconds: number;
  log: ServiceLog;
  now: () => Date;
}

/** What is held of a run while it has a slot. */
interface Leg {
  control$: Subject<TrainerControl>;
  pace: Pace;
}

/** A trainer's event, its state replaced by the row of the checkpoint that it became. */
type News = Exclude<TrainerEvent, { type: 'state' }> | { type: 'saved'; row: CheckpointRow };

/** Longest wait, at the end, for trainers to reach the end of their epoch. */
const CLOSE_MS = 5000;

export class Training {
  readonly #options: TrainingOptions;
  readonly #line$ = new Subject<LineChange>();
  readonly #legs = new Map<string, Leg>();
  /** Order of creation of sweeps. */
  readonly #sweepPositions: Map<string, number>;
  #resumes = 0;
  #isClosing = false;
  readonly #done: Promise<void>;

  constructor(options: TrainingOptions) {
    this.#options = options;
    this.#sweepPositions = new Map(options.store.sweeps().map((sweep, position) => [sweep.id, position]));
    const news$ = schedule(this.#line$, options.slots, (runId) => this.#train(runId)).pipe(
      // Run by run in order, and ended only when its checkpoint is kept; the slot is free before that.
      groupBy(({ runId }) => runId, {
        duration: (ofRun$) => ofRun$.pipe(filter(({ event }) => event.type === 'ended')),
      }),
      mergeMap((ofRun$) => ofRun$.pipe(concatMap((scheduled) => this.#kept(scheduled)))),
    );
    this.#done = new Promise((resolve) => {
      news$.subscribe({ next: ({ runId, event }) => this.#hear(runId, event), complete: resolve });
    });
  }

  /** Puts runs in line, those that were begun before in front. */
  join(runs: readonly Run[], { resumed }: { resumed: boolean }): void {
    if (this.#isClosing || runs.length === 0) return;
    const turn = resumed ? (this.#resumes += 1) : null;
    const waiting = runs.map(({ id, sweepId, config }) => {
      const sweepPosition = this.#sweepPositions.get(sweepId) ?? this.#sweepPositions.size;
      this.#sweepPositions.set(sweepId, sweepPosition);
      return { runId: id, resumed: turn, sweepPosition, cost: configCost(config) };
    });
    this.#line$.next({ type: 'join', runs: waiting });
    this.#options.pool.warm(this.#options.store.runs({ status: 'queued' }).length);
  }

  /** Takes runs out of the line that no trainer has begun. */
  leave(runIds: string[]): void {
    for (const runId of runIds) this.#legs.delete(runId);
    this.#line$.next({ type: 'leave', runIds });
  }

  /** Asks the trainer that holds the run. */
  tell(runId: string, control: TrainerControl): void {
    this.#legs.get(runId)?.control$.next(control);
  }

  #train(runId: string): Observable<TrainerEvent> {
    const { store, checkpoints, stream, pool, checkpointSeconds, log } = this.#options;
    return defer(() => {
      const run = stream.run(runId);
      if (run === undefined) return EMPTY;
      const { config } = run;
      const leg = { control$: new Subject<TrainerControl>(), pace: this.#paceOf(run) };
      this.#legs.set(runId, leg);
      const damaged = (row: CheckpointRow, reason: string): void =>
        log.warn({ runId, file: row.file, reason }, 'a checkpoint is passed over');
      return from(checkpoints.loadLatest(store.checkpoints(runId), damaged)).pipe(
        switchMap((state) => pool.train({ runId, config, state, checkpointSeconds }, leg.control$)),
      );
    }).pipe(
      catchError((error: unknown) => of<TrainerEvent>({ type: 'ended', status: 'failed', message: messageOf(error) })),
    );
  }

  /** With the frames of before, so that a resumed run has an ETA from its first one on. */
  #paceOf({ id, config }: Run): Pace {
    const { store, stream } = this.#options;
    const pace = new Pace(config.every);
    noteFrames(pace, store.frames(id, stream.nextSeq(id) - 2 - pace.window, pace.window + 1));
    return pace;
  }

  #kept({ runId, event }: Scheduled<TrainerEvent>): Observable<Scheduled<News>> {
    if (event.type !== 'state') return of({ runId, event });
    const { checkpoints, log, now } = this.#options;
    return defer(() => checkpoints.save(runId, event.state, now().toISOString())).pipe(
      map((row): Scheduled<News> => ({ runId, event: { type: 'saved', row } })),
      catchError((error: unknown) => {
        // Training is worth more than its checkpoint: the one before stays, and the next may succeed.
        log.error({ runId, err: error }, 'a checkpoint could not be written');
        return EMPTY;
      }),
    );
  }

  #hear(runId: string, event: News): void {
    const { stream, log, now } = this.#options;
    const run = stream.run(runId);
    const leg = this.#legs.get(runId);
    // Deleted, or out of the line again, while its news was on its way.
    if (run === undefined || leg === undefined) return;
    const at = now().toISOString();
    switch (event.type) {
      case 'taken':
        return stream.stage(afterTaken(run, event.engine.name, at));
      case 'started':
        return stream.stage({ fingerprints: [{ runId, fingerprint: event.fingerprint }] });
      case 'measured':
        return stream.stage({ measurements: [{ runId, measurement: event.measurement }] });
      case 'saved': {
        const { row } = event;
        const details = { epoch: row.epoch, bytes: row.bytes };
        return stream.stage({ checkpoints: [row], log: [{ runId, at, event: 'checkpoint', details }] });
      }
      case 'frames': {
        try {
          const block = stream.newPart({ runId, fromSeq: event.fromSeq, rows: event.rows, values: event.values });
          if (block !== null) stream.stage({ run: afterFrames(run, block, leg.pace), frames: [block] });
        } catch (error) {
          log.error({ runId, err: error }, 'a trainer broke the sequence of frames');
          this.leave([runId]);
          stream.stage(afterEnd(run, { status: 'crashed', message: messageOf(error) }, at));
        }
        return;
      }
      case 'ended': {
        this.#legs.delete(runId);
        const isOurDoing = this.#isClosing && event.status === 'crashed';
        const ended = afterEnd(run, isOurDoing ? { status: 'interrupted' } : event, at);
        if (ended.run.status === 'failed') log.error({ runId, reason: ended.run.error?.message }, 'a run failed');
        stream.stage(ended);
        if (ended.run.status === 'queued') this.join([ended.run], { resumed: true });
      }
    }
  }

  /** Asks every trainer for a state, waits a while for it, and ends them all. What was in hand is in line again. */
  async close(): Promise<void> {
    this.#isClosing = true;
    const { stream, pool } = this.#options;
    // Those that wait for a trainer to be ready have nothing to hand over.
    this.leave([...this.#legs.keys()].filter((runId) => stream.run(runId)?.status === 'queued'));
    this.#line$.next({ type: 'close' });
    for (const runId of this.#legs.keys()) {
      if (stream.run(runId)?.status === 'running') this.tell(runId, 'pause');
    }
    await Promise.race([this.#done, setTimeout(CLOSE_MS, undefined, { ref: false })]);
    await pool.close();
    await this.#done;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
