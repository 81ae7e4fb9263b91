/** The frames of one chunk column by column, so that a few series of a long run are read without the others. */
import { makeValues, widthOf, type Dtype, type FrameBlock, type FrameValues } from '../../shared/frames.js';
import type { NanCells } from './frame-blobs.js';

/** Rows that are transposed at once: their ends stay in the processor's cache while the columns go by. */
const TILE_ROWS = 64;

export class ChunkColumns {
  readonly rows: number;
  readonly columns: number;
  readonly steps: Float64Array; // (rows)
  readonly times: Float64Array; // (rows)
  readonly #values: FrameValues; // (columns, rows)
  /** By column, the rows whose cell was logged as NaN. */
  readonly #nan = new Map<number, number[]>();

  constructor(rows: number, columns: number, dtype: Dtype) {
    this.rows = rows;
    this.columns = columns;
    this.steps = new Float64Array(rows);
    this.times = new Float64Array(rows);
    this.#values = makeValues(dtype, rows * columns).fill(NaN);
  }

  /** @param first The chunk's row that is the block's first; columns that the block lacks stay without a value. */
  putRows({ rows, steps, times, values, nan }: FrameBlock, first: number): void {
    this.steps.set(steps, first);
    this.times.set(times, first);
    const width = widthOf({ rows, values });
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < width; column += 1)
        this.#values[column * this.rows + first + row] = values[row * width + column]!;
    }
    for (const [row, column] of nan ?? []) this.#putNan(first + row, column);
  }

  #putNan(row: number, column: number): void {
    const rows = this.#nan.get(column);
    if (rows === undefined) this.#nan.set(column, [row]);
    else rows.push(row);
  }

  /** `count` columns from `firstColumn` on, from which the cells' columns count; the values are a view. */
  group(firstColumn: number, count: number): { values: FrameValues; nan: NanCells } {
    const nan: [number, number][] = [];
    for (let column = 0; column < count; column += 1) {
      for (const row of this.#nan.get(firstColumn + column) ?? []) nan.push([row, column]);
    }
    return { values: this.#values.subarray(firstColumn * this.rows, (firstColumn + count) * this.rows), nan };
  }
}

/** Puts neighbouring columns, one after another, where they belong in `values`, which are row by row. */
export function putGroup(group: FrameValues, firstColumn: number, values: FrameValues, rows: number): void {
  const columns = values.length / rows;
  const count = group.length / rows;
  for (let tile = 0; tile < rows; tile += TILE_ROWS) {
    const end = Math.min(rows, tile + TILE_ROWS);
    for (let column = 0; column < count; column += 1) {
      for (let row = tile; row < end; row += 1)
        values[row * columns + firstColumn + column] = group[column * rows + row]!;
    }
  }
}
