/** What a null depends on: the size of the cloud that is sampled, and which of its rows are one and the same. */
import { createHash } from 'node:crypto';

/** What decides which five rows are taken together. */
export interface FixedSample {
  samples: number;
  sampleSeed: number;
}

export interface SampledShape {
  rows: number;
  columns: number;
  /** Of each row, the number of its content, counted from 0 in the order of first sight; null where all differ. */
  contents: Uint32Array | null;
  /** How many rows differ. */
  distinct: number;
  /** The same for the same shape; fit for a file's name. */
  key: string;
}

const HASH_DIGITS = 16;

/**
 * Activations of one token at one position are the same to the bit.
 * @param values the first row begins with the first of them
 * @param stride from row to row, in floats
 * @param columns of each row; at least 2
 */
export function sampledShape(values: Float32Array, stride: number, rows: number, columns: number): SampledShape {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const isSame = (one: number, other: number): boolean => {
    for (let column = 0; column < columns; column++)
      if (words[one * stride + column] !== words[other * stride + column]) return false;
    return true;
  };
  const contents = new Uint32Array(rows);
  let distinct = 0;
  // Rows by their first two entries: where those differ, nothing else need be read.
  const alike = new Map<number, number[]>();
  for (let row = 0; row < rows; row++) {
    const start = words[row * stride]! ^ Math.imul(words[row * stride + 1]!, 0x9e3779b1);
    const others = alike.get(start) ?? [];
    const same = others.find((other) => isSame(row, other));
    contents[row] = same === undefined ? distinct++ : contents[same]!;
    if (same === undefined) alike.set(start, [...others, row]);
  }
  const size = `${rows}x${columns}`;
  if (distinct === rows) return { rows, columns, contents: null, distinct, key: size };
  const hash = createHash('sha256').update(new Uint8Array(contents.buffer)).digest('hex').slice(0, HASH_DIGITS);
  return { rows, columns, contents, distinct, key: `${size}-${distinct}-${hash}` };
}
