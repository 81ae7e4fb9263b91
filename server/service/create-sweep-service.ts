/** Puts the heart together from its parts, and takes up what the last server left. */
import { interval, last, takeUntil } from 'rxjs';
import type { Failure } from '../../shared/errors.js';
import { isActive, type Run } from '../../shared/run.js';
import type { Executor } from '../execution/executor.js';
import type { CheckpointStore } from '../store/checkpoints.js';
import type { RunStore } from '../store/run-store.js';
import { hasExperiment } from '../experiments/registry.js';
import { ExternalRuns } from '../external/external-runs.js';
import { afterEnd, afterRecovery, type TrainerEnd } from '../runs/run-changes.js';
import { RunStream } from '../runs/run-stream.js';
import { silentLog, type ServiceLog } from '../runs/service-log.js';
import { RunRegistry } from '../runs/run-registry.js';
import { ToldTimes } from '../scheduling/told-times.js';
import { isPassing, StorageHealth } from '../runs/storage-health.js';
import { StoredSweepService } from './stored-sweep-service.js';
import { StoreCommands } from './store-commands.js';
import { Capacity, DEFAULT_SERVICE_LIMITS, type ServiceLimits } from './service-limits.js';
import type { SweepService } from './sweep-service.js';
import { Measuring } from '../scheduling/measuring.js';
import { Training } from '../scheduling/training.js';

export interface SweepServiceOptions {
  /** Stays open: whoever opened it closes it, after `close()`. */
  store: RunStore;
  checkpoints: CheckpointStore;
  /** Who trains; closed with the service. */
  executor: Executor;
  /** Training seconds between two checkpoints of a run; 0: only when it ends or pauses. */
  checkpointSeconds?: number;
  /** Let a run go on on another engine than it was begun on; else that is refused. */
  allowEngineChange?: boolean;
  /** Between two tries to write what the disk refuses, milliseconds. */
  retryMs?: number;
  /** Programs that say nothing for so long are told of as silent. */
  silentMs?: number;
  /** Those of `DEFAULT_SERVICE_LIMITS` where they are not given. */
  limits?: Partial<ServiceLimits>;
  log?: ServiceLog;
  now?: () => Date;
}

const CHECKPOINT_SECONDS = 5;
const RETRY_MS = 1000;
/** Between two looks whether the data folder is still there, when nothing is committed. */
const LOOK_MS = 1000;

/** Takes up what the last server left in `store` and begins at once. */
export function createSweepService(options: SweepServiceOptions): SweepService {
  const { store, checkpoints, executor } = options;
  const { checkpointSeconds = CHECKPOINT_SECONDS, allowEngineChange = false, retryMs = RETRY_MS } = options;
  const silence = options.silentMs === undefined ? {} : { silentMs: options.silentMs };
  const { log = silentLog, now = () => new Date() } = options;
  const health = new StorageHealth(now);
  const registry = new RunRegistry(store);
  let queued: Run[] | null = null;
  const stream = new RunStream({
    store,
    registry,
    retryMs,
    refused: (error) => {
      // A start that fails says why by itself.
      if (health.refused('runs', error) && queued !== null)
        log.error({ err: error }, 'the store refuses what is to be stored');
    },
    accepted: () => health.accepted('runs'),
    told: (change) => times.tell(change),
  });
  const times = new ToldTimes({
    registry,
    changed: () => stream.publishTimes(),
  });
  const training = new Training({
    store,
    registry,
    checkpoints,
    stream,
    health,
    executor,
    arranged: (queue) => times.arrange(queue),
    checkpointSeconds,
    allowEngineChange,
    retryMs,
    log,
    now,
  });
  const commands = new StoreCommands(store, stream, log);
  const capacity = new Capacity({ ...DEFAULT_SERVICE_LIMITS, ...options.limits }, registry, executor, times);
  const excess = (): Failure | null => capacity.excess(0, 1);
  const external = new ExternalRuns({ store, stream, health, commands, excess, now, ...silence }, registry.runs());
  try {
    queued = recover({ store, registry, stream, log, now });
  } catch (error) {
    // It would be tried again for ever.
    external.close();
    stream.close();
    throw error;
  }
  // What nobody writes into may go away all the same.
  interval(LOOK_MS)
    .pipe(takeUntil(stream.committed$.pipe(last(null, null))))
    .subscribe(() => stream.look());
  health.notice$.subscribe((notice) => {
    if (notice === null) training.release();
    else training.hold(notice.message);
  });
  for (const resumed of [true, false]) {
    const waiting = queued.filter((run) => (run.startedAt !== undefined) === resumed);
    training.enqueue(waiting, { resumed });
  }
  const measuring = new Measuring({ store, checkpoints, stream, executor, allowEngineChange, now }, registry.runs());
  // The first trainer tells which engine it is, and a first sweep begins at once.
  executor.warm(1);
  return new StoredSweepService({
    store,
    registry,
    checkpoints,
    stream,
    times,
    training,
    measuring,
    executor,
    health,
    commands,
    external,
    capacity,
    log,
    now,
  });
}

interface RecoveryParts {
  store: RunStore;
  registry: RunRegistry;
  stream: RunStream;
  log: ServiceLog;
  now: () => Date;
}

/** Takes up what the last server left, and answers the runs that are to be trained. A full disk does not hinder it. */
function recover({ store, registry, stream, log, now }: RecoveryParts): Run[] {
  const at = now().toISOString();
  const runs = registry.runs().filter((run) => run.source === 'local' && isActive(run.status));
  const recovered = runs
    .map((run) => (hasExperiment(run) ? afterRecovery(run, at) : afterEnd(run, withoutExperiment(run), at)))
    .filter((change) => change !== null);
  if (recovered.length === 0) {
    stream.probe();
    // What is damaged is no state to begin in.
    store.check();
  } else {
    try {
      stream.commitNow({ runs: recovered.map(({ run }) => run), log: recovered.flatMap(({ log: rows }) => rows) });
    } catch (error) {
      if (!isPassing(error)) throw error;
      for (const change of recovered) stream.stage(change);
    }
    log.info({ runs: recovered.length }, 'runs of the last server go on');
  }
  return runs.map((run) => stream.run(run.id) ?? run).filter((run) => run.status === 'queued');
}

/** It can be looked at, and goes on where its experiment is. */
function withoutExperiment({ experiment }: Run): TrainerEnd {
  return { status: 'failed', message: `this program has no experiment ${experiment}` };
}
