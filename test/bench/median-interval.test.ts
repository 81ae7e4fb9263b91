import { expect, it } from 'vitest';
import { medianInterval } from './timed-process.js';

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => n - i);

it.each([
  // By the binomial distribution of how many of n values lie below their median: 2·(1 + 6) / 2⁶ > 5 % ≥ 2 / 2⁶, …
  [6, [1, 6]],
  [9, [2, 8]],
  [15, [4, 12]],
  [20, [6, 15]],
])('of %i values, those hold the median 95 %% of the time', (n, interval) => {
  expect(medianInterval(upTo(n))).toEqual(interval);
});

it('takes all there is where the values are too few for that', () => {
  expect(medianInterval(upTo(3))).toEqual([1, 3]);
});
