/** Reads a run's stored frames in parts, so that a run of any length can be written without being loaded whole. */
import { type FrameBlock, widened } from '../../shared/frames.js';
import type { Fingerprint, Measurement } from '../../shared/measurement.js';
import { columnsOf, type Run } from '../../shared/run.js';

/** What is needed of a `RunStore`. */
export interface FrameReader {
  nextSeq(runId: string): number;
  /** Frames with seq > after, at most `limit` rows. */
  frames(runId: string, after: number, limit: number): FrameBlock;
}

/** What a report of runs is made from. */
export interface ReportSource extends FrameReader {
  measurements(runId: string): Measurement[];
  fingerprint(runId: string): Fingerprint | undefined;
}

/** Values that one read may bring: 1 MB of float32. */
const READ_VALUES = 2 ** 18;
/** Values of the columns that are loaded at a time: 64 MB. */
const MAX_VALUES = 2 ** 23;

/**
 * The frames of the run that are stored now, from `fromSeq` on, each block as wide as the run is.
 * @param readValues how many values a block has at most; a row is never divided
 */
export function* frameBlocks(
  store: FrameReader,
  run: Run,
  part: { fromSeq?: number; rows?: number; readValues?: number } = {},
): Generator<FrameBlock> {
  const { fromSeq = 0, readValues = READ_VALUES } = part;
  const { rows = store.nextSeq(run.id) - fromSeq } = part;
  const columns = columnsOf(run).length;
  const limit = Math.max(1, Math.floor(readValues / columns));
  for (let read = 0; read < rows; read += limit) {
    const block = store.frames(run.id, fromSeq + read - 1, Math.min(limit, rows - read));
    if (block.rows === 0) throw new Error(`run ${run.id} was deleted while it was read`);
    const { nan, ...rest } = block;
    const known = nan?.filter(([, column]) => column < columns) ?? [];
    yield { ...rest, values: widened(block, columns), ...(known.length > 0 && { nan: known }) };
  }
}

/**
 * The columns of a run's frames. Stored by row, they are read as many at a time as memory allows: all of them in most
 * runs. Where that is not enough, the run is read again for the next ones, so ask for columns in their order.
 */
export class StoredColumns {
  readonly #store: FrameReader;
  readonly #run: Run;
  readonly #rows: number;
  readonly #width: number;
  #first = 0;
  #loaded: Float64Array[] = [];

  constructor(store: FrameReader, run: Run, maxValues = MAX_VALUES) {
    this.#store = store;
    this.#run = run;
    this.#rows = store.nextSeq(run.id);
    this.#width = Math.max(1, Math.floor(maxValues / Math.max(1, this.#rows)));
  }

  /** One value a row; NaN = no value. */
  column(index: number): Float64Array {
    if (this.#loaded[index - this.#first] === undefined) this.#load(index);
    return this.#loaded[index - this.#first]!;
  }

  #load(first: number): void {
    const columns = columnsOf(this.#run).length;
    this.#first = first;
    const count = Math.min(this.#width, columns - first);
    this.#loaded = Array.from({ length: count }, () => new Float64Array(this.#rows));
    for (const { fromSeq, rows, values } of frameBlocks(this.#store, this.#run)) {
      this.#loaded.forEach((column, index) => {
        for (let row = 0; row < rows; row += 1) column[fromSeq + row] = values[row * columns + first + index]!;
      });
    }
  }
}
