/** The heart as its edges see it: what may be asked of sweeps and runs, checked, committed and passed to training. */
import { fail, type Failure, ok, type Result } from '../../shared/errors.js';
import type { EngineInfo } from '../../shared/engine.js';
import type { StorageNotice, SweepCreated, SweepEstimate } from '../../shared/protocol.js';
import type { RunControl, RunPatch } from '../../shared/requests.js';
import {
  canDelete,
  effectOf,
  isActive,
  RUN_STATUSES,
  type Run,
  type RunAction,
  type Sweep,
  type SweepAction,
} from '../../shared/run.js';
import { experimentOf, hasExperiment, requested } from '../experiments/registry.js';
import type { Executor } from '../execution/executor.js';
import type { ExternalRuns } from '../external/external-runs.js';
import { programChangeOf } from '../external/program-changes.js';
import { newSweep } from '../runs/new-runs.js';
import type { CommandSource } from '../runs/run-changes.js';
import { changeOf, type Change, type Consequence } from '../runs/run-commands.js';
import type { RunLists, RunReader, RunRegistry } from '../runs/run-registry.js';
import type { RunStream } from '../runs/run-stream.js';
import type { ServiceLog } from '../runs/service-log.js';
import type { StorageHealth } from '../runs/storage-health.js';
import { timedReader, type ToldTimes } from '../scheduling/told-times.js';
import type { Measuring } from '../scheduling/measuring.js';
import type { Training } from '../scheduling/training.js';
import type { CheckpointStore } from '../store/checkpoints.js';
import { noSuchRun, noSuchSweep } from '../store/not-found.js';
import type { Commit, RunHistories, RunStore } from '../store/run-store.js';
import type { Capacity } from './service-limits.js';
import { requestsOf, type StoreCommands } from './store-commands.js';
import type { SweepService, Unstored } from './sweep-service.js';

/** Running already; the service closes `training` and `stream`. */
interface ServiceParts {
  store: RunStore;
  registry: RunRegistry;
  checkpoints: CheckpointStore;
  stream: RunStream;
  times: ToldTimes;
  training: Training;
  measuring: Measuring;
  executor: Executor;
  health: StorageHealth;
  commands: StoreCommands;
  external: ExternalRuns;
  capacity: Capacity;
  log: ServiceLog;
  now: () => Date;
}

export class StoredSweepService implements SweepService {
  readonly runs: RunReader;
  readonly lists: RunLists;
  readonly histories: RunHistories;
  readonly committed$: SweepService['committed$'];
  readonly storage$: SweepService['storage$'];
  readonly external: ExternalRuns;
  readonly #parts: ServiceParts;
  #closing: Promise<void> | undefined;

  constructor(parts: ServiceParts) {
    this.runs = timedReader(parts.registry, parts.times);
    this.lists = parts.registry;
    this.histories = parts.store;
    this.committed$ = parts.stream.committed$;
    this.storage$ = parts.health.notice$;
    this.external = parts.external;
    this.#parts = parts;
  }

  get workers(): number {
    return this.#parts.times.slots;
  }

  engine(): EngineInfo | null {
    return this.#parts.executor.engine();
  }

  storage(): StorageNotice | null {
    return this.#parts.health.notice;
  }

  estimate(request: unknown): Result<SweepEstimate> {
    const asked = requested(request);
    if (!asked.ok) return asked;
    const { experiment } = asked.data;
    const parsed = experiment.parse(asked.data.request);
    return parsed.ok ? ok(this.#parts.times.estimate(experiment, experiment.configs(parsed.data.spec))) : parsed;
  }

  unstored(): Unstored | null {
    const { trouble } = this.#parts.health;
    if (trouble === undefined) return null;
    return { reason: trouble.reason, isLasting: trouble.isLasting, ...this.#parts.stream.unstored() };
  }

  createSweep(request: unknown, by: CommandSource = 'command-line'): Result<SweepCreated> {
    const asked = requested(request);
    if (!asked.ok) return asked;
    const { experiment } = asked.data;
    const parsed = experiment.parse(asked.data.request);
    if (!parsed.ok) return parsed;
    const { spec, name, requestId } = parsed.data;
    return this.#parts.commands.once(requestId, 'sweep', {
      again: ({ sweepId, runIds }) => ok({ id: sweepId, runIds }),
      first: () => {
        const { capacity } = this.#parts;
        const configs = experiment.configs(spec);
        const excess = capacity.excess(1, configs.length) ?? capacity.memoryExcess(experiment, configs);
        if (excess !== null) return excess;
        const at = this.#at();
        const { sweep, runs } = newSweep(experiment, spec, name, at);
        const runIds = runs.map((run) => run.id);
        const log = runs.map((run) => ({ runId: run.id, at, event: 'created', by }));
        const requests = requestsOf(requestId, { kind: 'sweep', sweepId: sweep.id, runIds });
        return this.#parts.commands.commit({ sweeps: [sweep], runs, log, requests }, () => {
          this.#parts.training.enqueue(runs, { resumed: false });
          return { id: sweep.id, runIds };
        });
      },
    });
  }

  control(control: RunControl, by: CommandSource = 'command-line'): Result<Run> {
    const { runId, action, total, requestId } = control;
    const once = action === 'restart' || action === 'extend' ? requestId : undefined;
    return this.#parts.commands.once(once, 'run', {
      again: (answer) => this.#toldRun(answer.runId),
      first: () => {
        const found = this.#run(runId);
        if (!found.ok) return found;
        const excess = action === 'restart' ? this.#parts.capacity.excess(0, 1) : null;
        if (excess !== null) return excess;
        if (action === 'checkpoint' || action === 'set') return this.external.ask(found.data, control, by);
        if (action === 'measure') return this.#measure(found.data, by);
        const excessMemory = isTrainedAgain(found.data, action) ? this.#memoryExcess(found.data) : null;
        if (excessMemory !== null) return excessMemory;
        const change = this.#changeOf(found.data, action, total, by);
        if (!change.ok) return change;
        if (change.data === null) return this.#toldRun(runId);
        const { run } = change.data;
        const applied = this.#apply([change.data], by, requestsOf(once, { kind: 'run', runId: run.id }));
        // A resumed run may have a trainer already.
        return applied.ok ? this.#toldRun(run.id) : applied;
      },
    });
  }

  #measure(run: Run, by: CommandSource): Result<Run> {
    const { measuring, commands, times } = this.#parts;
    const asked = measuring.asked(run, by);
    if (!asked.ok) return asked;
    if (asked.data === null) return ok(times.run(run));
    const excess = this.#memoryExcess(run);
    if (excess !== null) return excess;
    const { run: marked, log } = asked.data;
    return commands.commit({ runs: [marked], log }, () => {
      measuring.begin(run.id);
      return times.run(marked);
    });
  }

  controlSweep(sweepId: string, action: SweepAction, by: CommandSource = 'command-line'): Result<Sweep> {
    const sweep = this.#sweep(sweepId);
    if (!sweep.ok) return sweep;
    const changes = sweep.data.runIds
      .map((id) => this.#run(id))
      .filter((run) => run.ok)
      .map((run) => this.#changeOf(run.data, action, undefined, by))
      .filter((change) => change.ok)
      .map((change) => change.data)
      .filter((change) => change !== null);
    const applied = changes.length === 0 ? ok(null) : this.#apply(changes, by);
    return applied.ok ? ok(this.#parts.times.sweep(this.#parts.registry.sweep(sweepId) ?? sweep.data)) : applied;
  }

  #memoryExcess(run: Run): Failure | null {
    return hasExperiment(run) ? this.#parts.capacity.memoryExcess(experimentOf(run), [run.config]) : null;
  }

  #changeOf(run: Run, action: RunAction, total: number | undefined, by: CommandSource): Result<Change | null> {
    const at = this.#at();
    return run.source === 'external' ? programChangeOf(run, action, at, by) : changeOf(run, action, total, at, by);
  }

  /** Commits changes together, then lets training and programs know. */
  #apply(changes: Change[], by: CommandSource, requests: NonNullable<Commit['requests']> = []): Result<null> {
    const commit = { runs: changes.map(({ run }) => run), log: changes.flatMap(({ log }) => log), requests };
    return this.#parts.commands.commit(commit, () => {
      const having = (consequence: Consequence): Run[] =>
        changes.filter((change) => change.consequence === consequence).map(({ run }) => run);
      // All are removed before any slot can become free: else it would go to the next that is to be removed.
      this.#parts.training.remove(having('remove').map((run) => run.id));
      for (const control of ['pause', 'stop', 'continue'] as const) {
        for (const run of having(control)) this.#parts.training.tell(run.id, control, by);
      }
      this.#parts.training.enqueue(having('requeue'), { resumed: true });
      this.#parts.training.enqueue(having('enqueue'), { resumed: false });
      for (const run of having('tell')) this.external.tell(run.id);
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
    return this.#parts.commands.commit({ runs: [run] }, () => this.#parts.times.run(run));
  }

  deleteRun(runId: string): Result<null> {
    const found = this.#run(runId);
    if (!found.ok) return found;
    const { status, sweepId } = found.data;
    if (!canDelete(found.data))
      return fail('conflict', `a run that is ${status} cannot be deleted; stop it first`, { status });
    return this.#delete(() => this.#parts.store.deleteRun(runId), [runId], sweepId);
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
    return this.#delete(() => this.#parts.store.deleteSweep(sweepId), [...runIds, sweepId]);
  }

  #delete(fromStore: () => void, removed: string[], sweepId: string | null = null): Result<null> {
    const deleted = this.#parts.commands.guard(() => {
      this.#parts.stream.flush();
      fromStore();
      return null;
    });
    if (!deleted.ok) return deleted;
    this.#parts.stream.publishRemoved(removed, sweepId);
    this.external.forget(removed);
    for (const id of removed) {
      this.#parts.checkpoints.delete(id).catch((error: unknown) => {
        this.#parts.log.warn({ runId: id, err: error }, 'the checkpoints of a deleted run stay on the disk');
      });
    }
    return deleted;
  }

  close(): Promise<void> {
    const { commands, training, stream } = this.#parts;
    commands.isClosing = true;
    this.external.close();
    this.#parts.measuring.close();
    this.#closing ??= training.close().then(() => stream.close());
    return this.#closing;
  }

  #at(): string {
    return this.#parts.now().toISOString();
  }

  #run(id: string): Result<Run> {
    const run = this.#parts.stream.run(id);
    return run === undefined ? noSuchRun(id) : ok(run);
  }

  /** With its place and its time left. */
  #toldRun(id: string): Result<Run> {
    const run = this.#run(id);
    return run.ok ? ok(this.#parts.times.run(run.data)) : run;
  }

  #sweep(id: string): Result<Sweep> {
    const sweep = this.#parts.registry.sweep(id);
    return sweep === undefined ? noSuchSweep(id) : ok(sweep);
  }
}

/** Whether the action makes one more run that trains here. */
function isTrainedAgain(run: Run, action: RunAction): boolean {
  return (
    run.source === 'local' &&
    ['new-run', 'to'].includes(effectOf(action, run).kind) &&
    action !== 'pause' &&
    action !== 'stop'
  );
}
