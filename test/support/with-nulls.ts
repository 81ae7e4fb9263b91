/** Full measurements with what chance gives in them, as if it were the same for every series. */
import type { CvNull, Measurement } from '../../shared/measurement.js';

export function withNulls(measurements: readonly Measurement[], { cv: mean, sd }: CvNull): Measurement[] {
  return measurements.map((measurement) => ({
    ...measurement,
    values: Object.fromEntries(
      Object.entries(measurement.values).map(([name, value]) => {
        if (measurement.sample !== 'fixed' || value.cv === null) return [name, value];
        return [name, { ...value, nulls: { gaussian: { cv: mean, sd, departure: (value.cv - mean) / sd } } }];
      }),
    ),
  }));
}
