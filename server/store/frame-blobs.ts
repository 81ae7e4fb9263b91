/**
 * Frames as bytes: the rows of the tables `tail` and `chunks`, each checked against what its row says of it. Arrays are
 * little-endian; cells that were logged as NaN are pairs of Uint32, row and column, both counted from the blob's first.
 */
import { bytesOf, DTYPES, dtypeOf, valuesOf, widthOf } from '../../shared/frames.js';
import type { Dtype, FrameBlock, FrameValues } from '../../shared/frames.js';
import { DamageError } from './storage-error.js';

export type NanCells = NonNullable<FrameBlock['nan']>;

/** What the tables say of a blob. */
export interface BlobShape {
  fromSeq: number;
  rows: number;
  columns: number;
  dtype: Dtype;
}

export interface BlobRow extends BlobShape {
  data: Uint8Array;
  /** Null where no cell was logged as NaN. */
  nan: Uint8Array | null;
}

const AXIS_BYTES = 8;
const NAN_BYTES = 8;

/** Steps, times, then values row by row. */
export function tailBytes({ steps, times, values }: FrameBlock): Uint8Array {
  return concatenated([steps, times, values]);
}

/** @throws DamageError when the bytes are not what the row says. */
export function tailBlock(runId: string, row: BlobRow): FrameBlock {
  const { fromSeq, rows, columns, dtype, data } = row;
  const axes = 2 * rows * AXIS_BYTES;
  expectShape(row, axes + rows * columns * bytesPerValue(dtype));
  const nan = nanCells(row);
  return {
    ...{ runId, fromSeq, rows },
    ...axesOf(data.subarray(0, axes)),
    values: valuesOf(data.subarray(axes), dtype),
    ...(nan.length > 0 && { nan }),
  };
}

/** Steps, then times. */
export function axesBytes(steps: Float64Array, times: Float64Array): Uint8Array {
  return concatenated([steps, times]);
}

/** @throws DamageError when the bytes are not what the row says. */
export function chunkAxes(row: BlobRow): { steps: Float64Array; times: Float64Array } {
  expectShape(row, 2 * row.rows * AXIS_BYTES);
  return axesOf(row.data);
}

/** The values of neighbouring columns, one column after another. @throws DamageError as above. */
export function groupValues(row: BlobRow): FrameValues {
  expectShape(row, row.rows * row.columns * bytesPerValue(row.dtype));
  return valuesOf(row.data, row.dtype);
}

/** Null where there is none. */
export function nanBytes(cells: NanCells = []): Uint8Array | null {
  return cells.length === 0 ? null : new Uint8Array(Uint32Array.from(cells.flat()).buffer);
}

/** @throws DamageError when a cell is outside of the blob. */
export function nanCells({ fromSeq, rows, columns, nan }: Omit<BlobRow, 'data'>): [row: number, column: number][] {
  if (nan === null) return [];
  if (nan.byteLength % NAN_BYTES !== 0)
    throw new DamageError(`the frames from ${fromSeq} on have half a cell in ${nan.byteLength} bytes`);
  const numbers = new Uint32Array(new Uint8Array(nan).buffer);
  return Array.from({ length: numbers.length / 2 }, (_, index) => {
    const [row, column] = [numbers[2 * index]!, numbers[2 * index + 1]!];
    if (row >= rows || column >= columns)
      throw new DamageError(`the frames from ${fromSeq} on have no row ${row} and column ${column}`);
    return [row, column];
  });
}

export function shapeOf(block: FrameBlock): BlobShape {
  return { fromSeq: block.fromSeq, rows: block.rows, columns: widthOf(block), dtype: dtypeOf(block.values) };
}

export function bytesPerValue(dtype: Dtype): number {
  return dtype === 'f32' ? 4 : 8;
}

function expectShape({ fromSeq, rows, dtype, data }: BlobRow, bytes: number): void {
  if (!DTYPES.includes(dtype)) throw new DamageError(`the frames from ${fromSeq} on are of no known type: ${dtype}`);
  if (rows < 1 || data.byteLength !== bytes)
    throw new DamageError(`the ${rows} frames from ${fromSeq} on are ${data.byteLength} bytes instead of ${bytes}`);
}

function axesOf(bytes: Uint8Array): { steps: Float64Array; times: Float64Array } {
  const axes = valuesOf(bytes, 'f64');
  return { steps: axes.subarray(0, axes.length / 2), times: axes.subarray(axes.length / 2) };
}

function concatenated(arrays: readonly FrameValues[]): Uint8Array {
  const bytes = new Uint8Array(arrays.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let offset = 0;
  for (const array of arrays) {
    bytes.set(bytesOf(array), offset);
    offset += array.byteLength;
  }
  return bytes;
}
