/** Singular values against numpy, and of matrices that make the steps stumble. */
import { describe, expect, it } from 'vitest';
import { dense } from '../../../shared/geometry/matrix.js';
import { singularValues } from '../../../shared/geometry/singular-values.js';
import { matrixOf, oracle, uniform } from './oracle.js';

it.each(oracle.cases)('of $name, to rounding of the largest', ({ matrix, singularValues: expected }) => {
  const values = singularValues(dense(matrixOf(matrix)));
  expect(values.length).toBe(expected.length);
  values.forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(2e-14 * expected[0]!));
});

it('resolves what a float32 matrix of condition 10⁶ holds', () => {
  const { matrix, singularValues: expected } = oracle.cases.find(({ name }) => name === 'ill-conditioned')!;
  const values = singularValues(dense(matrixOf(matrix)));
  expect(expected[0]! / expected.at(-1)!).toBeGreaterThan(9e5);
  values.forEach((value, i) => expect(Math.abs(value / expected[i]! - 1)).toBeLessThan(1e-8));
});

describe('of a bidiagonal matrix', () => {
  it.each([
    ['a zero at its begin', [0, 2, 3, 4]],
    ['a zero within', [1, 2, 0, 4]],
    ['a zero at its end', [1, 2, 3, 0]],
    ['zeros alone', [0, 0, 0, 0]],
  ])('with %s on its diagonal finds the zero, and keeps the norm', (_name, diagonal) => {
    const values = Float64Array.from({ length: 16 }, (_, k) =>
      k % 5 === 0 ? diagonal[k / 5]! : k % 5 === 1 && k < 15 ? 1 : 0,
    );
    const found = singularValues({ values, rows: 4, columns: 4 });
    const squares = values.reduce((sum, value) => sum + value * value, 0);
    expect(found.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(squares, 12);
    expect(found.at(-1)).toBeLessThan(1e-15);
  });
});

it('leaves the matrix as it is', () => {
  const matrix = dense(uniform(9, 9, 1));
  const before = matrix.values.slice();
  singularValues(matrix);
  expect(matrix.values).toEqual(before);
});

it.each([1e-300, 1e300])('of entries near %f', (scale) => {
  const matrix = dense(uniform(12, 7, 2));
  const expected = singularValues(matrix);
  const scaled = singularValues({ ...matrix, values: matrix.values.map((value) => value * scale) });
  scaled.forEach((value, i) => expect(value / scale / expected[i]!).toBeCloseTo(1, 12));
});
