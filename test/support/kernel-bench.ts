/** A kernel module with room to place matrices in, for tests of single kernels. */
import { loadKernels, type Kernels, type Region } from '../../server/experiments/attention-cv/kernels/kernels.js';
import { Generator } from '../../server/experiments/attention-cv/random.js';

export interface Placed {
  region: Region;
  values: Float32Array;
}

export class KernelBench {
  readonly kernels: Kernels;
  readonly #generator = new Generator(1);
  readonly #regions: Region[];
  #used = 0;

  /** Room for as many matrices as `sizes`, in floats. */
  constructor(sizes: number[]) {
    const { kernels, regions } = loadKernels((arena) => sizes.map((size) => arena.takeFloats(size)));
    this.kernels = kernels;
    this.#regions = regions;
  }

  /** The next region: rows of `columns` normal numbers in rows of `stride`, the padding zero. */
  place(rows: number, columns: number, stride = columns): Placed {
    const region = this.#regions[this.#used++]!;
    const values = region.floats(this.kernels).subarray(0, rows * stride);
    const drawn = new Float32Array(rows * columns);
    this.#generator.normal(drawn);
    for (let row = 0; row < rows; row++) {
      values.set(drawn.subarray(row * columns, (row + 1) * columns), row * stride);
    }
    return { region, values };
  }
}

/** Largest |a − b| / (1 + |b|); NaN when either is not a number, so that no comparison passes. */
export function deviation(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return NaN;
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    const d = Math.abs(actual[i]! - expected[i]!) / (1 + Math.abs(expected[i]!));
    if (!(d <= worst)) worst = d;
  }
  return worst;
}
