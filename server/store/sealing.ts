/**
 * Moving a run's frames from the tail to a chunk, a little with every commit, so that no tick takes long. Each part is
 * stored with its commit; the last one writes the axes and empties the tail, which until then has the frames. What a
 * crash or a refused commit cuts off is begun anew.
 */
import { widthOf, type Dtype } from '../../shared/frames.js';
import { ChunkColumns } from './chunk-columns.js';
import { NARROW, WIDE, type ChunkTable } from './chunk-table.js';
import type { TailTable } from './tail-table.js';

/** Read or written for a commit; about 10 ms. */
const BYTES_PER_COMMIT = 2 ** 20;

/** So that on a disk with room for frames alone not every other commit is refused. */
const COMMITS_OF_REST = 100;

/** What is known of a run that is written. */
export interface SealedRun {
  /** The seq after its last chunk. */
  sealedSeq: number;
  nextSeq: number;
  /** Of its widest frame in the tail, or of one before. */
  columns: number;
  dtype: Dtype;
}

export class Sealing {
  readonly #tail: TailTable;
  readonly #chunks: ChunkTable;
  /** Runs with a chunk's worth of frames in the tail. */
  readonly #due = new Map<string, SealedRun>();
  /** One at a time, for the chunk is in memory meanwhile. Yields the bytes of each part. */
  #current: Generator<number, void> | null = null;
  #rest = 0;

  constructor(tail: TailTable, chunks: ChunkTable) {
    this.#tail = tail;
    this.#chunks = chunks;
  }

  /** After frames were added. */
  note(runId: string, run: SealedRun): void {
    if (rowsDue(run) > 0) this.#due.set(runId, run);
  }

  /**
   * Part of every commit's transaction, also of one without frames: what is due may be of runs that have ended.
   * @param bytes How many of them, as `sealedBytes` counts: each is read and written once, and that must keep up.
   */
  proceed(bytes: number): void {
    if (this.#rest > 0) {
      this.#rest -= 1;
      return;
    }
    for (let left = Math.max(BYTES_PER_COMMIT, 3 * bytes); left > 0;) {
      this.#current ??= this.#next();
      if (this.#current === null) return;
      const part = this.#current.next();
      if (part.done === true) this.#current = null;
      else left -= part.value;
    }
  }

  /** Seals all that is due of a run, at once. */
  finish(runId: string, run: SealedRun): void {
    for (let rows = rowsDue(run); rows > 0; rows = rowsDue(run)) {
      // What is done at once needs no measure.
      for (const _bytes of this.#sealed(runId, run, rows));
    }
  }

  #next(): Generator<number, void> | null {
    const [first] = this.#due;
    if (first === undefined) return null;
    const [runId, run] = first;
    // Again at the end, so that one long run does not keep the others waiting.
    this.#due.delete(runId);
    const rows = rowsDue(run);
    if (rows === 0) return null;
    this.#due.set(runId, run);
    return this.#sealed(runId, run, rows);
  }

  *#sealed(runId: string, run: SealedRun, rows: number): Generator<number, void> {
    const { sealedSeq: fromSeq, columns, dtype } = run;
    this.#chunks.removeUnfinished(runId, fromSeq);
    const chunk = new ChunkColumns(rows, columns, dtype);
    const readRows = Math.max(1, Math.floor(BYTES_PER_COMMIT / sealedBytes(1, columns)));
    for (let row = 0; row < rows; row += readRows) {
      const seq = fromSeq + row;
      let bytes = 0;
      for (const block of this.#tail.blocks(runId, seq, Math.min(seq + readRows, fromSeq + rows))) {
        chunk.putRows(block, block.fromSeq - fromSeq);
        bytes += sealedBytes(block.rows, widthOf(block));
      }
      yield bytes;
    }
    const groupColumns = rows === NARROW.rows ? NARROW.groupColumns : WIDE.groupColumns;
    for (let column = 0; column < columns; column += groupColumns) {
      yield this.#chunks.writeGroup(runId, fromSeq, chunk, column, Math.min(groupColumns, columns - column));
    }
    this.#chunks.writeAxes(runId, fromSeq, chunk, dtype);
    run.sealedSeq = fromSeq + rows;
    this.#tail.remove(runId, run.sealedSeq);
  }

  /** What was not stored, or may have been: a commit was refused, or runs are gone. */
  forget({ isRefused }: { isRefused: boolean }): void {
    if (isRefused && this.#current !== null) this.#rest = COMMITS_OF_REST;
    this.#current = null;
    this.#due.clear();
  }
}

/** What frames are to sealing, whatever their type: their values, step and time. */
export function sealedBytes(rows: number, columns: number): number {
  return 8 * rows * (columns + 2);
}

/** Of the next chunk; 0: there are not enough yet. */
function rowsDue({ sealedSeq, nextSeq, columns }: SealedRun): number {
  const { rows } = columns > NARROW.maxColumns ? WIDE : NARROW;
  return nextSeq - sealedSeq >= rows ? rows : 0;
}
