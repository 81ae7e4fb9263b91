/** A `RunStore` that lives as long as its process: for sweeps from the command line and for tests. */
import { noFrames, type FrameBlock } from '../../shared/frames.js';
import type { OutputLine } from '../../shared/output.js';
import type { Fingerprint, Measurement } from '../../shared/measurement.js';
import type { Run, Sweep } from '../../shared/run.js';
import { countStatuses } from './count-statuses.js';
import { GrowingFrames } from './growing-frames.js';
import {
  KEPT_CHECKPOINTS,
  type CheckpointRow,
  type Commit,
  type ListPart,
  type LogRow,
  type MeasurementKey,
  type RunFilter,
  type RunStore,
  type StoredSweep,
  type WriterRow,
} from './run-store.js';

/** Everything stored of one run. */
interface Entry {
  run: Run;
  frames: GrowingFrames;
  measurements: Measurement[];
  fingerprint?: Fingerprint;
  checkpoints: CheckpointRow[];
  log: LogRow[];
  writers: WriterRow[];
  output: Omit<OutputLine, 'n'>[];
}

export function createMemoryStore(): RunStore {
  return new MemoryStore();
}

const ALL: ListPart = { offset: 0, limit: Infinity };

class MemoryStore implements RunStore {
  readonly #sweeps = new Map<string, StoredSweep>();
  readonly #entries = new Map<string, Entry>();
  readonly #answers = new Map<string, unknown>();

  commit(commit: Commit): void {
    // What is stored and what is handed out are copies: a caller's later change must not reach into the store.
    const copy = structuredClone(commit);
    this.#check(copy);
    for (const sweep of copy.sweeps ?? []) this.#sweeps.set(sweep.id, sweep);
    for (const run of copy.runs ?? []) {
      const entry = this.#entries.get(run.id);
      if (entry !== undefined) entry.run = run;
      else
        this.#entries.set(run.id, {
          run,
          frames: new GrowingFrames(run.id),
          measurements: [],
          checkpoints: [],
          log: [],
          writers: [],
          output: [],
        });
    }
    for (const block of copy.frames ?? []) this.#entry(block.runId).frames.append(block);
    for (const { runId, measurement } of copy.measurements ?? []) {
      const entry = this.#entry(runId);
      const isOther = ({ epoch, sample }: Measurement): boolean =>
        epoch !== measurement.epoch || sample !== measurement.sample;
      entry.measurements = [...entry.measurements.filter(isOther), measurement].sort(
        (a, b) => a.epoch - b.epoch || b.sample.localeCompare(a.sample),
      );
    }
    for (const { runId, fingerprint } of copy.fingerprints ?? []) this.#entry(runId).fingerprint = fingerprint;
    for (const row of copy.checkpoints ?? []) {
      const entry = this.#entry(row.runId);
      entry.checkpoints = [row, ...entry.checkpoints.filter((one) => one.epoch < row.epoch)]
        .sort((a, b) => b.epoch - a.epoch)
        .slice(0, KEPT_CHECKPOINTS);
    }
    for (const row of copy.log ?? []) this.#entry(row.runId).log.push(row);
    for (const row of copy.writers ?? []) {
      const { writers } = this.#entry(row.runId);
      const index = writers.findIndex(({ id }) => id === row.id);
      if (index === -1) writers.push(row);
      else writers[index] = row;
    }
    for (const { runId, lines } of copy.output ?? []) this.#entry(runId).output.push(...lines);
    for (const { requestId, answer } of copy.requests ?? []) this.#answers.set(requestId, answer);
  }

  /** Refuses a commit before any of it is done. */
  #check(commit: Commit): void {
    const sweepIds = new Set(commit.sweeps?.map((sweep) => sweep.id));
    for (const { id, sweepId } of commit.runs ?? []) {
      if (sweepId !== null && !sweepIds.has(sweepId) && !this.#sweeps.has(sweepId))
        throw new Error(`run ${id} belongs to sweep ${sweepId}, which is not kept`);
    }
    const newRuns = new Set(commit.runs?.map((run) => run.id));
    const { frames, measurements, fingerprints, checkpoints, log, writers, output } = commit;
    const parts = [frames, measurements, fingerprints, checkpoints, log, writers, output];
    for (const { runId } of parts.flatMap((part): { runId: string }[] => part ?? [])) {
      if (!newRuns.has(runId) && !this.#entries.has(runId)) throw new Error(`run ${runId} is not kept`);
    }
    const next = new Map<string, number>();
    for (const { runId, fromSeq, rows } of commit.frames ?? []) {
      const nextSeq = next.get(runId) ?? this.nextSeq(runId);
      if (fromSeq > nextSeq)
        throw new RangeError(`run ${runId}: frame ${fromSeq} would leave a gap, the next is ${nextSeq}`);
      next.set(runId, Math.max(nextSeq, fromSeq + rows));
    }
  }

  #entry(runId: string): Entry {
    const entry = this.#entries.get(runId);
    if (entry === undefined) throw new Error(`run ${runId} is not kept`);
    return entry;
  }

  check(): void {
    // It cannot go away, nor be damaged.
  }

  sweeps(): Sweep[] {
    return [...this.#sweeps.values()].map((sweep) => this.#complete(sweep));
  }

  sweep(id: string): Sweep | undefined {
    const sweep = this.#sweeps.get(id);
    return sweep && this.#complete(sweep);
  }

  #complete(sweep: StoredSweep): Sweep {
    const runs = [...this.#entries.values()].map((entry) => entry.run).filter((run) => run.sweepId === sweep.id);
    return { ...structuredClone(sweep), runIds: runs.map((run) => run.id), counts: countStatuses(runs) };
  }

  runs({ sweep, status }: RunFilter = {}): Run[] {
    return [...this.#entries.values()]
      .map((entry) => entry.run)
      .filter(
        (run) => (sweep === undefined || run.sweepId === sweep) && (status === undefined || run.status === status),
      )
      .map((run) => structuredClone(run));
  }

  run(id: string): Run | undefined {
    return structuredClone(this.#entries.get(id)?.run);
  }

  frames(runId: string, after: number, limit: number): FrameBlock {
    const fromSeq = Math.max(0, after + 1);
    return this.#entries.get(runId)?.frames.read(fromSeq, limit) ?? noFrames(runId, fromSeq);
  }

  nextSeq(runId: string): number {
    return this.#entries.get(runId)?.frames.rows ?? 0;
  }

  measurements(runId: string, { offset, limit }: ListPart = ALL): Measurement[] {
    return structuredClone(this.#entries.get(runId)?.measurements.slice(offset, offset + limit) ?? []);
  }

  measurement(runId: string, { epoch, sample }: MeasurementKey): Measurement | undefined {
    const all = this.#entries.get(runId)?.measurements ?? [];
    return structuredClone(all.find((one) => one.epoch === epoch && one.sample === sample));
  }

  fingerprint(runId: string): Fingerprint | undefined {
    return structuredClone(this.#entries.get(runId)?.fingerprint);
  }

  checkpoints(runId: string): CheckpointRow[] {
    return structuredClone(this.#entries.get(runId)?.checkpoints ?? []);
  }

  log(runId: string, { offset, limit }: ListPart = ALL): LogRow[] {
    return structuredClone(this.#entries.get(runId)?.log.slice(offset, offset + limit) ?? []);
  }

  writers(runId: string): WriterRow[] {
    return structuredClone(this.#entries.get(runId)?.writers ?? []);
  }

  writer(id: string): WriterRow | undefined {
    const all = [...this.#entries.values()].flatMap(({ writers }) => writers);
    return structuredClone(all.find((row) => row.id === id));
  }

  output(runId: string, after: number, limit: number): OutputLine[] {
    const all = this.#entries.get(runId)?.output ?? [];
    return all.slice(after + 1, after + 1 + limit).map((line, index) => ({ n: after + 1 + index, ...line }));
  }

  outputLines(runId: string): number {
    return this.#entries.get(runId)?.output.length ?? 0;
  }

  requestAnswer(requestId: string): unknown {
    return structuredClone(this.#answers.get(requestId));
  }

  deleteRun(id: string): void {
    this.#entries.delete(id);
  }

  deleteSweep(id: string): void {
    this.#sweeps.delete(id);
    for (const { run } of [...this.#entries.values()]) if (run.sweepId === id) this.#entries.delete(run.id);
  }

  close(): void {
    // Nothing is open.
  }
}
