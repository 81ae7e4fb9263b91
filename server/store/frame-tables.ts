/** The frames of all runs: new ones in the tail, older ones in chunks, those of earlier schemas where they were. */
import { cut, dtypeOf, joined, noFrames, widthOf, type FrameBlock } from '../../shared/frames.js';
import { ChunkTable } from './chunk-table.js';
import type { FolderDatabase } from './folder-database.js';
import { OldFrames } from './old-frames.js';
import { Sealing, sealedBytes, type SealedRun } from './sealing.js';
import { storageErrorOf } from './storage-error.js';
import { TailTable } from './tail-table.js';

/** Rows of an earlier schema that are moved at once. */
const MOVED_ROWS = 1024;

export class FrameTables {
  readonly #database: FolderDatabase;
  readonly #old: OldFrames;
  readonly #tail: TailTable;
  readonly #chunks: ChunkTable;
  readonly #sealing: Sealing;
  /** Of runs with frames, by id; as after the transaction that is under way. */
  readonly #runs = new Map<string, SealedRun>();
  /** Runs of earlier schemas that could not be moved for want of room, say: they are read where they are. */
  readonly #unmoved = new Set<string>();

  constructor(database: FolderDatabase) {
    this.#database = database;
    this.#old = new OldFrames(database);
    this.#tail = new TailTable(database);
    this.#chunks = new ChunkTable(database);
    this.#sealing = new Sealing(this.#tail, this.#chunks);
  }

  /** In a transaction. Rows that are stored already are left as they are. @throws RangeError when there is a gap. */
  write(blocks: readonly FrameBlock[]): void {
    let bytes = 0;
    for (const block of blocks) {
      this.#moveOld(block.runId);
      const run = this.#run(block.runId);
      const { runId, fromSeq } = block;
      if (fromSeq > run.nextSeq)
        throw new RangeError(`run ${runId}: frame ${fromSeq} would leave a gap, the next is ${run.nextSeq}`);
      this.#add(run, cut(block, run.nextSeq));
      this.#sealing.note(runId, run);
      bytes += sealedBytes(block.rows, widthOf(block));
    }
    this.#sealing.proceed(bytes);
  }

  #add(run: SealedRun, block: FrameBlock): void {
    if (block.rows === 0) return;
    this.#tail.add(block);
    run.nextSeq += block.rows;
    run.columns = Math.max(run.columns, widthOf(block));
    if (dtypeOf(block.values) === 'f64') run.dtype = 'f64';
    this.#runs.set(block.runId, run);
  }

  #run(runId: string): SealedRun {
    const known = this.#runs.get(runId);
    if (known !== undefined) return known;
    const sealed = this.#chunks.end(runId);
    const tail = this.#tail.shape(runId);
    const sealedSeq = sealed?.nextSeq ?? 0;
    const dtypes = [sealed?.dtype, tail?.dtype];
    const run: SealedRun = {
      ...{ sealedSeq, nextSeq: tail?.nextSeq ?? sealedSeq, columns: tail?.columns ?? 0 },
      dtype: dtypes.includes('f64') ? 'f64' : 'f32',
    };
    // What has no frames may not even be a run.
    if (run.nextSeq === 0) return run;
    this.#runs.set(runId, run);
    // One that has ended may have been left with a long tail.
    this.#sealing.note(runId, run);
    return run;
  }

  nextSeq(runId: string): number {
    return this.#runs.get(runId)?.nextSeq ?? (this.#old.count(runId) || this.#run(runId).nextSeq);
  }

  /** As `RunStore.frames`; not in a transaction. @throws DamageError */
  read(runId: string, after: number, limit: number): FrameBlock {
    const fromSeq = Math.max(0, after + 1);
    if (!this.#isMoved(runId)) return this.#old.read(runId, fromSeq, limit);
    const { sealedSeq, nextSeq, dtype } = this.#run(runId);
    const endSeq = Math.min(nextSeq, fromSeq + limit);
    const blocks: FrameBlock[] = [];
    let seq = fromSeq;
    while (seq < Math.min(sealedSeq, endSeq)) {
      const part = cut(this.#chunks.read(runId, seq), seq, endSeq - seq);
      blocks.push(part);
      seq += part.rows;
    }
    if (seq < endSeq) blocks.push(...this.#tail.blocks(runId, seq, endSeq));
    const [only] = blocks;
    if (only === undefined) return noFrames(runId, fromSeq, dtype);
    return blocks.length === 1 ? copied(only) : joined(blocks)!;
  }

  #isMoved(runId: string): boolean {
    if (this.#runs.has(runId)) return true;
    if (this.#unmoved.has(runId)) return false;
    if (this.#old.count(runId) === 0) return true;
    try {
      this.#database.transaction(() => this.#moveOld(runId));
      return true;
    } catch (error) {
      this.forget();
      const trouble = storageErrorOf(error);
      if (trouble === null || trouble === 'damaged') throw error;
      this.#unmoved.add(runId);
      return false;
    }
  }

  /** In a transaction: all of the run's frames, or none. */
  #moveOld(runId: string): void {
    if (this.#runs.has(runId)) return;
    const count = this.#old.count(runId);
    if (count === 0) return;
    const run = this.#run(runId);
    for (let seq = 0; seq < count; seq += MOVED_ROWS) {
      this.#add(run, this.#old.read(runId, seq, MOVED_ROWS));
      this.#sealing.finish(runId, run);
    }
    this.#old.remove(runId);
    this.#unmoved.delete(runId);
  }

  /** After a transaction that failed, or removed runs: what is cached may not be what is stored. */
  forget({ isRefused = false } = {}): void {
    this.#runs.clear();
    this.#chunks.forget();
    this.#sealing.forget({ isRefused });
  }
}

/** Its arrays are nobody else's. */
function copied(block: FrameBlock): FrameBlock {
  return { ...block, steps: block.steps.slice(), times: block.times.slice(), values: block.values.slice() };
}
