/** Small statistics of series: mean and spread, each value once, smoothing. */

/** Mean and spread of a few values, as of runs that differ in their seed alone. */
export interface Spread {
  mean: number;
  /** Unbiased standard deviation; null for one value. */
  deviation: number | null;
  n: number;
}

/** Undefined for no values. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const n = values.length;
  if (n === 0) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: n < 2 ? null : Math.sqrt(squares / (n - 1)), n };
}

/** Each value once, ascending. */
export function distinct(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

/**
 * An exponential moving average without the pull towards zero that its first values would have, as in TensorBoard:
 * m ← w·m + (1 − w)·v, shown as m / (1 − wⁿ) after n values. A gap stays a gap and moves nothing.
 */
export class Smoother {
  readonly #weight: number;
  #mean = 0;
  #rest = 1;

  /** @param weight of what came before, 0 up to below 1. */
  constructor(weight: number) {
    this.#weight = weight;
  }

  next(value: number): number {
    if (Number.isNaN(value)) return NaN;
    this.#mean = this.#weight * this.#mean + (1 - this.#weight) * value;
    this.#rest *= this.#weight;
    return this.#mean / (1 - this.#rest);
  }
}
