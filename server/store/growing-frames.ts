/** One run's frames in memory, in arrays that double when they are full, so that a long run is not copied at every frame. */
import { cut, dtypeOf, makeValues, noFrames, widened, widthOf } from '../../shared/frames.js';
import type { Dtype, FrameBlock, FrameValues } from '../../shared/frames.js';

export class GrowingFrames {
  readonly #runId: string;
  #rows = 0;
  #columns = 0;
  #dtype: Dtype = 'f32';
  /** Rows for which there is room. */
  #room = 0;
  #steps = new Float64Array();
  #times = new Float64Array();
  #values: FrameValues = new Float32Array(); // (room, columns)
  /** Of the run, ascending by row. */
  readonly #nan: [row: number, column: number][] = [];

  constructor(runId: string) {
    this.#runId = runId;
  }

  get rows(): number {
    return this.#rows;
  }

  /** Leaves no gap; rows that are known stay as they are. */
  append(block: FrameBlock): void {
    const part = cut(block, this.#rows);
    if (part.rows === 0) return;
    const rows = this.#rows + part.rows;
    const columns = Math.max(this.#columns, widthOf(part));
    const dtype = this.#dtype === 'f64' ? 'f64' : dtypeOf(part.values);
    if (rows > this.#room || columns > this.#columns || dtype !== this.#dtype) this.#grow(rows, columns, dtype);
    this.#steps.set(part.steps, this.#rows);
    this.#times.set(part.times, this.#rows);
    this.#values.set(widened(part, columns), this.#rows * columns);
    for (const [row, column] of part.nan ?? []) this.#nan.push([this.#rows + row, column]);
    this.#rows = rows;
  }

  #grow(rows: number, columns: number, dtype: Dtype): void {
    const room = rows > this.#room ? Math.max(rows, 2 * this.#room) : this.#room;
    const steps = new Float64Array(room);
    const times = new Float64Array(room);
    const values = makeValues(dtype, room * columns);
    steps.set(this.#steps);
    times.set(this.#times);
    values.set(widened({ rows: this.#rows, values: this.#written() }, columns));
    this.#steps = steps;
    this.#times = times;
    this.#values = values;
    this.#room = room;
    this.#columns = columns;
    this.#dtype = dtype;
  }

  #written(): FrameValues {
    return this.#values.subarray(0, this.#rows * this.#columns);
  }

  /** A copy of the rows from `fromSeq` on, at most `limit` of them. */
  read(fromSeq: number, limit: number): FrameBlock {
    const rows = Math.max(0, Math.min(this.#rows - fromSeq, limit));
    if (rows === 0) return noFrames(this.#runId, fromSeq, this.#dtype);
    const end = fromSeq + rows;
    const nan = this.#nan
      .filter(([row]) => row >= fromSeq && row < end)
      .map(([row, column]) => [row - fromSeq, column] as const);
    return {
      ...{ runId: this.#runId, fromSeq, rows },
      steps: this.#steps.slice(fromSeq, end),
      times: this.#times.slice(fromSeq, end),
      values: this.#values.slice(fromSeq * this.#columns, end * this.#columns),
      ...(nan.length > 0 && { nan }),
    };
  }
}
