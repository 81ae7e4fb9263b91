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
