/**
 * Frames as they are stored and sent: consecutive rows of one run, each with a step, a wall time and a value in every
 * column. The seq of a frame is its row number in the run, from 0; steps may repeat and go back.
 */

/** How a run's values are held: what trains here is float32, other programs log doubles. */
export const DTYPES = ['f32', 'f64'] as const;
export type Dtype = (typeof DTYPES)[number];

export type FrameValues = Float32Array | Float64Array;

/** Active training time since the run began, in seconds: the first column of every run. */
export const SECONDS = 'seconds';
export const SECONDS_COLUMN = 0;

/**
 * Consecutive frames of one run. A run's columns are only ever appended, so that a block of before has fewer of them
 * than one of now; within a block all rows have as many.
 */
export interface FrameBlock {
  runId: string;
  fromSeq: number;
  rows: number;
  /** (rows): the run's own count of its progress, the epoch of those that train here. */
  steps: Float64Array;
  /** (rows): when the frame was made, in ms since 1970, UTC; NaN where that was not kept. */
  times: Float64Array;
  /** (rows, columns), row-major; NaN = no value. */
  values: FrameValues;
  /** Row and column of the cells that were logged as NaN, which are a value. Rows count from the block's first. */
  nan?: readonly (readonly [row: number, column: number])[];
}

export function dtypeOf(values: FrameValues): Dtype {
  return values instanceof Float32Array ? 'f32' : 'f64';
}

/** How many columns the block has; 0 where it has no rows. */
export function widthOf({ rows, values }: Pick<FrameBlock, 'rows' | 'values'>): number {
  return rows === 0 ? 0 : values.length / rows;
}

export function makeValues(dtype: Dtype, length: number): FrameValues {
  return dtype === 'f32' ? new Float32Array(length) : new Float64Array(length);
}

export function noFrames(runId: string, fromSeq: number, dtype: Dtype = 'f32'): FrameBlock {
  return {
    runId,
    fromSeq,
    rows: 0,
    steps: new Float64Array(),
    times: new Float64Array(),
    values: makeValues(dtype, 0),
  };
}

/** The rows from `fromSeq` on that the block holds, at most `limit` of them. Views of its arrays, not copies. */
export function cut(block: FrameBlock, fromSeq: number, limit = Infinity): FrameBlock {
  const skipped = Math.max(0, fromSeq - block.fromSeq);
  const rows = Math.max(0, Math.min(block.rows - skipped, limit));
  if (rows === block.rows) return block;
  const columns = widthOf(block);
  const end = skipped + rows;
  const nan = block.nan
    ?.filter(([row]) => row >= skipped && row < end)
    .map(([row, column]) => [row - skipped, column] as const);
  return {
    runId: block.runId,
    fromSeq: block.fromSeq + skipped,
    rows,
    steps: block.steps.subarray(skipped, end),
    times: block.times.subarray(skipped, end),
    values: block.values.subarray(skipped * columns, end * columns),
    ...(nan !== undefined && nan.length > 0 && { nan }),
  };
}

/**
 * Blocks of one run, each where the one before ends, as one; undefined if there are none. All are as wide as the widest:
 * what a narrower one lacks has no value. Of float32 and doubles both, they are doubles, which hold either exactly.
 */
export function joined(blocks: readonly FrameBlock[]): FrameBlock | undefined {
  const [first] = blocks;
  if (first === undefined || blocks.length === 1) return first;
  const rows = blocks.reduce((sum, block) => sum + block.rows, 0);
  const columns = Math.max(...blocks.map(widthOf));
  const steps = new Float64Array(rows);
  const times = new Float64Array(rows);
  const isSingle = blocks.every(({ values }) => dtypeOf(values) === 'f32');
  const values = makeValues(isSingle ? 'f32' : 'f64', rows * columns);
  const nan: [row: number, column: number][] = [];
  let row = 0;
  for (const block of blocks) {
    steps.set(block.steps, row);
    times.set(block.times, row);
    values.set(widened(block, columns), row * columns);
    for (const [nanRow, column] of block.nan ?? []) nan.push([row + nanRow, column]);
    row += block.rows;
  }
  const { runId, fromSeq } = first;
  return { runId, fromSeq, rows, steps, times, values, ...(nan.length > 0 && { nan }) };
}

/**
 * The block's values with `columns` columns: those that it lacks without a value, and without those that it has beyond,
 * which came after the reader asked. The same array where it has as many.
 */
export function widened(block: Pick<FrameBlock, 'rows' | 'values'>, columns: number): FrameValues {
  const { rows, values } = block;
  const width = widthOf(block);
  if (rows === 0 || width === columns) return values;
  const fitting = makeValues(dtypeOf(values), rows * columns).fill(NaN);
  const common = Math.min(width, columns);
  for (let row = 0; row < rows; row += 1)
    fitting.set(values.subarray(row * width, row * width + common), row * columns);
  return fitting;
}

/** The bytes of an array as they are stored and sent, little-endian like every machine that Node runs on; a view. */
export function bytesOf({ buffer, byteOffset, byteLength }: FrameValues): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/**
 * The array held in `bytes`; copies, because neither base64 decoders nor files align.
 * @throws RangeError when they are not whole values.
 */
export function valuesOf(bytes: Uint8Array, dtype: 'f64'): Float64Array;
export function valuesOf(bytes: Uint8Array, dtype: Dtype): FrameValues;
export function valuesOf(bytes: Uint8Array, dtype: Dtype): FrameValues {
  const size = dtype === 'f32' ? 4 : 8;
  if (bytes.byteLength % size !== 0)
    throw new RangeError(`an array of ${dtype} has a multiple of ${size} bytes, not ${bytes.byteLength}`);
  // Not bytes.slice(): of a Node Buffer that is a view of its whole pool.
  const { buffer } = new Uint8Array(bytes);
  return dtype === 'f32' ? new Float32Array(buffer) : new Float64Array(buffer);
}

/** What part of an arriving block is new to a holder of every seq below `nextSeq`. */
export function continuity(
  block: { fromSeq: number; rows: number },
  nextSeq: number,
): { kind: 'append'; skipRows: number } | { kind: 'known' } | { kind: 'gap' } {
  if (block.fromSeq > nextSeq) return { kind: 'gap' };
  if (block.fromSeq + block.rows <= nextSeq) return { kind: 'known' };
  return { kind: 'append', skipRows: nextSeq - block.fromSeq };
}
