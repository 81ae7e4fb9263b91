/**
 * The standard error of a CV at any epoch. Full measurements alone have one; between them a CV has that of the nearest
 * one, scaled with the CV: what the draw adds is a share of its value.
 */
import type { MeasuredValue, Measurement } from '../../shared/measurement.js';

export interface StandardError {
  value: number;
  /** False where it is that of another epoch, scaled. */
  measured: boolean;
}

/** Null where none is known: then a value alone decides. Undefined while measurements load: then nothing is judged yet. */
export type ErrorIfKnown = StandardError | null | undefined;

/** What the page says of errors that are not measured. */
export const SCALED_ERRORS =
  'between full measurements (a run’s first, middle and last epoch) a standard error is the nearest one’s, scaled with the CV';

/**
 * Null where no full measurement of the fixed sample has one.
 * @param measurements undefined while they are on their way
 */
export function standardErrorAt(
  measurements: readonly Measurement[] | undefined,
  series: string,
  epoch: number,
  cv: number,
): ErrorIfKnown {
  if (measurements === undefined) return undefined;
  let nearest: { epoch: number; value: MeasuredValue } | undefined;
  for (const { sample, epoch: at, values } of measurements) {
    const value = values[series];
    if (sample !== 'fixed' || value?.cv == null || value.se == null) continue;
    // Of two equally near ones the earlier: it was there first.
    if (nearest === undefined || Math.abs(at - epoch) < Math.abs(nearest.epoch - epoch)) nearest = { epoch: at, value };
  }
  if (nearest === undefined || Number.isNaN(cv)) return null;
  const measuredCv = nearest.value.cv!;
  const error = nearest.value.se!;
  if (nearest.epoch === epoch) return { value: error, measured: true };
  return { value: measuredCv === 0 ? error : error * (cv / measuredCv), measured: false };
}

/**
 * Of the mean of several CVs. All are measured by the same index sets, so that no number of them averages the error
 * out: it is at most the mean of theirs. Null where there is none, or one is not known, whatever others load.
 */
export function meanError(errors: readonly ErrorIfKnown[]): ErrorIfKnown {
  if (errors.length === 0 || errors.includes(null)) return null;
  let sum = 0;
  let measured = true;
  for (const error of errors) {
    if (error == null) return undefined;
    sum += error.value;
    measured &&= error.measured;
  }
  return { value: sum / errors.length, measured };
}
