/** What chance gives for a series of a run, and by how many of its standard deviations a CV departs from that. */
import type { CvNull, Measurement } from '../../shared/measurement.js';

/** Null where none was told, as before nulls were measured; undefined while measurements load. */
export type NullIfKnown = CvNull | null | undefined;

/** Departures within so many standard deviations are what chance gives now and then. */
export const UNREMARKABLE = 2;

/**
 * The Gaussian null of the first measurement that tells one. It follows from the matrix's shape and from which of its rows
 * are equal; that changes only where training drives rows together, and full measurements tell what it is then.
 */
export function gaussianNull(measurements: readonly Measurement[] | undefined, series: string): NullIfKnown {
  if (measurements === undefined) return undefined;
  for (const { sample, values } of measurements) {
    const known = sample === 'fixed' ? values[series]?.nulls?.gaussian : undefined;
    if (known !== undefined) return known;
  }
  return null;
}

/** Of several, as of what is their mean; undefined of none. */
export function meanNull(nulls: readonly CvNull[]): CvNull | undefined {
  if (nulls.length === 0) return undefined;
  const mean = (of: (each: CvNull) => number): number => nulls.reduce((sum, each) => sum + of(each), 0) / nulls.length;
  return { cv: mean(({ cv }) => cv), sd: mean(({ sd }) => sd) };
}

/** NaN where the null is not known, or has no spread to measure by. */
export function departureOf(cv: number, known: NullIfKnown): number {
  return known == null || !(known.sd > 0) ? NaN : (cv - known.cv) / known.sd;
}

/** Whether a run was measured in full before nulls were told: then its CVs have nothing to depart from. */
export function lacksNulls(measurements: readonly Measurement[] | undefined): boolean {
  const measured = (measurements ?? []).filter(({ sample }) => sample === 'fixed');
  const values = measured.flatMap((each) => Object.values(each.values));
  return values.some(({ cv }) => cv !== null) && values.every(({ nulls }) => nulls?.gaussian === undefined);
}
