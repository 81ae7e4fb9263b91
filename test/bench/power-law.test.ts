import { expect, it } from 'vitest';
import { fittedExponent } from './power-law.js';

it('finds the exponent of a power, and the mean slope where there is a constant part', () => {
  const xs = [8, 16, 32, 64];
  expect(
    fittedExponent(
      xs,
      xs.map((x) => 3 * x ** 1.7),
    ),
  ).toBeCloseTo(1.7, 9);
  expect(fittedExponent(xs, [5, 5, 5, 5])).toBeCloseTo(0, 9);
  // Slopes between neighbours 1 and 2: the fit lies between them.
  expect(fittedExponent([1, 2, 4], [1, 2, 8])).toBeCloseTo(1.5, 9);
});
