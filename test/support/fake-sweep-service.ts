/** A `SweepService` without trainers: the test says which frames are committed, and when. */
import { attentionCv } from '../../shared/experiments/attention-cv/experiment.js';
import { BehaviorSubject, Subject } from 'rxjs';
import { fail, ok, type Result } from '../../shared/errors.js';
import type { EngineInfo } from '../../shared/engine.js';
import type { Measurement } from '../../shared/measurement.js';
import type { RunControl, StorageNotice, SweepCreated, SweepEstimate } from '../../shared/protocol.js';
import {
  columnsOf,
  effectOf,
  isActive,
  type Run,
  type RunStatus,
  type Sweep,
  type SweepAction,
} from '../../shared/run.js';
import { completeSpec, sweepSpecSchema } from '../../shared/experiments/attention-cv/sweep.js';
import { createMemoryStore } from '../../server/store/memory-store.js';
import type { Commit } from '../../server/store/run-store.js';
import { newSweep, restarted } from '../../server/runs/new-runs.js';
import { type Changed, RunRegistry } from '../../server/runs/run-registry.js';
import type { Committed } from '../../server/runs/run-stream.js';
import type { CommandSource } from '../../server/runs/run-changes.js';
import type { SweepService } from '../../server/service/sweep-service.js';
import { testBlock } from './test-frames.js';

const AT = '2026-01-02T03:04:05.000Z';

export class FakeSweepService implements SweepService {
  readonly store = createMemoryStore();
  readonly histories = this.store;
  readonly #registry = new RunRegistry(this.store);
  readonly runs = this.#registry;
  readonly lists = this.#registry;
  readonly workers = 2;
  readonly #committed$ = new Subject<Committed>();
  readonly committed$ = this.#committed$.asObservable();
  /** The test says when runs cannot be stored. */
  readonly storage$ = new BehaviorSubject<StorageNotice | null>(null);
  isClosed = false;
  /** Where commands came from. */
  readonly sources: (CommandSource | undefined)[] = [];
  readonly #requests = new Map<string, SweepCreated>();

  engine(): EngineInfo | null {
    return { name: 'wasm', ops: 'kernels', version: '4.22.0', threads: 1 };
  }

  storage(): StorageNotice | null {
    return this.storage$.value;
  }

  estimate(request: unknown): Result<SweepEstimate> {
    const parsed = sweepSpecSchema.safeParse(request);
    return parsed.success ? ok({ before: 0, workers: this.workers }) : fail('bad_input', parsed.error.message);
  }

  unstored(): null {
    return null;
  }

  createSweep(request: unknown, by?: CommandSource): Result<SweepCreated> {
    this.sources.push(by);
    const parsed = sweepSpecSchema.safeParse(request);
    if (!parsed.success) return fail('bad_input', parsed.error.issues.map(({ message }) => message).join('; '));
    const { name, requestId } = parsed.data;
    const before = this.#requests.get(requestId ?? '');
    if (before !== undefined) return ok(before);
    const { sweep, runs } = newSweep(attentionCv, completeSpec(parsed.data), name, AT);
    const log = runs.map(({ id }) => ({ runId: id, at: AT, event: 'created' }));
    this.#commit({ sweeps: [sweep], runs, log });
    const created = { id: sweep.id, runIds: runs.map(({ id }) => id) };
    if (requestId !== undefined) this.#requests.set(requestId, created);
    this.#tell({ runs, sweeps: this.runs.sweeps() });
    return ok(created);
  }

  control({ runId, action, total }: RunControl, by?: CommandSource): Result<Run> {
    this.sources.push(by);
    const run = this.runs.run(runId);
    if (run === undefined) return fail('not_found', `there is no run ${runId}`);
    const effect = effectOf(action, run.status);
    if (effect.kind === 'refused')
      return fail('conflict', `a run that is ${run.status} cannot be this`, { status: run.status });
    if (effect.kind === 'same') return ok(run);
    if (effect.kind === 'new-run') return ok(this.change(restarted(attentionCv, run, AT)));
    const status = effect.kind === 'withdraw' ? 'running' : effect.status;
    return ok(this.change({ ...run, status, ...(total === undefined ? {} : { total }) }));
  }

  controlSweep(sweepId: string, action: SweepAction, by?: CommandSource): Result<Sweep> {
    const sweep = this.runs.sweep(sweepId);
    if (sweep === undefined) return fail('not_found', `there is no sweep ${sweepId}`);
    for (const runId of sweep.runIds) this.control({ runId, action }, by);
    return ok(this.runs.sweep(sweepId)!);
  }

  patchRun(runId: string, patch: Parameters<SweepService['patchRun']>[1]): Result<Run> {
    const run = this.runs.run(runId);
    if (run === undefined) return fail('not_found', `there is no run ${runId}`);
    const { name = run.name, notes = run.notes, tags = run.tags } = patch;
    return ok(this.change({ ...run, name, notes, tags }));
  }

  deleteRun(runId: string): Result<null> {
    const run = this.runs.run(runId);
    if (run === undefined) return fail('not_found', `there is no run ${runId}`);
    if (isActive(run.status)) return fail('conflict', `the run is ${run.status}`, { status: run.status });
    this.store.deleteRun(runId);
    this.#registry.remove([runId]);
    this.#tell({ runs: [], removed: [runId] });
    return ok(null);
  }

  deleteSweep(sweepId: string): Result<null> {
    const sweep = this.runs.sweep(sweepId);
    if (sweep === undefined) return fail('not_found', `there is no sweep ${sweepId}`);
    if (this.runs.runs({ sweep: sweepId }).some((run) => isActive(run.status)))
      return fail('conflict', 'a run of the sweep is active', { counts: sweep.counts });
    this.store.deleteSweep(sweepId);
    const removed = [...sweep.runIds, sweepId];
    this.#registry.remove(removed);
    this.#tell({ runs: [], removed });
    return ok(null);
  }

  close(): Promise<void> {
    this.isClosed = true;
    this.#committed$.complete();
    return Promise.resolve();
  }

  /** A sweep of one config with `heads` heads; answers its run. */
  addRun(heads = 1): Run {
    const created = this.createSweep({ dims: [8 * heads], heads: [heads], epochs: 100_000 });
    if (!created.ok) throw new Error(created.error.message);
    return this.runs.run(created.data.runIds[0]!)!;
  }

  /** Commits and publishes the run's next `rows` frames. */
  addFrames(runId: string, rows: number): void {
    const run = this.runs.run(runId)!;
    const columns = columnsOf(run).length;
    const fromSeq = this.store.nextSeq(runId);
    const values = Float32Array.from({ length: rows * columns }, (_, index) =>
      valueAt(fromSeq + Math.floor(index / columns), index % columns),
    );
    const block = testBlock(runId, fromSeq, rows, values);
    this.#commit({ frames: [block], runs: [{ ...run, step: fromSeq + rows - 1 }] });
    this.#committed$.next({ type: 'frames', blocks: [block] });
  }

  addMeasurement(runId: string, measurement: Measurement): void {
    this.store.commit({ measurements: [{ runId, measurement }] });
    this.#committed$.next({ type: 'measured', runId, measurement });
  }

  setStatus(runId: string, status: RunStatus): Run {
    return this.change({ ...this.runs.run(runId)!, status });
  }

  change(run: Run): Run {
    this.#commit({ runs: [run] });
    this.#tell({ runs: [run] });
    return run;
  }

  #commit(commit: Commit): void {
    this.store.commit(commit);
    this.#registry.commit(commit);
  }

  #tell(change: Changed): void {
    this.#committed$.next({ type: 'changed', ...this.#registry.tell(change) });
  }
}

/** What a fake frame holds: values that tell rows and columns apart; the loss of epoch 0 is missing. */
export function valueAt(seq: number, column: number): number {
  return column === 1 && seq === 0 ? Number.NaN : Math.fround(seq + column / 64);
}
