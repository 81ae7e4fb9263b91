/** Everything one run says about an epoch, from its trajectory or from its full measurements, and why where nothing. */
import {
  fullMeasurementEpochs,
  type MeasuredValue,
  type Measurement,
  type SampleKind,
} from '../../shared/measurement.js';
import { isActive, type Run } from '../../shared/run.js';
import { type ErrorIfKnown, standardErrorAt } from '../analysis/standard-error.js';
import { measuredEpoch } from './epoch-rows.js';
import type { RunColumns } from './run-columns.js';

/** Of a run's full measurements, which draw. */
export const FULL_POINTS = ['first', 'middle', 'last'] as const;
export type FullPoint = (typeof FULL_POINTS)[number];

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
  const full = find(measurements, 'fixed', at);
  const start = find(measurements, 'fixed', 0);
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

/** What the run's own draws said, as the original script prints them: no standard errors, movement of two draws. */
export function scriptReading({ run, columns, measurements }: RunNumbers, point: FullPoint): EpochReading {
  const epoch = epochOfPoint(run, point);
  const measured = find(measurements, 'script', epoch);
  if (measured === undefined) return nothing(measurements === undefined ? LOADING : whyNot(run, columns, epoch));
  const start = find(measurements, 'script', 0);
  const value = (series: string): ReadValue => {
    const own = measured.values[series];
    if (own === undefined) return missing('fewer heads');
    const before = start?.values[series]?.cv ?? null;
    const movement = own.cv === null || before === null ? null : own.cv - before;
    return { ...own, movement, error: null };
  };
  return { epoch, accuracy: columns?.at('accuracy', epoch) ?? NaN, full: false, value };
}

export function epochOfPoint({ step, total }: Pick<Run, 'step' | 'total'>, point: FullPoint): number {
  if (point === 'first') return 0;
  const last = total ?? step;
  return point === 'last' ? last : (fullMeasurementEpochs(last).at(-2) ?? 0);
}

function errorAt(
  measurements: readonly Measurement[] | undefined,
  series: string,
  epoch: number,
  cv: number | null,
): ErrorIfKnown {
  return cv === null ? null : standardErrorAt(measurements, series, epoch, cv);
}

function find(
  measurements: readonly Measurement[] | undefined,
  sample: SampleKind,
  epoch: number,
): Measurement | undefined {
  return measurements?.find((each) => each.sample === sample && each.epoch === epoch);
}

function nothing(reason: string): EpochReading {
  return { epoch: null, accuracy: NaN, full: false, value: () => missing(reason) };
}

function missing(reason: string): MeasuredValue {
  return { cv: null, valid: null, reason };
}

function whyNot(run: Run, columns: RunColumns | undefined, epoch: number | null): string {
  const wanted = epoch ?? 0;
  const { status, step, total, stepName } = run;
  if ((columns?.lastStep ?? -1) >= wanted) return 'not measured in full';
  if (wanted <= step && (step > 0 || status === 'running')) return LOADING;
  if (total !== null && wanted > total) return `ends at ${stepName} ${total}`;
  if (isActive(status) || status === 'paused') return step === 0 ? 'not begun' : 'not there yet';
  return step === 0 ? 'nothing trained' : `${status} at ${stepName} ${step}`;
}
