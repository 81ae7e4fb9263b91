/** The time in which a run has a slot: one trainer after another, as long as they die and the run goes on. */
import { concat, concatMap, defer, EMPTY, of, ReplaySubject, switchMap, take, type Observable } from 'rxjs';
import type { Run } from '../../shared/run.js';
import type { Executor } from '../execution/executor.js';
import type { TrainerControl, TrainerEvent } from '../execution/trainer-process.js';
import type { CheckpointStore } from '../store/checkpoints.js';
import type { RunStore } from '../store/run-store.js';
import { experimentOf } from '../experiments/registry.js';
import { CrashCount } from './crash-count.js';
import { EtaEstimator } from './eta-estimator.js';
import { comparableOf, type Comparable } from '../runs/replay-check.js';
import { buildOf, type TrainerEnd } from '../runs/run-changes.js';
import type { RunStream } from '../runs/run-stream.js';
import type { ServiceLog } from '../runs/service-log.js';
import type { CommandSource } from '../runs/run-changes.js';

export interface ExecutionOptions {
  store: RunStore;
  checkpoints: CheckpointStore;
  stream: RunStream;
  executor: Executor;
  checkpointSeconds: number;
  /** Let a run go on on another engine than it was begun on. */
  allowEngineChange: boolean;
  log: ServiceLog;
  now: () => Date;
}

/** What is held of a run while it has a slot. */
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
  heldBecause?: string;
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
    // What is read and written there must be of the folder that is held.
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
