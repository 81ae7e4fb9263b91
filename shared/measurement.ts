/** The full measurements that a run keeps, what a movement between two of them is worth, and what identifies its start. */

/** Which index sets a measurement used: the run's own random stream, as the script does, or the fixed sample. */
export type SampleKind = 'script' | 'fixed';

export interface MeasuredValue {
  /** Coefficient of variation of the valid volumes; null = no value, and then there is a `reason`. */
  cv: number | null;
  /** How many of the samples were valid; null when there were fewer than 5 rows and nothing was drawn. */
  valid: number | null;
  /** Standard error of `cv`. Fixed sample only, as are the two below. */
  se?: number | null;
  /** cv(now) − cv(epoch 0), and the standard error of that difference over samples valid at both. */
  movement?: number | null;
  movementSe?: number | null;
  reason?: string;
  /** Fixed sample only, where there is a CV: what chance gives. */
  nulls?: Partial<Record<NullName, NullDeparture>>;
  /** Of the fixed sample: what else the run is measured by, by the metric's name. */
  metrics?: Record<string, MeasuredMetric>;
}

/** A metric of a matrix's geometry, as `shared/geometry` defines it. */
export interface MeasuredMetric {
  /** Null = no value, and then there is a `reason`. */
  value: number | null;
  /** Standard error of `value`, where it is known. */
  se?: number;
  /** What a matrix of independent Gaussian entries of that shape would give, where it is known. */
  null?: number;
  reason?: string;
}

/**
 * Random clouds on the same index sets. Gaussian: as many distinct rows of as many independent normal entries; shuffled:
 * the matrix's own entries in random order.
 */
export const NULL_NAMES = ['gaussian', 'shuffled'] as const;
export type NullName = (typeof NULL_NAMES)[number];

/** Of the CV over such clouds: its mean and its unbiased standard deviation. */
export interface CvNull {
  cv: number;
  sd: number;
}

export interface NullDeparture extends CvNull {
  /** (the measured CV − mean) / standard deviation; null where chance has no spread. */
  departure: number | null;
}

export interface Measurement {
  epoch: number;
  sample: SampleKind;
  /** By series name, in measuring order. */
  values: Record<string, MeasuredValue>;
}

/** sha256, hex: tokens and labels as int32 little-endian, initial parameters as float32 little-endian. */
export interface Fingerprint {
  x: string;
  y: string;
  parameters: Record<string, string>;
}

/** Whether a movement is more than its sampling error explains. */
export function isSignificant(movement: number, standardError: number): boolean {
  return Math.abs(movement) > 2 * standardError;
}
