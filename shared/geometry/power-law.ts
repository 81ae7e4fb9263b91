/** The power law that fits the tail of a matrix's eigenvalues best. */
import { none, type Measured } from './matrix.js';

/** Fewer say nothing of a tail. */
const MIN_TAIL = 8;
/** Against the largest: smaller ones count as 0. */
const NEGLIGIBLE = 1e-12;

/**
 * α of p(λ) ~ λ^−α above x_min for λ = σ² (Clauset, Shalizi & Newman 2009; Martin & Mahoney 2021). Every λ with enough
 * at or above it is tried as x_min; that of the least Kolmogorov–Smirnov distance wins, the smallest on a tie. The
 * standard error is (α − 1) / √m for a tail of m.
 */
export function powerLaw(values: Float64Array): Measured {
  const largest = values[0]! ** 2;
  const eigenvalues = values
    .map((value) => value * value)
    .filter((value) => value > 0 && value >= NEGLIGIBLE * largest)
    .reverse();
  if (eigenvalues.length < MIN_TAIL) return none(`fewer than ${MIN_TAIL} eigenvalues`);
  let best: { exponent: number; distance: number; count: number } | undefined;
  for (let first = 0; first + MIN_TAIL <= eigenvalues.length; first++) {
    if (first > 0 && eigenvalues[first] === eigenvalues[first - 1]) continue;
    const fit = fitted(eigenvalues.subarray(first));
    if (fit !== null && (best === undefined || fit.distance < best.distance)) best = fit;
  }
  if (best === undefined) return none('all eigenvalues equal');
  return { value: best.exponent, se: (best.exponent - 1) / Math.sqrt(best.count) };
}

/** Greatest likelihood for an ascending tail, and how far its distribution lies from the law's; null if all are equal. */
function fitted(tail: Float64Array): { exponent: number; distance: number; count: number } | null {
  const count = tail.length;
  const logarithms = tail.map((value) => Math.log(value / tail[0]!));
  const total = logarithms.reduce((sum, value) => sum + value, 0);
  if (!(total > 0)) return null;
  const slope = count / total;
  let distance = 0;
  for (let i = 0; i < count; i++) {
    const expected = 1 - Math.exp(-slope * logarithms[i]!);
    distance = Math.max(distance, Math.abs((i + 1) / count - expected), Math.abs(i / count - expected));
  }
  return { exponent: 1 + slope, distance, count };
}
