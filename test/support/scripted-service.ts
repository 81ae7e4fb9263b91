/**
 * The real sweep service over a memory store, whose trainers do nothing by themselves: the test says which frames are
 * committed, when, and how a run's trainer has left it.
 */
import { BehaviorSubject, NEVER, type Observable, of } from 'rxjs';
import type { EngineInfo } from '../../shared/engine.js';
import { makeValues } from '../../shared/frames.js';
import type { Measurement } from '../../shared/measurement.js';
import type { RunControl, StorageNotice } from '../../shared/protocol.js';
import { columnsOf, isActive, type Run, runDtype, type RunStatus, type SweepAction } from '../../shared/run.js';
import { ExternalRuns } from '../../server/external/external-runs.js';
import type { Executor } from '../../server/execution/executor.js';
import type { TrainerEvent } from '../../server/execution/trainer-process.js';
import type { CommandSource } from '../../server/runs/run-changes.js';
import { RunRegistry } from '../../server/runs/run-registry.js';
import { RunStream } from '../../server/runs/run-stream.js';
import { silentLog } from '../../server/runs/service-log.js';
import { StorageHealth } from '../../server/runs/storage-health.js';
import { ToldTimes } from '../../server/scheduling/told-times.js';
import { Measuring } from '../../server/scheduling/measuring.js';
import { Training } from '../../server/scheduling/training.js';
import { StoredSweepService } from '../../server/service/stored-sweep-service.js';
import { Capacity, DEFAULT_SERVICE_LIMITS } from '../../server/service/service-limits.js';
import { StoreCommands } from '../../server/service/store-commands.js';
import type { SweepService } from '../../server/service/sweep-service.js';
import type { CheckpointStore } from '../../server/store/checkpoints.js';
import { createMemoryStore } from '../../server/store/memory-store.js';
import type { RunStore } from '../../server/store/run-store.js';
import { testBlock } from './test-frames.js';

const AT = '2026-01-02T03:04:05.000Z';
const SLOTS = 2;
const ENGINE: EngineInfo = { name: 'wasm', ops: 'kernels', version: '4.22.0', threads: 1 };

/** Takes runs and is never ready to train them. */
class IdleExecutor implements Executor {
  readonly capacity$ = of(SLOTS);
  /** How many runs it was given. */
  taken = 0;

  train(): Observable<TrainerEvent> {
    this.taken += 1;
    return NEVER;
  }

  warm(): void {
    // Nothing takes its time to be made ready.
  }

  engine(): EngineInfo {
    return ENGINE;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Nothing writes any. */
const noCheckpoints: CheckpointStore = {
  isDurable: false,
  place: () => ({ folder: '', files: [], isDurable: false }),
  row: () => {
    throw new Error('no trainer writes checkpoints');
  },
  prune: () => Promise.resolve(),
  delete: () => Promise.resolve(),
};

export class ScriptedService extends StoredSweepService {
  readonly store: RunStore;
  readonly #registry: RunRegistry;
  readonly #stream: RunStream;
  readonly #training: Training;
  readonly #executor: IdleExecutor;
  /** The test says when runs cannot be stored. */
  override readonly storage$: BehaviorSubject<StorageNotice | null>;
  isClosed = false;
  /** Where commands came from. */
  readonly sources: (CommandSource | undefined)[] = [];

  constructor() {
    const now = (): Date => new Date(AT);
    const store = createMemoryStore();
    const registry = new RunRegistry(store);
    const health = new StorageHealth(now);
    const executor = new IdleExecutor();
    // Each needs the other: it is asked only once both are there.
    const stream: RunStream = new RunStream({ store, registry, told: (change) => times.tell(change) });
    const times = new ToldTimes({ registry, changed: () => stream.publishTimes() });
    const training = new Training({
      ...{ store, registry, checkpoints: noCheckpoints, stream, health, executor },
      ...{ arranged: (queue) => times.arrange(queue), checkpointSeconds: 0, allowEngineChange: false, retryMs: 1000 },
      ...{ log: silentLog, now },
    });
    const measuring = new Measuring(
      { store, checkpoints: noCheckpoints, stream, executor, allowEngineChange: false, now },
      [],
    );
    const commands = new StoreCommands(store, stream, silentLog);
    const capacity = new Capacity(DEFAULT_SERVICE_LIMITS, registry, executor, times);
    const external = new ExternalRuns(
      { store, stream, health, commands, excess: () => capacity.excess(0, 1), now },
      [],
    );
    super({
      ...{ store, registry, checkpoints: noCheckpoints, stream, times, training, measuring, executor, health },
      ...{ commands, capacity, external },
      ...{ log: silentLog, now },
    });
    this.store = store;
    this.#registry = registry;
    this.#stream = stream;
    this.#training = training;
    this.#executor = executor;
    this.storage$ = new BehaviorSubject<StorageNotice | null>(null);
  }

  override storage(): StorageNotice | null {
    return this.storage$.value;
  }

  override createSweep(request: unknown, by?: CommandSource): ReturnType<SweepService['createSweep']> {
    this.sources.push(by);
    return super.createSweep(request, by);
  }

  override control(request: RunControl, by?: CommandSource): ReturnType<SweepService['control']> {
    this.sources.push(by);
    return super.control(request, by);
  }

  override controlSweep(
    sweepId: string,
    action: SweepAction,
    by?: CommandSource,
  ): ReturnType<SweepService['controlSweep']> {
    this.sources.push(by);
    return super.controlSweep(sweepId, action, by);
  }

  override async close(): Promise<void> {
    await super.close();
    this.isClosed = true;
  }

  /** How many runs were given to a trainer. */
  get begun(): number {
    return this.#executor.taken;
  }

  /** A sweep of one config with `heads` heads; answers its run. */
  addRun(heads = 1): Run {
    const created = super.createSweep({ dims: [8 * heads], heads: [heads], epochs: 50 });
    if (!created.ok) throw new Error(created.error.message);
    return this.runs.run(created.data.runIds[0]!)!;
  }

  /** Commits and publishes the run's next `rows` frames. @param stride steps from each to the next */
  addFrames(runId: string, rows: number, stride = 1): void {
    const run = this.#registry.run(runId)!;
    const columns = columnsOf(run).length;
    const fromSeq = this.store.nextSeq(runId);
    const values = makeValues(runDtype(run), rows * columns).map((_, index) =>
      valueAt(fromSeq + Math.floor(index / columns), index % columns),
    );
    const block = testBlock(runId, fromSeq, rows, values);
    const frames = { ...block, steps: block.steps.map((step) => step * stride) };
    this.#stream.stage({ run: { ...run, step: frames.steps.at(-1) ?? run.step }, frames: [frames] });
    this.#stream.flush();
  }

  addMeasurement(runId: string, measurement: Measurement): void {
    this.#stream.stage({ measurements: [{ runId, measurement }] });
    this.#stream.flush();
  }

  setStatus(runId: string, status: RunStatus): Run {
    return this.change({ ...this.#registry.run(runId)!, status });
  }

  /** What is no longer active has left its trainer. */
  change(run: Run): Run {
    if (!isActive(run.status)) this.#training.remove([run.id]);
    this.#stream.commitNow({ runs: [run] });
    return run;
  }
}

/** What a frame holds: values that tell rows and columns apart; the loss of epoch 0 is missing. */
export function valueAt(seq: number, column: number): number {
  return column === 1 && seq === 0 ? Number.NaN : Math.fround(seq + column / 64);
}
