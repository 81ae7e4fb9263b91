/** The heart as its edges see it: what may be asked of sweeps and runs, checked, committed and passed to training. */
import { fail, type Failure, ok, type Result } from '../../shared/errors.js';
import { engineBuild, type EngineInfo } from '../../shared/engine.js';
import type { StorageNotice, SweepCreated, SweepEstimate } from '../../shared/protocol.js';
import { isActive, RUN_STATUSES, type Run, type Sweep, type SweepAction } from '../../shared/run.js';
import type { Experiment, JsonObject } from '../../shared/experiment.js';
import { experimentOf, requested } from '../experiments/registry.js';
import type { Executor } from '../execution/executor.js';
import { internalError } from '../internal-error.js';
import type { CheckpointStore } from '../store/checkpoints.js';
import { noSuchRun, noSuchSweep } from '../store/not-found.js';
import type { Commit, RunStore } from '../store/run-store.js';
import { newSweep } from '../runs/new-runs.js';
import { changeOf, type Change, type Consequence } from '../runs/run-commands.js';
import type { RunControl, RunPatch } from '../../shared/requests.js';
import type { RunLists, RunReader, RunRegistry } from '../runs/run-registry.js';
import { timedReader, type ToldTimes } from '../scheduling/told-times.js';
import type { RunStream } from '../runs/run-stream.js';
import type { ServiceLog } from '../runs/service-log.js';
import { isStorageError, storageMessage, type StorageHealth } from '../runs/storage-health.js';
import type { CommandSource } from '../runs/run-changes.js';
import type { RunHistories } from '../store/run-store.js';
import type { ServiceLimits } from './service-limits.js';
import type { SweepService, Unstored } from './sweep-service.js';
import type { Training } from '../scheduling/training.js';

/** Running already; the service closes `training` and `stream`. */
interface ServiceParts {
  store: RunStore;
  registry: RunRegistry;
  checkpoints: CheckpointStore;
  stream: RunStream;
  times: ToldTimes;
  training: Training;
  executor: Executor;
  health: StorageHealth;
  limits: ServiceLimits;
  log: ServiceLog;
  now: () => Date;
}

/** The answers stored of request ids. */
type Answer = { kind: 'sweep'; sweepId: string; runIds: string[] } | { kind: 'run'; runId: string };

export class StoredSweepService implements SweepService {
  readonly runs: RunReader;
  readonly lists: RunLists;
  readonly histories: RunHistories;
  readonly committed$: SweepService['committed$'];
  readonly storage$: SweepService['storage$'];
  readonly #store: RunStore;
  readonly #registry: RunRegistry;
  readonly #stream: RunStream;
  readonly #times: ToldTimes;
  readonly #training: Training;
  readonly #executor: Executor;
  readonly #health: StorageHealth;
  readonly #checkpoints: CheckpointStore;
  readonly #limits: ServiceLimits;
  readonly #log: ServiceLog;
  readonly #now: () => Date;
  #closing: Promise<void> | undefined;

  constructor({
    store,
    registry,
    checkpoints,
    stream,
    times,
    training,
    executor,
    health,
    limits,
    log,
    now,
  }: ServiceParts) {
    this.runs = timedReader(registry, times);
    this.lists = registry;
    this.histories = store;
    this.#store = store;
    this.#registry = registry;
    this.#times = times;
    this.committed$ = stream.committed$;
    this.storage$ = health.notice$;
    this.#stream = stream;
    this.#training = training;
    this.#executor = executor;
    this.#health = health;
    this.#checkpoints = checkpoints;
    this.#limits = limits;
    this.#log = log;
    this.#now = now;
  }

  get workers(): number {
    return this.#times.slots;
  }

  engine(): EngineInfo | null {
    return this.#executor.engine();
  }

  storage(): StorageNotice | null {
    return this.#health.notice;
  }

  estimate(request: unknown): Result<SweepEstimate> {
    const asked = requested(request);
    if (!asked.ok) return asked;
    const { experiment } = asked.data;
    const parsed = experiment.parse(asked.data.request);
    return parsed.ok ? ok(this.#times.estimate(experiment, experiment.configs(parsed.data.spec))) : parsed;
  }

  unstored(): Unstored | null {
    const { trouble } = this.#health;
    if (trouble === undefined) return null;
    return { reason: trouble.reason, isLasting: trouble.isLasting, ...this.#stream.unstored() };
  }

  createSweep(request: unknown, by: CommandSource = 'command-line'): Result<SweepCreated> {
    const asked = requested(request);
    if (!asked.ok) return asked;
    const { experiment } = asked.data;
    const parsed = experiment.parse(asked.data.request);
    if (!parsed.ok) return parsed;
    const { spec, name, requestId } = parsed.data;
    return this.#once(requestId, 'sweep', {
      again: ({ sweepId, runIds }) => ok({ id: sweepId, runIds }),
      first: () => {
        const configs = experiment.configs(spec);
        const excess = this.#excess(1, configs.length) ?? this.#memoryExcess(experiment, configs);
        if (excess !== null) return excess;
        const at = this.#at();
        const { sweep, runs } = newSweep(experiment, spec, name, at);
        const runIds = runs.map((run) => run.id);
        const log = runs.map((run) => ({ runId: run.id, at, event: 'created', by }));
        const requests = requestsOf(requestId, { kind: 'sweep', sweepId: sweep.id, runIds });
        return this.#commit({ sweeps: [sweep], runs, log, requests }, () => {
          this.#training.enqueue(runs, { resumed: false });
          return { id: sweep.id, runIds };
        });
      },
    });
  }

  control({ runId, action, total, requestId }: RunControl, by: CommandSource = 'command-line'): Result<Run> {
    const once = action === 'restart' || action === 'extend' ? requestId : undefined;
    return this.#once(once, 'run', {
      again: (answer) => this.#toldRun(answer.runId),
      first: () => {
        const found = this.#run(runId);
        if (!found.ok) return found;
        const excess = action === 'restart' ? this.#excess(0, 1) : null;
        if (excess !== null) return excess;
        const change = changeOf(found.data, action, total, this.#at(), by);
        if (!change.ok) return change;
        if (change.data === null) return this.#toldRun(runId);
        const { run } = change.data;
        const applied = this.#apply([change.data], by, requestsOf(once, { kind: 'run', runId: run.id }));
        // A resumed run may have a trainer already.
        return applied.ok ? this.#toldRun(run.id) : applied;
      },
    });
  }

  controlSweep(sweepId: string, action: SweepAction, by: CommandSource = 'command-line'): Result<Sweep> {
    const sweep = this.#sweep(sweepId);
    if (!sweep.ok) return sweep;
    const changes = sweep.data.runIds
      .map((id) => this.#run(id))
      .filter((run) => run.ok)
      .map((run) => changeOf(run.data, action, undefined, this.#at(), by))
      .filter((change) => change.ok)
      .map((change) => change.data)
      .filter((change) => change !== null);
    const applied = changes.length === 0 ? ok(null) : this.#apply(changes, by);
    return applied.ok ? ok(this.#times.sweep(this.#registry.sweep(sweepId) ?? sweep.data)) : applied;
  }

  /** Why so many more cannot be kept; null if they can. */
  #excess(sweeps: number, runs: number): Failure | null {
    const present = { sweeps: this.lists.listedSweeps().length, runs: this.lists.listedRuns().length };
    for (const [name, more] of [['sweeps', sweeps] as const, ['runs', runs] as const])
      if (present[name] + more > this.#limits[name])
        return fail(
          'conflict',
          `there are ${present[name]} ${name}, and this would be ${more} more: --max-${name} allows ${this.#limits[name]}; delete some first`,
        );
    return null;
  }

  /** Why the configs cannot be trained so many at a time; null if they can. */
  #memoryExcess(experiment: Experiment, configs: readonly JsonObject[]): Failure | null {
    const info = this.engine();
    const engine = info === null ? null : engineBuild(info).engine;
    const active = this.runs.runs().filter((run) => run.source === 'local' && isActive(run.status));
    const each = [
      ...active.map((run) => experimentOf(run).memoryBytes(run.config, engine)),
      ...configs.map((config) => experiment.memoryBytes(config, engine)),
    ].sort((one, other) => other - one);
    const atATime = each.slice(0, this.workers);
    const bytes = atATime.reduce((sum, one) => sum + one, 0);
    if (bytes <= this.#limits.memoryBytes) return null;
    const mb = (number: number): string => `${Math.ceil(number / 2 ** 20)} MB`;
    return fail(
      'bad_input',
      `with this sweep ${atATime.length} runs at a time may take ${mb(bytes)} of memory, up to ${mb(each[0]!)} each; ` +
        `--max-memory allows ${mb(this.#limits.memoryBytes)}: make its configs smaller, or train fewer at a time (--workers)`,
    );
  }

  /** Commits changes together, then lets training know. */
  #apply(changes: Change[], by: CommandSource, requests: NonNullable<Commit['requests']> = []): Result<null> {
    const commit = { runs: changes.map(({ run }) => run), log: changes.flatMap(({ log }) => log), requests };
    return this.#commit(commit, () => {
      const having = (consequence: Consequence): Run[] =>
        changes.filter((change) => change.consequence === consequence).map(({ run }) => run);
      // All are removed before any slot can become free: else it would go to the next that is to be removed.
      this.#training.remove(having('remove').map((run) => run.id));
      for (const control of ['pause', 'stop', 'continue'] as const) {
        for (const run of having(control)) this.#training.tell(run.id, control, by);
      }
      this.#training.enqueue(having('requeue'), { resumed: true });
      this.#training.enqueue(having('enqueue'), { resumed: false });
      return null;
    });
  }

  patchRun(runId: string, { name, notes, tags }: RunPatch): Result<Run> {
    const found = this.#run(runId);
    if (!found.ok) return found;
    const run = {
      ...found.data,
      ...(name !== undefined && { name }),
      ...(notes !== undefined && { notes }),
      ...(tags !== undefined && { tags: [...new Set(tags)] }),
    };
    return this.#commit({ runs: [run] }, () => this.#times.run(run));
  }

  deleteRun(runId: string): Result<null> {
    const found = this.#run(runId);
    if (!found.ok) return found;
    const { status, sweepId } = found.data;
    if (isActive(status))
      return fail('conflict', `a run that is ${status} cannot be deleted; stop it first`, { status });
    return this.#delete(() => this.#store.deleteRun(runId), [runId], sweepId);
  }

  deleteSweep(sweepId: string): Result<null> {
    const found = this.#sweep(sweepId);
    if (!found.ok) return found;
    const { runIds, counts } = found.data;
    const active = RUN_STATUSES.find((status) => isActive(status) && counts[status] !== undefined);
    if (active !== undefined) {
      const message = `a sweep with a run that is ${active} cannot be deleted; stop it first`;
      return fail('conflict', message, { counts });
    }
    return this.#delete(() => this.#store.deleteSweep(sweepId), [...runIds, sweepId]);
  }

  #delete(fromStore: () => void, removed: string[], sweepId: string | null = null): Result<null> {
    const deleted = this.#guard(() => {
      this.#stream.flush();
      fromStore();
      return null;
    });
    if (!deleted.ok) return deleted;
    this.#stream.publishRemoved(removed, sweepId);
    for (const id of removed) {
      this.#checkpoints.delete(id).catch((error: unknown) => {
        this.#log.warn({ runId: id, err: error }, 'the checkpoints of a deleted run stay on the disk');
      });
    }
    return deleted;
  }

  close(): Promise<void> {
    this.#closing ??= this.#training.close().then(() => this.#stream.close());
    return this.#closing;
  }

  #at(): string {
    return this.#now().toISOString();
  }

  #run(id: string): Result<Run> {
    const run = this.#stream.run(id);
    return run === undefined ? noSuchRun(id) : ok(run);
  }

  /** With its place and its time left. */
  #toldRun(id: string): Result<Run> {
    const run = this.#run(id);
    return run.ok ? ok(this.#times.run(run.data)) : run;
  }

  #sweep(id: string): Result<Sweep> {
    const sweep = this.#registry.sweep(id);
    return sweep === undefined ? noSuchSweep(id) : ok(sweep);
  }

  /** Does `first` unless `requestId` has had its effect: then `again` answers from what is stored of it. */
  #once<K extends Answer['kind'], T>(
    requestId: string | undefined,
    kind: K,
    { first, again }: { first: () => Result<T>; again: (answer: Extract<Answer, { kind: K }>) => Result<T> },
  ): Result<T> {
    const answer = requestId === undefined ? undefined : (this.#store.requestAnswer(requestId) as Answer | undefined);
    if (answer === undefined) return first();
    if (answer.kind === kind) return again(answer as Extract<Answer, { kind: K }>);
    return fail('conflict', 'requestId was used for another command before');
  }

  /** `then` follows a commit that succeeded; of one that failed nothing remains. */
  #commit<T>(commit: Commit, then: () => T): Result<T> {
    const committed = this.#guard(() => this.#stream.commitNow(commit));
    return committed.ok ? ok(then()) : committed;
  }

  #guard<T>(write: () => T): Result<T> {
    if (this.#closing !== undefined) return fail('unavailable', 'the server is closing');
    try {
      return ok(write());
    } catch (error) {
      if (!isStorageError(error)) return internalError(this.#log, 'a command to the store', error);
      this.#log.error({ err: error }, 'the store refused a command');
      return fail('unavailable', `nothing was changed: ${storageMessage(error)}`);
    }
  }
}

function requestsOf(requestId: string | undefined, answer: Answer): NonNullable<Commit['requests']> {
  return requestId === undefined ? [] : [{ requestId, answer }];
}
