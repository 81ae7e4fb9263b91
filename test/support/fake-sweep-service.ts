/** A `SweepService` without trainers: the test says which frames are committed, and when. */
import { BehaviorSubject, Subject } from 'rxjs';
import { fail, ok, type Result } from '../../shared/errors.js';
import { LEADING_COLUMNS } from '../../shared/frames.js';
import type { EngineInfo, Measurement } from '../../shared/measurement.js';
import type { RunControl, StorageNotice, SweepCreated, SweepEstimate } from '../../shared/protocol.js';
import { effectOf, isActive, type Run, type RunStatus, type Sweep, type SweepAction } from '../../shared/run.js';
import { completeSpec, sweepSpecSchema } from '../../shared/sweep.js';
import { createMemoryStore } from '../../server/store/memory-store.js';
import { newSweep, restarted } from '../../server/sweep/new-runs.js';
import type { Committed, CommandSource, SweepService } from '../../server/sweep/sweep-service.js';

const AT = '2026-01-02T03:04:05.000Z';

export class FakeSweepService implements SweepService {
  readonly store = createMemoryStore();
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
    const { sweep, runs } = newSweep(completeSpec(parsed.data), name, AT);
    this.store.commit({ sweeps: [sweep], runs, log: runs.map(({ id }) => ({ runId: id, at: AT, event: 'created' })) });
    const created = { id: sweep.id, runIds: runs.map(({ id }) => id) };
    if (requestId !== undefined) this.#requests.set(requestId, created);
    this.#committed$.next({ type: 'changed', runs, sweeps: this.store.sweeps() });
    return ok(created);
  }

  control({ runId, action, epochs }: RunControl, by?: CommandSource): Result<Run> {
    this.sources.push(by);
    const run = this.store.run(runId);
    if (run === undefined) return fail('not_found', `there is no run ${runId}`);
    const effect = effectOf(action, run.status);
    if (effect.kind === 'refused')
      return fail('conflict', `a run that is ${run.status} cannot be this`, { status: run.status });
    if (effect.kind === 'same') return ok(run);
    if (effect.kind === 'new-run') return ok(this.#change(restarted(run, AT)));
    const status = effect.kind === 'withdraw' ? 'running' : effect.status;
    return ok(this.#change({ ...run, status, ...(epochs === undefined ? {} : { epochs }) }));
  }

  controlSweep(sweepId: string, action: SweepAction, by?: CommandSource): Result<Sweep> {
    const sweep = this.store.sweep(sweepId);
    if (sweep === undefined) return fail('not_found', `there is no sweep ${sweepId}`);
    for (const runId of sweep.runIds) this.control({ runId, action }, by);
    return ok(this.store.sweep(sweepId)!);
  }

  patchRun(runId: string, patch: Parameters<SweepService['patchRun']>[1]): Result<Run> {
    const run = this.store.run(runId);
    if (run === undefined) return fail('not_found', `there is no run ${runId}`);
    const { name = run.name, notes = run.notes, tags = run.tags } = patch;
    return ok(this.#change({ ...run, name, notes, tags }));
  }

  deleteRun(runId: string): Result<null> {
    const run = this.store.run(runId);
    if (run === undefined) return fail('not_found', `there is no run ${runId}`);
    if (isActive(run.status)) return fail('conflict', `the run is ${run.status}`, { status: run.status });
    this.store.deleteRun(runId);
    this.#committed$.next({ type: 'changed', runs: [], removed: [runId] });
    return ok(null);
  }

  deleteSweep(sweepId: string): Result<null> {
    const sweep = this.store.sweep(sweepId);
    if (sweep === undefined) return fail('not_found', `there is no sweep ${sweepId}`);
    if (this.store.runs({ sweep: sweepId }).some((run) => isActive(run.status)))
      return fail('conflict', 'a run of the sweep is active', { counts: sweep.counts });
    this.store.deleteSweep(sweepId);
    this.#committed$.next({ type: 'changed', runs: [], removed: [...sweep.runIds, sweepId] });
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
    return this.store.run(created.data.runIds[0]!)!;
  }

  /** Commits and publishes the run's next `rows` frames. */
  addFrames(runId: string, rows: number): void {
    const run = this.store.run(runId)!;
    const columns = LEADING_COLUMNS.length + run.series.length;
    const fromSeq = this.store.nextSeq(runId);
    const values = Float32Array.from({ length: rows * columns }, (_, index) =>
      valueAt(fromSeq + Math.floor(index / columns), index % columns),
    );
    const block = { runId, fromSeq, rows, values };
    this.store.commit({ frames: [block], runs: [{ ...run, epoch: fromSeq + rows - 1 }] });
    this.#committed$.next({ type: 'frames', blocks: [block] });
  }

  addMeasurement(runId: string, measurement: Measurement): void {
    this.store.commit({ measurements: [{ runId, measurement }] });
    this.#committed$.next({ type: 'measured', runId, measurement });
  }

  setStatus(runId: string, status: RunStatus): Run {
    return this.#change({ ...this.store.run(runId)!, status });
  }

  #change(run: Run): Run {
    this.store.commit({ runs: [run] });
    this.#committed$.next({ type: 'changed', runs: [run] });
    return run;
  }
}

/** What a fake frame holds: its epoch, then values that tell rows and columns apart; the loss of epoch 0 is missing. */
export function valueAt(seq: number, column: number): number {
  if (column === 0) return seq;
  return column === 2 && seq === 0 ? Number.NaN : Math.fround(seq + column / 64);
}
