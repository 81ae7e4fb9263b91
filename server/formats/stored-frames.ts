/** Reads a run's stored frames in parts, so that a run of any length can be written without being held in memory. */
import { LEADING_COLUMNS, type FrameBlock } from '../../shared/frames.js';
import type { Run } from '../../shared/run.js';

/** What is needed of a `RunStore`. */
export interface FrameReader {
  nextSeq(runId: string): number;
  /** Frames with seq > after, at most `limit` rows. */
  frames(runId: string, after: number, limit: number): FrameBlock;
}

/** float32 values that one read may bring: 1 MB. */
const READ_VALUES = 2 ** 18;
/** float32 values of the columns that are held at a time: 32 MB. */
const HELD_VALUES = 2 ** 23;

/** All frames of the run that are stored now, from seq 0 on. */
export function* frameBlocks(store: FrameReader, run: Run): Generator<FrameBlock> {
  const rows = store.nextSeq(run.id);
  const limit = Math.max(1, Math.floor(READ_VALUES / (LEADING_COLUMNS.length + run.series.length)));
  for (let seq = 0; seq < rows; seq += limit) yield store.frames(run.id, seq - 1, Math.min(limit, rows - seq));
}

/**
 * The columns of a run's frames. Stored by row, they are read as many at a time as may be held: all of them in most
 * runs. Where that is not enough, the run is read again for the next ones, so ask for columns in their order.
 */
export class StoredColumns {
  readonly #store: FrameReader;
  readonly #run: Run;
  readonly #rows: number;
  readonly #width: number;
  #first = 0;
  #held: Float32Array[] = [];

  constructor(store: FrameReader, run: Run, heldValues = HELD_VALUES) {
    this.#store = store;
    this.#run = run;
    this.#rows = store.nextSeq(run.id);
    this.#width = Math.max(1, Math.floor(heldValues / Math.max(1, this.#rows)));
  }

  /** One value a row; NaN = no value. */
  column(index: number): Float32Array {
    if (this.#held[index - this.#first] === undefined) this.#load(index);
    return this.#held[index - this.#first]!;
  }

  #load(first: number): void {
    const columns = LEADING_COLUMNS.length + this.#run.series.length;
    this.#first = first;
    const count = Math.min(this.#width, columns - first);
    this.#held = Array.from({ length: count }, () => new Float32Array(this.#rows));
    for (const { fromSeq, rows, values } of frameBlocks(this.#store, this.#run)) {
      this.#held.forEach((column, index) => {
        for (let row = 0; row < rows; row += 1) column[fromSeq + row] = values[row * columns + first + index]!;
      });
    }
  }
}
