import { describe, expect, it } from 'vitest';
import { Generator } from '../../../../server/experiments/attention-cv/random.js';
import { loadKernels } from '../../../../server/experiments/attention-cv/kernels/kernels.js';

type Way = 'sample by sample' | 'by the Gram matrix';

/** Volumes of the five-point `sets` of `points` (rows, columns), through the kernel. */
function volumes(way: Way, points: number[][], sets: number[][], stride = points[0]!.length): Float64Array {
  const rows = points.length;
  const columns = points[0]!.length;
  const { kernels, regions } = loadKernels((arena) => ({
    points: arena.takeFloats(rows * stride),
    sets: arena.take(sets.length * 20),
    scratch: arena.take(rows * (rows + columns + 1) * 8),
    volumes: arena.take(sets.length * 8),
  }));
  points.forEach((row, i) => regions.points.floats(kernels).set(row, i * stride));
  regions.sets.integers(kernels).set(sets.flat());
  const [p, s, scratch, v] = [regions.points, regions.sets, regions.scratch, regions.volumes].map((r) => r.pointer);
  if (way === 'sample by sample') kernels.pentachoronVolumes(p!, stride, columns, s!, sets.length, v!);
  else kernels.pentachoronVolumesByGram(p!, stride, rows, columns, s!, sets.length, scratch!, v!);
  return regions.volumes.doubles(kernels).slice(0, sets.length);
}

/** Another way to the same volume: Cayley–Menger, by Gaussian elimination with pivoting. */
function cayleyMenger(points: number[][]): number {
  const matrix = Array.from({ length: 6 }, (_, i) =>
    Array.from({ length: 6 }, (_unused, j) => {
      if (i === 0 || j === 0) return i === j ? 0 : 1;
      return points[i - 1]!.reduce((sum, v, c) => sum + (v - points[j - 1]![c]!) ** 2, 0);
    }),
  );
  let determinant = 1;
  for (let k = 0; k < 6; k++) {
    const pivot = matrix
      .slice(k)
      .reduce((best, row, i) => (Math.abs(row[k]!) > Math.abs(matrix[best]![k]!) ? k + i : best), k);
    if (pivot !== k) {
      [matrix[k], matrix[pivot]] = [matrix[pivot]!, matrix[k]!];
      determinant = -determinant;
    }
    determinant *= matrix[k]![k]!;
    for (let i = k + 1; i < 6; i++) {
      const factor = matrix[i]![k]! / matrix[k]![k]!;
      for (let j = k; j < 6; j++) matrix[i]![j]! -= factor * matrix[k]![j]!;
    }
  }
  return Math.sqrt(-determinant / (2 ** 4 * 24 ** 2));
}

function cloud(rows: number, columns: number, seed = 1): number[][] {
  const values = new Float32Array(rows * columns);
  new Generator(seed).normal(values);
  return Array.from({ length: rows }, (_, i) => Array.from(values.subarray(i * columns, (i + 1) * columns)));
}

describe.each(['sample by sample', 'by the Gram matrix'] as const)('volumes %s', (way) => {
  it('gives the regular pentachoron its volume, √5/96 · a⁴', () => {
    // Five unit vectors of R⁵: edge √2.
    const unit = Array.from({ length: 5 }, (_, i) => Array.from({ length: 5 }, (_unused, j) => Number(i === j)));
    expect(volumes(way, unit, [[0, 1, 2, 3, 4]])[0]).toBeCloseTo((Math.sqrt(5) / 96) * 4, 12);
  });

  it.each([4, 5, 8, 31, 256])(
    'agrees with Cayley–Menger in float64 for %i columns, in any order and stride',
    (columns) => {
      const points = cloud(9, columns);
      const sets = [
        [0, 1, 2, 3, 4],
        [8, 3, 5, 1, 0],
        [7, 6, 2, 4, 8],
      ];
      const actual = volumes(way, points, sets, columns + 3);
      sets.forEach((set, i) => {
        const expected = cayleyMenger(set.map((row) => points[row]!));
        expect(Math.abs(actual[i]! / expected - 1)).toBeLessThan(1e-9);
      });
    },
  );

  it('calls a sample with two equal points, or in fewer than four dimensions, not valid', () => {
    const points = cloud(6, 32);
    points[5] = [...points[2]!];
    expect(volumes(way, points, [[0, 1, 2, 3, 5]])[0]).toBeNaN();
    // The pair is far from where the first edge starts.
    expect(volumes(way, points, [[5, 1, 3, 4, 2]])[0]).toBeNaN();
    expect(volumes(way, cloud(5, 3), [[0, 1, 2, 3, 4]])[0]).toBeNaN();
    expect(
      volumes(
        way,
        Array.from({ length: 5 }, () => [1, 2, 3, 4]),
        [[0, 1, 2, 3, 4]],
      )[0],
    ).toBeNaN();
  });

  it('keeps a simplex that float32 would lose, and drops what is below 1e-20', () => {
    const flat = cloud(5, 4).map((row, i) => [row[0]!, row[1]!, row[2]!, i === 4 ? 1e-4 : 0]);
    expect(volumes(way, flat, [[0, 1, 2, 3, 4]])[0]).toBeGreaterThan(0);
    const tiny = cloud(5, 4).map((row) => row.map((v) => v * 1e-4));
    expect(volumes(way, tiny, [[0, 1, 2, 3, 4]])[0]).toBeNaN();
  });

  it('tells small edges far from the origin', () => {
    const points = cloud(9, 16).map((row) => row.map((v) => Math.fround(1000 + v)));
    const set = [8, 3, 5, 1, 0];
    const expected = cayleyMenger(set.map((row) => points[row]!.map((v) => v - 1000)));
    expect(Math.abs(volumes(way, points, [set])[0]! / expected - 1)).toBeLessThan(1e-9);
  });

  it('calls points that are not finite not valid', () => {
    for (const bad of [NaN, Infinity, 3e38]) {
      const points = cloud(5, 6);
      points[3]![2] = bad;
      points[4]![2] = -bad;
      expect(volumes(way, points, [[0, 1, 2, 3, 4]])[0]).toBeNaN();
    }
  });
});
