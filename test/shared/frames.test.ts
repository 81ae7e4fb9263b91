/** Blocks of frames, cut at a seq and put together again. */
import { expect, test } from 'vitest';
import { cut, type FrameBlock, joined } from '../../shared/frames.js';

/** Frames of two columns: the seq, and a tenth of it. */
function block(fromSeq: number, rows: number): FrameBlock {
  const values = Array.from({ length: rows }, (_, row) => [fromSeq + row, (fromSeq + row) / 10]);
  return { runId: 'r', fromSeq, rows, values: Float32Array.from(values.flat()) };
}

test('a cut begins at the seq asked for and holds whole rows, at most so many', () => {
  expect(cut(block(3, 5), 5)).toEqual(block(5, 3));
  expect(cut(block(3, 5), 4, 2)).toEqual(block(4, 2));
  expect(cut(block(3, 5), 0, 2)).toEqual(block(3, 2));
  expect(cut(block(3, 5), 7, 9)).toEqual(block(7, 1));
});

test('a cut that leaves nothing is empty, and one that leaves all is the block itself', () => {
  expect(cut(block(3, 5), 8)).toEqual(block(8, 0));
  expect(cut(block(3, 5), 20).rows).toBe(0);
  const [whole, empty] = [block(3, 5), block(3, 0)];
  expect(cut(whole, 1)).toBe(whole);
  expect(cut(empty, 7)).toBe(empty);
});

test('blocks that follow each other are joined as they are, none to nothing', () => {
  expect(joined([block(2, 1), block(3, 4), block(7, 2)])).toEqual(block(2, 7));
  const only = block(2, 1);
  expect(joined([only])).toBe(only);
  expect(joined([])).toBeUndefined();
});
