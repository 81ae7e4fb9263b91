/** Every metric against numpy, where it has a value and where it has none. */
import { describe, expect, it } from 'vitest';
import {
  measure,
  METRICS,
  type Context,
  type Matrix,
  type Measured,
  type MetricName,
} from '../../../shared/geometry/index.js';
import { matrixOf, oracle, simplexSets, uniform } from './oracle.js';

/** Relative. */
const AGREEMENT = 1e-9;

type Expected = (typeof oracle.cases)[number]['values'][MetricName];

function expectAgreement(measured: Measured, expected: Expected, tolerance: number): void {
  if (expected === null || expected === undefined) {
    expect(measured.value).toBeNull();
    expect(measured.reason).toEqual(expect.any(String));
    return;
  }
  const parts = typeof expected === 'number' ? { value: expected } : expected;
  for (const [part, number] of Object.entries(parts)) {
    const given = measured[part as 'value' | 'se' | 'valid'];
    expect(given, part).toEqual(expect.any(Number));
    expect(Math.abs(given! - number), `${part} ${given} is not ${number}`).toBeLessThanOrEqual(
      tolerance * Math.abs(number) + 1e-15,
    );
  }
}

describe.each(oracle.cases)('$name', ({ matrix: recipe, setsSeed, earlier, values }) => {
  const names = Object.keys(values) as MetricName[];
  const matrix = matrixOf(recipe);
  const context = {
    simplexSets: simplexSets(matrix.rows, setsSeed),
    ...(earlier && { earlier: matrixOf(earlier), initial: matrixOf(earlier) }),
  };
  const measured = measure(names, matrix, context);

  it.each(names)('%s', (name) => {
    expectAgreement(measured[name], values[name], AGREEMENT);
  });

  it('gives the same by itself and with all others', () => {
    for (const name of names) expect(measure([name], matrix, context)).toEqual({ [name]: measured[name] });
  });

  it('aligns with epoch 0 as with the epoch before', () => {
    const { cka_initial, cka_previous } = measure(['cka_initial', 'cka_previous'], matrix, context);
    expect(cka_initial).toEqual(cka_previous);
  });

  it('reads rows that do not stand close', () => {
    const stride = matrix.columns + 3;
    const spread = new Float64Array(matrix.rows * stride).fill(NaN);
    for (let i = 0; i < matrix.rows; i++)
      for (let j = 0; j < matrix.columns; j++) spread[i * stride + j] = matrix.values[i * matrix.columns + j]!;
    expect(measure(names, { ...matrix, values: spread, stride }, context)).toEqual(measured);
  });
});

describe.each(oracle.collapses)('neural collapse of $name', ({ matrix, weight, bias, labels, values }) => {
  const context = { labels, weight: matrixOf(weight), bias: matrixOf(bias).values };

  it.each(Object.keys(values) as MetricName[])('%s', (name) => {
    expectAgreement(measure([name], matrixOf(matrix), context)[name], values[name], AGREEMENT);
  });
});

describe('why there is no value', () => {
  const all = METRICS.map(({ name }) => name);
  const some = uniform(20, 6, 1);
  const flat: Matrix = { values: new Float64Array(20 * 6).fill(0.1), rows: 20, columns: 6 };
  const zero: Matrix = { values: new Float64Array(20 * 6), rows: 20, columns: 6 };
  const sets = simplexSets(20, 1);
  const labels = Array.from({ length: 20 }, (_, i) => i % 2);
  const weight = uniform(2, 6, 3);

  function reasonOf(metric: MetricName, matrix: Matrix, context: Context = {}): string | undefined {
    const { value, reason } = measure([metric], matrix, context)[metric];
    expect(value).toBeNull();
    return reason;
  }

  it.each([NaN, Infinity, -Infinity])('of a matrix that holds %s', (value) => {
    const values = some.values.slice();
    values[70] = value;
    const measured = measure(
      all,
      { ...some, values },
      { simplexSets: sets, labels, weight, earlier: some, initial: some },
    );
    expect(measured).toEqual(Object.fromEntries(all.map((name) => [name, { value: null, reason: 'not finite' }])));
  });

  it.each([
    [0, 6],
    [6, 0],
  ])('of an empty matrix of %i × %i', (rows, columns) => {
    const measured = measure(all, { values: new Float32Array(0), rows, columns });
    expect(measured).toEqual(Object.fromEntries(all.map((name) => [name, { value: null, reason: 'empty' }])));
  });

  it.each([
    ['cv', uniform(4, 6, 1), 'fewer than 5 rows'],
    ['cv', uniform(20, 3, 1), 'fewer than 4 columns'],
    ['cv', flat, 'fewer than 10 valid samples'],
    ['cv_8', uniform(7, 7, 1), 'fewer than 8 rows'],
    ['cv_8', some, 'fewer than 7 columns'],
    ['effective_rank', zero, 'all zero'],
    ['spectral_entropy', zero, 'all zero'],
    ['stable_rank', zero, 'all zero'],
    ['condition_number', zero, 'singular'],
    ['condition_number', flat, 'singular'],
    ['participation_ratio', uniform(1, 6, 1), 'fewer than 2 rows'],
    ['participation_ratio', flat, 'all rows equal'],
    ['anisotropy', flat, 'all rows equal'],
    ['isoscore', flat, 'all rows equal'],
    ['isoscore', uniform(20, 1, 1), 'fewer than 2 columns'],
    ['mean_cosine', zero, 'fewer than 2 nonzero rows'],
    ['twonn', flat, 'fewer than 5 distinct rows'],
    ['power_law', some, 'fewer than 8 eigenvalues'],
    ['cka_previous', some, 'no earlier matrix'],
    ['update_norm', some, 'no earlier matrix'],
    ['nc1', some, 'no labels'],
  ] as const)('%s: %#', (metric, matrix, reason) => {
    expect(reasonOf(metric, matrix, { simplexSets: sets })).toBe(reason);
  });

  it('of simplices that nobody drew', () => {
    expect(reasonOf('cv', some)).toBe('no simplices drawn');
  });

  it('of neighbours that are all equally far', () => {
    const corners = Float64Array.from({ length: 36 }, (_, k) => (k % 7 === 0 ? 1 : 0));
    expect(reasonOf('twonn', { values: corners, rows: 6, columns: 6 })).toBe('all neighbours equally far');
  });

  it('of eigenvalues that are all equal', () => {
    const unit = Float64Array.from({ length: 81 }, (_, k) => (k % 10 === 0 ? 1 : 0));
    expect(reasonOf('power_law', { values: unit, rows: 9, columns: 9 })).toBe('all eigenvalues equal');
  });

  it.each([
    [uniform(19, 6, 2), 'another number of rows', 'another shape'],
    [{ ...some, values: some.values.slice().fill(NaN) }, 'earlier matrix not finite', 'earlier matrix not finite'],
  ])('of an earlier matrix that does not fit: %#', (earlier, ofAlignment, ofUpdate) => {
    expect(reasonOf('cka_previous', some, { earlier })).toBe(ofAlignment);
    expect(reasonOf('cka_initial', some, { initial: earlier })).toBe(ofAlignment);
    expect(reasonOf('update_norm', some, { earlier })).toBe(ofUpdate);
  });

  it('of rows that were all equal, or are', () => {
    expect(reasonOf('cka_previous', some, { earlier: flat })).toBe('earlier rows all equal');
    expect(reasonOf('cka_previous', flat, { earlier: some })).toBe('all rows equal');
  });

  it.each([
    [{ labels: [1, 2] }, 'not as many labels as rows'],
    [{ labels: labels.map(() => 1) }, 'fewer than 2 classes'],
    [{ labels: labels.map((label) => label - 1) }, 'labels that are not classes'],
    [{ labels: labels.map((label) => label / 2) }, 'labels that are not classes'],
  ])('of labels that do not fit: %#', (context, reason) => {
    expect(reasonOf('nc2', some, context)).toBe(reason);
  });

  it('of class means that are equal but for the rounding of their sums', () => {
    const pairs = some.values.map((_, k) => some.values[(Math.floor(k / 12) * 6 + (k % 6)) % 36]!);
    const matrix = { ...some, values: pairs };
    expect(reasonOf('nc1', matrix, { labels })).toBe('class means all equal');
  });

  it.each([
    [{ labels }, 'no classifier'],
    [{ labels, weight: uniform(2, 5, 3) }, 'classifier of another shape'],
    [{ labels, weight: uniform(1, 6, 3) }, 'classifier of another shape'],
    [{ labels, weight, bias: new Float64Array(3) }, 'classifier of another shape'],
    [{ labels, weight, bias: Float64Array.of(0, NaN) }, 'not finite'],
  ])('of a classifier that does not fit: %#', (context, reason) => {
    expect(reasonOf('nc4', some, context)).toBe(reason);
  });

  it('of a classifier of zeros', () => {
    expect(reasonOf('nc3', some, { labels, weight: { ...zero, rows: 2 } })).toBe('all of the weight zero');
  });

  it('of numbers whose squares are out of range', () => {
    const huge = { ...some, values: some.values.map((value) => value * 1e200) };
    expect(reasonOf('weight_norm', huge)).toBe('out of range');
    expect(measure(['condition_number'], huge).condition_number.value).toBeCloseTo(
      measure(['condition_number'], some).condition_number.value!,
    );
  });
});
