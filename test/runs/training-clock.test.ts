import { expect, test } from 'vitest';
import { shiftBetween, shifted, shiftOfState } from '../../server/runs/replay-check.js';
import { testBlock } from '../support/test-frames.js';

/** Three columns: seconds, loss, accuracy. */
const block = (fromSeq: number, seconds: number[]) =>
  testBlock('r', fromSeq, seconds.length, Float32Array.from(seconds.flatMap((second) => [second, NaN, 0.5])));

test('a state that says what is kept shifts nothing, though it is more exact than a frame', () => {
  expect(shiftOfState(block(4, [1.1]), 1.1)).toBe(0);
  expect(shiftOfState(block(4, [3.5]), 1.5)).toBe(2);
  expect(shiftOfState(block(4, []), 1.5)).toBe(0);
});

test('epochs trained again, faster or slower, count as they did the first time', () => {
  expect(shiftBetween(block(6, [9]), block(5, [4, 5, 6]))).toBe(4);
  expect(shiftBetween(block(7, [2]), block(5, [4, 5, 6]))).toBe(-4);
});

test('a shift is added to seconds alone, and to a copy', () => {
  const fresh = block(7, [6, 7]);
  expect([...shifted(fresh, 4).values]).toEqual([10, NaN, 0.5, 11, NaN, 0.5]);
  expect([...fresh.values]).toEqual([6, NaN, 0.5, 7, NaN, 0.5]);
});
