/** Everything one run says about an epoch, from its trajectory or from its full measurements, and why where nothing. */
import type { MeasuredValue, Measurement, SampleKind } from '../../shared/measurement.js';
import { isActive, type Run } from '../../shared/run.js';
import { type ErrorIfKnown, standardErrorAt } from '../analysis/standard-error.js';
import { measuredEpoch } from './epoch-rows.js';
import type { RunColumns } from './run-columns.js';

export interface ReadValue extends MeasuredValue {
  /** By which it is judged. */
  error?: ErrorIfKnown;
}

export interface EpochReading {
  /** Whose CVs these are; null if the run has none to show. */
  epoch: number | null;
  accuracy: number;
  /** Whether CVs come with their standard errors. */
  full: boolean;
  /** By series. A missing value has a reason. */
  value: (series: string) => ReadValue;
}

export interface RunNumbers {
  run: Run;
  columns: RunColumns | undefined;
  /** Undefined while they are on their way. */
  measurements: readonly Measurement[] | undefined;
}

export const LOADING = 'loading';

/** What the fixed sample says of `epoch`, null = the newest. */
export function fixedReading({ run, columns, measurements }: RunNumbers, epoch: number | null): EpochReading {
  const at = columns === undefined ? undefined : measuredEpoch(columns, epoch);
  if (columns === undefined || at === undefined) return nothing(whyNot(run, columns, epoch));
  const full = measurementOf(measurements, 'fixed', at);
  const start = measurementOf(measurements, 'fixed', 0);
  const value = (series: string): ReadValue => {
    if (!columns.has(series)) return missing('fewer heads');
    const measured = full?.values[series];
    if (measured !== undefined) return { ...measured, error: errorAt(measurements, series, at, measured.cv) };
    const cv = columns.at(series, at);
    if (Number.isNaN(cv)) return missing(start?.values[series]?.reason ?? 'not measured');
    const before = columns.at(series, 0);
    const movement = Number.isNaN(before) ? null : cv - before;
    return { cv, valid: null, movement, error: errorAt(measurements, series, at, cv) };
  };
  return { epoch: at, accuracy: columns.at('accuracy', at), full: full !== undefined, value };
}

function errorAt(
  measurements: readonly Measurement[] | undefined,
  series: string,
  epoch: number,
  cv: number | null,
): ErrorIfKnown {
  return cv === null ? null : standardErrorAt(measurements, series, epoch, cv);
}

/** A run's full measurement of an epoch. */
export function measurementOf(
  measurements: readonly Measurement[] | undefined,
  sample: SampleKind,
  epoch: number,
): Measurement | undefined {
  return measurements?.find((each) => each.sample === sample && each.epoch === epoch);
}

/** Where a run has nothing to say. */
export function nothing(reason: string): EpochReading {
  return { epoch: null, accuracy: NaN, full: false, value: () => missing(reason) };
}

/** A value that a run lacks. */
export function missing(reason: string): MeasuredValue {
  return { cv: null, valid: null, reason };
}

/** Why a run has no values at an epoch. */
export function whyNot(run: Run, columns: RunColumns | undefined, epoch: number | null): string {
  const wanted = epoch ?? 0;
  const { status, step, total, stepName } = run;
  if ((columns?.lastStep ?? -1) >= wanted) return 'not measured in full';
  if (wanted <= step && (step > 0 || status === 'running')) return LOADING;
  if (total !== null && wanted > total) return `ends at ${stepName} ${total}`;
  if (isActive(status) || status === 'paused') return step === 0 ? 'not begun' : 'not there yet';
  return step === 0 ? 'nothing trained' : `${status} at ${stepName} ${step}`;
}
