/**
 * Frames as they are stored and sent: rows of a Float32 matrix, row-major, little-endian, NaN = no value.
 * Row r of a run is the frame with seq r, and seq r is epoch r. Base64 is made and undone at each edge.
 */
import { seriesNames } from './series.js';

/** The columns before the CV series. `seconds` is active training time since the run began. */
export const LEADING_COLUMNS = ['epoch', 'seconds', 'loss', 'accuracy'] as const;

/** Where active training time stands in a row. */
export const SECONDS_COLUMN = LEADING_COLUMNS.indexOf('seconds');

export function frameColumns(heads: number): string[] {
  return [...LEADING_COLUMNS, ...seriesNames(heads)];
}

/** Consecutive frames of one run: `values` is (rows, columns). */
export interface FrameBlock {
  runId: string;
  fromSeq: number;
  rows: number;
  values: Float32Array;
}

/** The rows from `fromSeq` on that the block holds, at most `limit` of them. A view of its values, not a copy. */
export function cut(block: FrameBlock, fromSeq: number, limit = Infinity): FrameBlock {
  const skipped = Math.max(0, fromSeq - block.fromSeq);
  const rows = Math.max(0, Math.min(block.rows - skipped, limit));
  if (rows === block.rows) return block;
  const columns = block.values.length / block.rows;
  const values = block.values.subarray(skipped * columns, (skipped + rows) * columns);
  return { runId: block.runId, fromSeq: block.fromSeq + skipped, rows, values };
}

/** Blocks of one run, each where the one before ends, as one; undefined if there are none. */
export function joined(blocks: readonly FrameBlock[]): FrameBlock | undefined {
  const [first] = blocks;
  if (first === undefined || blocks.length === 1) return first;
  const values = new Float32Array(blocks.reduce((length, block) => length + block.values.length, 0));
  let offset = 0;
  for (const block of blocks) {
    values.set(block.values, offset);
    offset += block.values.length;
  }
  return { ...first, rows: blocks.reduce((rows, block) => rows + block.rows, 0), values };
}

/** Bytes of a matrix in the order in which it is sent; a view where the machine is little-endian. */
export function framesToBytes(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/**
 * The matrix held in `bytes`; copies, because base64 decoders do not align.
 * @throws RangeError when they are not whole values.
 */
export function framesFromBytes(bytes: Uint8Array): Float32Array {
  if (bytes.byteLength % 4 !== 0)
    throw new RangeError(`a Float32 matrix has a multiple of 4 bytes, not ${bytes.byteLength}`);
  // Not bytes.slice(): of a Node Buffer that is a view of its whole pool.
  return new Float32Array(new Uint8Array(bytes).buffer);
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
