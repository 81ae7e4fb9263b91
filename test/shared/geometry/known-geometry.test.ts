/** Shapes whose geometry is known without a computer. */
import { describe, expect, it } from 'vitest';
import {
  gaussianNull,
  measure,
  METRICS,
  type Context,
  type Matrix,
  type MetricName,
} from '../../../shared/geometry/index.js';
import { oracle, simplexSets, stream, uniform } from './oracle.js';

/** Sylvester's: ±1 / √size, rows and columns orthogonal and of length 1. */
function orthogonal(size: number): Matrix {
  const isOdd = (bits: number): boolean => {
    let ones = 0;
    for (let left = bits; left > 0; left >>= 1) ones += left & 1;
    return ones % 2 === 1;
  };
  const values = Float64Array.from({ length: size * size }, (_, k) =>
    isOdd(Math.floor(k / size) & (k % size)) ? -1 / Math.sqrt(size) : 1 / Math.sqrt(size),
  );
  return { values, rows: size, columns: size };
}

/** Independent, by Box and Muller. */
function gaussian(rows: number, columns: number, seed: number): Matrix {
  const next = stream(seed);
  const values = Float64Array.from(
    { length: rows * columns },
    () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  );
  return { values, rows, columns };
}

function valueOf(metric: MetricName, matrix: Matrix, context: Context = {}): number {
  return measure([metric], matrix, context)[metric].value!;
}

describe('the CV of simplices that are no pentachora', () => {
  it.each(['cv_3', 'cv_4', 'cv_6', 'cv_7', 'cv_8'] as const)(
    'does not depend on the scale of the matrix: %s',
    (metric) => {
      const one = gaussian(40, 12, 5);
      const context = { simplexSets: simplexSets(40, 3) };
      const small = { ...one, values: one.values.map((value) => value * 2 ** -20) };
      expect(valueOf(metric, small, context)).toBeCloseTo(valueOf(metric, one, context), 12);
    },
  );
});

describe('an orthogonal matrix', () => {
  const matrix = orthogonal(64);

  it('has as many dimensions as columns, and all of them alike', () => {
    expect(valueOf('condition_number', matrix)).toBeCloseTo(1, 12);
    expect(valueOf('stable_rank', matrix)).toBeCloseTo(64, 10);
    expect(valueOf('spectral_entropy', matrix)).toBeCloseTo(Math.log(64), 12);
    expect(valueOf('weight_norm', matrix)).toBeCloseTo(8, 12);
    const share = 1 / 64 + 1e-7;
    expect(valueOf('effective_rank', matrix)).toBeCloseTo(Math.exp(-64 * share * Math.log(share)), 9);
  });

  it('has rows at right angles', () => {
    expect(valueOf('mean_cosine', matrix)).toBeCloseTo(0, 15);
  });
});

describe('a cloud', () => {
  it('of one axis has dimension 1, and all of its variance there', () => {
    const values = Float64Array.from({ length: 60 }, (_, k) => (k % 3 === 1 ? Math.floor(k / 3) : 0));
    const line = { values, rows: 20, columns: 3 };
    expect(valueOf('participation_ratio', line)).toBeCloseTo(1, 12);
    expect(valueOf('anisotropy', line)).toBeCloseTo(1, 12);
    expect(valueOf('isoscore', line)).toBeCloseTo(0, 12);
  });

  it('of the corners of a cube is as wide everywhere', () => {
    const values = Float64Array.from({ length: 24 }, (_, k) => (Math.floor(k / 3) >> (k % 3)) & 1);
    const cube = { values, rows: 8, columns: 3 };
    expect(valueOf('participation_ratio', cube)).toBeCloseTo(3, 12);
    expect(valueOf('anisotropy', cube)).toBeCloseTo(1 / 3, 12);
    expect(valueOf('isoscore', cube)).toBeCloseTo(1, 12);
  });

  it('on a plane in more columns has about two dimensions by TwoNN', () => {
    const plane = uniform(500, 2, 5);
    const basis = uniform(2, 9, 6);
    const values = new Float64Array(500 * 9);
    for (let i = 0; i < 500; i++)
      for (let j = 0; j < 9; j++)
        values[i * 9 + j] = plane.values[2 * i]! * basis.values[j]! + plane.values[2 * i + 1]! * basis.values[9 + j]!;
    const { value, se } = measure(['twonn'], { values, rows: 500, columns: 9 }).twonn;
    expect(Math.abs(value! - 2)).toBeLessThan(3 * se!);
  });

  it('that is turned and scaled aligns with itself', () => {
    const before = gaussian(40, 16, 7);
    const turn = orthogonal(16).values;
    const values = new Float64Array(40 * 16);
    for (let i = 0; i < 40; i++)
      for (let j = 0; j < 16; j++)
        for (let k = 0; k < 16; k++) values[i * 16 + j]! += 3 * before.values[i * 16 + k]! * turn[k * 16 + j]!;
    expect(valueOf('cka_previous', { ...before, values }, { earlier: before })).toBeCloseTo(1, 12);
  });
});

describe('a classifier that has collapsed', () => {
  const classes = 5;
  const columns = 8;
  const corner = (c: number, j: number): number => (j === c ? 1 : 0) - (j < classes ? 1 / classes : 0);
  const rows = 20;
  const labels = Array.from({ length: rows }, (_, i) => i % classes);
  const values = Float64Array.from({ length: rows * columns }, (_, k) =>
    corner(labels[Math.floor(k / columns)]!, k % columns),
  );
  const weight = { values: values.slice(0, classes * columns).map((value) => 7 * value), rows: classes, columns };
  const features = { values, rows, columns };

  it.each(['nc1', 'nc2', 'nc3', 'nc4'] as const)('has %s 0', (metric) => {
    expect(valueOf(metric, features, { labels, weight })).toBeCloseTo(0, 12);
  });

  it('has NC4 1 where every class is taken for the next', () => {
    const next = { ...weight, values: Float64Array.from(weight.values, (_, k) => weight.values[(k + columns) % 40]!) };
    expect(measure(['nc4'], features, { labels, weight: next }).nc4).toEqual({ value: 1, se: 0 });
  });
});

it('takes no rounding of class means far from the origin for an axis', () => {
  const features = uniform(60, 10, 21);
  const far = { ...features, values: features.values.map((value) => value + 1000) };
  const labels = Array.from({ length: 60 }, (_, i) => i % 4);
  expect(valueOf('nc1', far, { labels }) / valueOf('nc1', features, { labels })).toBeCloseTo(1, 9);
});

it('finds the exponent of a power law within its error', () => {
  const count = 400;
  const values = new Float64Array(count * count);
  // p(λ) ~ λ^−3 above 1: the quantiles are (1 − q)^(−1/2), and σ = √λ stands on the diagonal.
  for (let i = 0; i < count; i++) values[i * (count + 1)] = (1 - (i + 0.5) / count) ** -0.25;
  const { value, se } = measure(['power_law'], { values, rows: count, columns: count }).power_law;
  expect(Math.abs(value! - 3)).toBeLessThan(2 * se!);
});

describe('gaussianNull', () => {
  it.each([
    [512, 8, 0.609],
    [512, 16, 0.386],
    [512, 32, 0.26],
    [256, 64, 0.18],
    [256, 128, 0.126],
    [256, 256, 0.089],
  ])('of the CV of %i × %i is %f', (rows, columns, expected) => {
    expect(gaussianNull('cv', rows, columns)).toBeCloseTo(expected, 3);
  });

  it.each(oracle.nulls)('is what the definitions give for $rows × $columns', ({ rows, columns, values }) => {
    for (const [metric, expected] of Object.entries(values)) {
      const given = gaussianNull(metric as MetricName, rows, columns);
      if (expected === null) expect(given, metric).toBeNull();
      else expect(Math.abs(given! - expected), metric).toBeLessThanOrEqual(1e-9 * expected);
    }
  });

  it('is null where no closed form is known', () => {
    for (const metric of ['effective_rank', 'twonn', 'power_law', 'weight_norm', 'cka_previous', 'nc1'] as const)
      expect(gaussianNull(metric, 20, 10)).toBeNull();
    expect(METRICS.map(({ name }) => gaussianNull(name, 0, 5)).every((value) => value === null)).toBe(true);
  });

  it.each([
    ['participation_ratio', 0.03],
    ['stable_rank', 0.05],
    ['condition_number', 0.1],
    ['anisotropy', 0.05],
  ] as const)('is near what Gaussian noise has: %s', (metric, tolerance) => {
    const expected = gaussianNull(metric, 300, 100)!;
    expect(Math.abs(valueOf(metric, gaussian(300, 100, 11)) / expected - 1)).toBeLessThan(tolerance);
  });

  it.each(['cv', 'cv_3', 'cv_4', 'cv_6', 'cv_7', 'cv_8'] as const)('is near what Gaussian noise has: %s', (metric) => {
    const cloud = gaussian(300, 32, 12);
    const { value, se } = measure([metric], cloud, { simplexSets: simplexSets(300, 13, 600) })[metric];
    expect(Math.abs(value! - gaussianNull(metric, 300, 32)!)).toBeLessThan(3 * se!);
  });
});
