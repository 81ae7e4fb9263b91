/** Blocks of frames, cut at a seq and put together again. */
import { expect, test } from 'vitest';
import { cut, type FrameBlock, joined, valuesOf, bytesOf, widened } from '../../shared/frames.js';
import { testBlock } from '../support/test-frames.js';

/** Frames of two columns: the seq, and a tenth of it. */
function block(fromSeq: number, rows: number): FrameBlock {
  const values = Array.from({ length: rows }, (_, row) => [fromSeq + row, (fromSeq + row) / 10]);
  return testBlock('r', fromSeq, rows, Float32Array.from(values.flat()));
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

test('a block from before the columns became more has no value in the new ones', () => {
  const [narrow, wide] = [block(0, 2), testBlock('r', 2, 1, Float32Array.of(7, 8, 9))];
  expect([...widened(narrow, 3)]).toEqual([0, 0, NaN, 1, Math.fround(0.1), NaN]);
  expect([...widened(wide, 2)]).toEqual([7, 8]);
  const whole = joined([narrow, wide])!;
  expect([...whole.values]).toEqual([0, 0, NaN, 1, Math.fround(0.1), NaN, 7, 8, 9]);
  expect([...whole.steps]).toEqual([0, 1, 2]);
});

test('the cells that were logged as NaN stay with their rows', () => {
  const one = { ...block(0, 3), nan: [[0, 1] as const, [2, 0] as const] };
  expect(cut(one, 2).nan).toEqual([[0, 0]]);
  expect(cut(one, 1, 1)).not.toHaveProperty('nan');
  expect(joined([block(0, 2), { ...block(2, 2), nan: [[1, 1]] }])!.nan).toEqual([[3, 1]]);
});

test('doubles travel as doubles, and bytes that are no whole values are refused', () => {
  const doubles = Float64Array.of(1 / 3, NaN, -0, 2 ** 53);
  expect(valuesOf(bytesOf(doubles), 'f64')).toEqual(doubles);
  expect(() => valuesOf(new Uint8Array(6), 'f32')).toThrow(RangeError);
});
