/**
 * Completed runs whose last full measurement is made again, one after another, by a trainer beside those that train.
 * What that tells more is added to what is stored; a run that cannot be measured stays as it is, and its log says why.
 */
import { catchError, concatMap, defer, EMPTY, NEVER, Subject, type Observable, type Subscription, tap } from 'rxjs';
import { type EngineBuild, engineBuild, isSameBuild } from '../../shared/engine.js';
import { fail, ok, type Result } from '../../shared/errors.js';
import type { Measurement } from '../../shared/measurement.js';
import type { Run } from '../../shared/run.js';
import type { Executor } from '../execution/executor.js';
import type { TrainerEvent } from '../execution/trainer-process.js';
import { experimentOf, hasExperiment } from '../experiments/registry.js';
import { messageOf } from '../message-of.js';
import { measurementMismatch, mismatchMessage } from '../runs/replay-check.js';
import { buildOf, type CommandSource } from '../runs/run-changes.js';
import type { RunStream } from '../runs/run-stream.js';
import type { CheckpointStore } from '../store/checkpoints.js';
import type { LogRow, RunStore } from '../store/run-store.js';

export interface MeasuringParts {
  store: RunStore;
  checkpoints: CheckpointStore;
  stream: RunStream;
  executor: Executor;
  allowEngineChange: boolean;
  now: () => Date;
}

/** What becomes of a run that is asked for: as it is now, and what its log says of it. */
export interface AskedMeasuring {
  run: Run;
  log: LogRow[];
}

export class Measuring {
  readonly #parts: MeasuringParts;
  readonly #asked$ = new Subject<string>();
  readonly #measuring: Subscription;

  /** @param left runs of the server before: those that it was asked to measure are measured now */
  constructor(parts: MeasuringParts, left: readonly Run[]) {
    this.#parts = parts;
    this.#measuring = this.#asked$.pipe(concatMap((runId) => this.#measure(runId))).subscribe();
    for (const { id, measuring } of left) if (measuring) this.#asked$.next(id);
  }

  /** Null: nothing more can be told, or it is under way. `conflict` leaves the run as it is. */
  asked(run: Run, by: CommandSource): Result<AskedMeasuring | null> {
    const { id: runId, status } = run;
    if (run.measuring) return ok(null);
    const experiment = run.source === 'local' && hasExperiment(run) ? experimentOf(run) : undefined;
    if (status !== 'completed' || experiment?.measuringAll === undefined)
      return fail('conflict', `a run${experiment ? ` that is ${status}` : ' of its kind'} cannot be measured again`, {
        status,
      });
    if (experiment.measuringAll(run.config) === null) return ok(null);
    const log = { runId, at: this.#at(), event: 'measure-requested', by, details: { epoch: run.step } };
    return ok({ run: { ...run, measuring: true }, log: [log] });
  }

  /** The run is stored as one that is to be measured. */
  begin(runId: string): void {
    this.#asked$.next(runId);
  }

  close(): void {
    this.#measuring.unsubscribe();
  }

  #measure(runId: string): Observable<TrainerEvent> {
    const { store, checkpoints, stream, executor, allowEngineChange } = this.#parts;
    return defer(() => {
      const run = stream.run(runId);
      if (run?.measuring === undefined) return EMPTY;
      store.check();
      const place = checkpoints.place(runId, stream.checkpoints(runId));
      const { experiment } = run;
      const build = buildOf(run);
      const config = experimentOf(run).measuringAll?.(run.config) ?? run.config;
      const job = { runId, experiment, config, checkpoints: place, build, allowEngineChange, measures: true };
      let claimedBy: EngineBuild | null = null;
      let trouble: string | undefined;
      return executor.train(job, NEVER).pipe(
        tap((event) => {
          if (event.type === 'claimed') claimedBy = engineBuild(event.engine);
          if (event.type === 'measured')
            trouble = this.#add(
              runId,
              event.measurement,
              claimedBy !== null && build !== null && isSameBuild(build, claimedBy),
            );
          if (event.type === 'ended')
            this.#ended(runId, event.status === 'completed' ? trouble : (event.message ?? event.status));
        }),
      );
    }).pipe(
      catchError((error: unknown) => {
        this.#ended(runId, messageOf(error));
        return EMPTY;
      }),
    );
  }

  /** Answers what is wrong with it. @param isComparable whether it was measured as the stored one was */
  #add(runId: string, again: Measurement, isComparable: boolean): string | undefined {
    const { stream } = this.#parts;
    const known = stream.run(runId) && stream.measurement(runId, again);
    if (known === undefined) return 'it was not measured in full at its end';
    const mismatch = isComparable ? measurementMismatch(known, again) : null;
    if (mismatch !== null) return mismatchMessage(mismatch);
    const measurement = withNullsOf(known, again);
    if (measurement !== null) stream.stage({ measurements: [{ runId, measurement }] });
    return undefined;
  }

  #ended(runId: string, trouble: string | undefined): void {
    const { stream } = this.#parts;
    const run = stream.run(runId);
    // Deleted meanwhile.
    if (run?.measuring === undefined) return;
    const { measuring: _measuring, ...rest } = run;
    const row = { runId, at: this.#at(), by: 'server' };
    if (trouble !== undefined)
      return stream.stage({ run: rest, log: [{ ...row, event: 'not-measured', cause: trouble }] });
    const config = experimentOf(run).measuringAll?.(run.config) ?? run.config;
    stream.stage({ run: { ...rest, config }, log: [{ ...row, event: 'measured', details: { epoch: run.step } }] });
  }

  #at(): string {
    return this.#parts.now().toISOString();
  }
}

/** What is known, with what chance gives where only the one made again tells that; null where nothing is new. */
export function withNullsOf(known: Measurement, again: Measurement): Measurement | null {
  const all = Object.entries(known.values).map(([series, value]) => {
    const told = Object.keys(value.nulls ?? {}).length;
    const nulls = { ...again.values[series]?.nulls, ...value.nulls };
    return { series, value, nulls, isMore: Object.keys(nulls).length > told };
  });
  if (!all.some(({ isMore }) => isMore)) return null;
  const values = all.map(({ series, value, nulls, isMore }) => [series, isMore ? { ...value, nulls } : value] as const);
  return { ...known, values: Object.fromEntries(values) };
}
