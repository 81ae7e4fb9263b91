/**
 * From news to committed news: what comes in within a tick is committed in one transaction and published only then,
 * a tick's frames and measurements before its statuses.
 */
import { Subject, timer, type Observable, type Subscription } from 'rxjs';
import { continuity, cut, joined, type FrameBlock } from '../../shared/frames.js';
import type { Measurement } from '../../shared/measurement.js';
import { type RunsChanged, TICK_MS } from '../../shared/protocol.js';
import type { Run } from '../../shared/run.js';
import type { CheckpointRow, Commit, MeasurementKey, RunStore, WriterRow } from '../store/run-store.js';
import type { Changed, RunRegistry } from './run-registry.js';

/** Emitted only after the commit that holds it, and in commit order: a status follows all frames before it. */
export type Committed =
  | { type: 'frames'; blocks: FrameBlock[] }
  | { type: 'measured'; runId: string; measurement: Measurement }
  | ({ type: 'changed' } & RunsChanged);

/** News of one run for the next commit. */
export interface Staged extends Omit<Commit, 'runs' | 'sweeps' | 'requests'> {
  run?: Run;
}

/** What is to be published; of runs and sweeps all, of which only what is new is told. */
type News = Exclude<Committed, { type: 'changed' }> | ({ type: 'changed' } & Changed);

export interface RunStreamOptions {
  store: Pick<RunStore, 'commit' | 'check' | 'nextSeq' | 'frames' | 'measurement' | 'checkpoints' | 'outputLines'>;
  /** Is brought up to date with each commit, and tells what of a change is news. */
  registry: RunRegistry;
  /** Hears of each commit that the store refused; what was staged is tried again. */
  refused?: (error: unknown) => void;
  /** Hears, once after refusals, that all that waited is committed and published. */
  accepted?: () => void;
  /** What is published instead of a change: with places in the queue and times left. */
  told?: (change: Changed) => Changed;
  /** Frames wait at most this long for others to share their transaction. */
  tickMs?: number;
  /** Progress of runs is published at most once in this time. */
  progressMs?: number;
  retryMs?: number;
}

const PROGRESS_MS = 1000;
const RETRY_MS = 1000;

export class RunStream {
  readonly #store: RunStreamOptions['store'];
  readonly #refused: (error: unknown) => void;
  readonly #accepted: () => void;
  readonly #registry: RunRegistry;
  readonly #told: (change: Changed) => Changed;
  #isRefused = false;
  readonly #tickMs: number;
  readonly #progressMs: number;
  readonly #retryMs: number;
  readonly #committed$ = new Subject<Committed>();
  readonly committed$: Observable<Committed> = this.#committed$.asObservable();

  /** Committed and not yet published: a listener that gives a command must not overtake the news it was told. */
  readonly #outbox: News[] = [];
  #isPublishing = false;
  #pending = emptyCommit();
  #tick: Subscription | undefined;
  /** By run, the seq after the last frame that is staged or stored; of runs that sent frames lately. */
  readonly #nextSeqs = new Map<string, number>();
  /** Those who wait until what they staged is stored. */
  #waiting: PromiseWithResolvers[] = [];
  /** Committed progress that is not published yet. */
  readonly #progress = new Map<string, Run>();
  #progressTimer: Subscription | undefined;
  #timesTimer: Subscription | undefined;

  constructor(options: RunStreamOptions) {
    const { store, registry, refused, accepted, told } = options;
    const { tickMs = TICK_MS, progressMs = PROGRESS_MS, retryMs = RETRY_MS } = options;
    this.#store = store;
    this.#registry = registry;
    this.#told = told ?? ((change) => change);
    this.#refused = refused ?? (() => undefined);
    this.#accepted = accepted ?? (() => undefined);
    this.#tickMs = tickMs;
    this.#progressMs = progressMs;
    this.#retryMs = retryMs;
  }

  /** The run with all that is staged. */
  run(id: string): Run | undefined {
    return this.#pending.runs.get(id) ?? this.#registry.run(id);
  }

  /** The seq that the run's next new frame will have, staged ones included. */
  nextSeq(runId: string): number {
    return this.#nextSeqs.get(runId) ?? this.#store.nextSeq(runId);
  }

  /** The number that the run's next line of output will have, staged ones included. */
  nextLine(runId: string): number {
    const staged = this.#pending.output.findLast((part) => part.runId === runId);
    return staged === undefined ? this.#store.outputLines(runId) : staged.from + staged.lines.length;
  }

  /**
   * The part of `block` that is neither stored nor staged, or null when there is none.
   * @throws RangeError when frames before it are missing.
   */
  newPart(block: FrameBlock): FrameBlock | null {
    const nextSeq = this.nextSeq(block.runId);
    const place = continuity(block, nextSeq);
    switch (place.kind) {
      case 'gap':
        throw new RangeError(`frame ${block.fromSeq} came where ${nextSeq} was expected`);
      case 'known':
        return null;
      case 'append':
        return cut(block, nextSeq);
    }
  }

  /** The run's frames from `fromSeq` on, at most `rows` of them, stored or staged. */
  frames(runId: string, fromSeq: number, rows: number): FrameBlock {
    const stored = this.#store.frames(runId, fromSeq - 1, rows);
    const staged = this.#pending.frames.filter((block) => block.runId === runId);
    if (stored.rows === rows || staged.length === 0) return stored;
    return cut(joined(stored.rows === 0 ? staged : [stored, ...staged])!, fromSeq, rows);
  }

  /** The measurement of that epoch and sample, stored or staged. */
  measurement(runId: string, key: MeasurementKey): Measurement | undefined {
    const staged = this.#pending.measurements.findLast(
      ({ runId: id, measurement: { epoch, sample } }) => id === runId && epoch === key.epoch && sample === key.sample,
    );
    return staged?.measurement ?? this.#store.measurement(runId, key);
  }

  /** The rows of the run's checkpoints, stored or staged. */
  checkpoints(runId: string): CheckpointRow[] {
    return [...this.#pending.checkpoints.filter((row) => row.runId === runId), ...this.#store.checkpoints(runId)];
  }

  /** Puts news into this tick's commit. A change of status is committed and published at once. */
  stage(staged: Staged): void {
    const { run, ...rows } = staged;
    const isStatusNew = run !== undefined && this.run(run.id)?.status !== run.status;
    if (run !== undefined) {
      this.#pending.runs.set(run.id, run);
      if (isStatusNew) this.#pending.statuses.add(run.id);
    }
    for (const block of rows.frames ?? []) {
      this.#nextSeqs.set(block.runId, block.fromSeq + block.rows);
      this.#pending.frames.push(block);
    }
    this.#pending.measurements.push(...(rows.measurements ?? []));
    this.#pending.fingerprints.push(...(rows.fingerprints ?? []));
    this.#pending.checkpoints.push(...(rows.checkpoints ?? []));
    this.#pending.log.push(...(rows.log ?? []));
    for (const row of rows.writers ?? []) this.#pending.writers.set(row.id, row);
    this.#pending.output.push(...(rows.output ?? []));
    if (isStatusNew) this.tryFlush();
    else this.#tick ??= timer(this.#tickMs).subscribe(() => this.tryFlush());
  }

  /**
   * Commits a command's work by itself, after what is staged, and publishes the runs and sweeps that it changes.
   * @throws when the store refuses it; then nothing of it has happened.
   */
  commitNow(commit: Commit): void {
    this.flush();
    this.#write(commit);
    this.#registry.commit(commit);
    const { runs = [], sweeps = [] } = commit;
    for (const run of runs) this.#progress.delete(run.id);
    this.#publish([
      this.#changed(
        runs,
        sweeps.map((sweep) => sweep.id),
      ),
    ]);
    this.#noteAccepted();
  }

  /** Resolves when all that is staged now is stored; rejects when the store refuses it, and it stays staged. */
  stored(): Promise<void> {
    if (isNothing(this.#pending)) return Promise.resolve();
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  /** Publishes that runs and sweeps are gone, and how the sweep of a removed run stands now. */
  publishRemoved(removed: string[], sweepId: string | null = null): void {
    this.#registry.remove(removed);
    for (const id of removed) {
      this.#progress.delete(id);
      this.#nextSeqs.delete(id);
    }
    const sweep = sweepId === null ? undefined : this.#registry.sweep(sweepId);
    this.#publish([{ type: 'changed', runs: [], removed, ...(sweep && { sweeps: [sweep] }) }]);
  }

  /** Publishes within a tick what has changed of places in the queue and times left, if nothing else takes it along. */
  publishTimes(): void {
    this.#timesTimer ??= timer(this.#tickMs).subscribe(() => {
      this.#timesTimer = undefined;
      this.#publish([{ type: 'changed', runs: [] }]);
    });
  }

  /** Commits and publishes what is staged. @throws when the store refuses it; it stays staged. */
  flush(): void {
    this.#tick?.unsubscribe();
    this.#tick = undefined;
    if (isNothing(this.#pending)) return;
    const { runs, statuses, writers, ...rows } = this.#pending;
    this.#write({ ...rows, runs: [...runs.values()], writers: [...writers.values()] });
    this.#registry.commit({ runs: [...runs.values()] });
    this.#pending = emptyCommit();
    for (const { resolve } of this.#waiting.splice(0)) resolve();

    const changed: Run[] = [];
    for (const run of runs.values()) {
      if (!statuses.has(run.id)) {
        this.#progress.set(run.id, run);
        continue;
      }
      changed.push(run);
      this.#progress.delete(run.id);
      // A run that leaves its trainer sends no frames for a while, or ever again.
      if (run.status !== 'running') this.#nextSeqs.delete(run.id);
    }
    this.#publish([
      ...(rows.frames.length > 0 ? [{ type: 'frames' as const, blocks: joinedByRun(rows.frames) }] : []),
      ...rows.measurements.map((measured) => ({ type: 'measured' as const, ...measured })),
      ...(changed.length > 0 ? [this.#changed(changed)] : []),
      ...this.#dueProgress(),
    ]);
    this.#noteAccepted();
  }

  /** Commits and publishes what is staged if the store takes it; else it stays staged and is tried again. */
  tryFlush(): void {
    try {
      this.flush();
    } catch {
      // Told to `refused` where it happened.
    }
  }

  #retry(): void {
    this.tryFlush();
    // Nothing waited: what was refused was a command, which nobody repeats.
    if (this.#isRefused && this.#tick === undefined) this.probe();
  }

  /** Finds out whether the store can be written, and tells `refused` or `accepted`. */
  probe(): void {
    try {
      this.#write({});
      this.#noteAccepted();
    } catch {
      // Told to `refused`.
    }
  }

  /** Finds out whether what is stored is still where it was; tells `refused` if it is not. */
  look(): void {
    try {
      this.#store.check();
    } catch (error) {
      this.refuse(error);
    }
  }

  #write(commit: Commit): void {
    try {
      this.#store.commit(commit);
    } catch (error) {
      this.refuse(error);
      throw error;
    }
  }

  /** The store has failed, if only in reading: nothing counts as stored until it has accepted a commit again. */
  refuse(error: unknown): void {
    this.#isRefused = true;
    for (const { reject } of this.#waiting.splice(0)) reject(error);
    this.#tick ??= timer(this.#retryMs).subscribe(() => {
      this.#tick = undefined;
      this.#retry();
    });
    this.#refused(error);
  }

  #noteAccepted(): void {
    if (!this.#isRefused) return;
    this.#isRefused = false;
    this.#accepted();
  }

  /** Runs with what their sweeps have become. */
  #changed(runs: Run[], sweepIds: string[] = []): News {
    const ids = new Set([...sweepIds, ...runs.map((run) => run.sweepId).filter((id) => id !== null)]);
    const sweeps = [...ids].map((id) => this.#registry.sweep(id)).filter((sweep) => sweep !== undefined);
    return { type: 'changed', runs, sweeps };
  }

  /** Nothing when the last time was not long enough ago; then it comes when it is. */
  #dueProgress(): News[] {
    if (this.#progress.size === 0 || this.#progressTimer !== undefined) return [];
    const runs = [...this.#progress.values()];
    this.#progress.clear();
    this.#progressTimer = timer(this.#progressMs).subscribe(() => {
      this.#progressTimer = undefined;
      this.#publish(this.#dueProgress());
    });
    return [{ type: 'changed', runs }];
  }

  /** All of a commit's news is in the box before the first of it is told. */
  #publish(news: News[]): void {
    this.#outbox.push(...news);
    if (this.#isPublishing) return;
    this.#isPublishing = true;
    for (let next = this.#outbox.shift(); next !== undefined; next = this.#outbox.shift()) {
      const told: Committed =
        next.type === 'changed' ? { type: 'changed', ...this.#registry.tell(this.#told(next)) } : next;
      if (!isEmpty(told)) this.#committed$.next(told);
    }
    this.#isPublishing = false;
  }

  /** The epochs that are staged, and how many runs they are of. */
  unstored(): { epochs: number; runs: number } {
    const { frames } = this.#pending;
    const epochs = frames.reduce((sum, block) => sum + block.rows, 0);
    return { epochs, runs: new Set(frames.map(({ runId }) => runId)).size };
  }

  /** Commits what is staged and completes `committed$`. */
  close(): void {
    this.tryFlush();
    this.look();
    for (const { reject } of this.#waiting.splice(0)) reject(new Error('the server ended before this was stored'));
    this.#tick?.unsubscribe();
    this.#progressTimer?.unsubscribe();
    this.#timesTimer?.unsubscribe();
    this.#committed$.complete();
  }
}

function isEmpty(event: Committed): boolean {
  if (event.type !== 'changed') return false;
  const { runs, sweeps = [], removed = [] } = event;
  return [runs, sweeps, removed].every((part) => part.length === 0);
}

interface PromiseWithResolvers {
  resolve: () => void;
  reject: (reason: unknown) => void;
}

function isNothing({ runs, statuses: _statuses, writers, ...rows }: ReturnType<typeof emptyCommit>): boolean {
  return runs.size === 0 && writers.size === 0 && Object.values(rows).every((part) => part.length === 0);
}

/** A commit that is being put together; of a run and of a writer only its latest form counts. */
function emptyCommit() {
  return {
    runs: new Map<string, Run>(),
    /** Runs among them whose status is new. */
    statuses: new Set<string>(),
    frames: [] as FrameBlock[],
    measurements: [] as NonNullable<Commit['measurements']>,
    fingerprints: [] as NonNullable<Commit['fingerprints']>,
    checkpoints: [] as NonNullable<Commit['checkpoints']>,
    log: [] as NonNullable<Commit['log']>,
    writers: new Map<string, WriterRow>(),
    output: [] as NonNullable<Commit['output']>,
  };
}

/** One block per run: blocks of one run follow each other. */
function joinedByRun(blocks: readonly FrameBlock[]): FrameBlock[] {
  const byRun = new Map<string, FrameBlock[]>();
  for (const block of blocks) {
    const parts = byRun.get(block.runId);
    if (parts === undefined) byRun.set(block.runId, [block]);
    else parts.push(block);
  }
  return [...byRun.values()].map((parts) => joined(parts)!);
}
