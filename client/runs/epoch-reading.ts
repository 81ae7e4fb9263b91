/**
 * What a view of one epoch can show: which epochs there are, and everything that a run says about one, from its trajectory
 * or from its full measurements, and why where nothing.
 */
import { splitSeries } from '../../shared/geometry/catalogue.js';
import type { MeasuredValue, Measurement, SampleKind } from '../../shared/measurement.js';
import { isActive, type Run } from '../../shared/run.js';
import { gaussianNull, type NullIfKnown } from '../data/cv-null.js';
import { type ErrorIfKnown, standardErrorAt } from '../data/standard-error.js';
import type { RunColumns } from '../data/run-columns.js';
import { isCvColumn } from '../charts/chart-settings.js';
import { experimentOf } from '../experiments/experiments.js';

export interface ReadValue extends MeasuredValue {
  /** By which it is judged. */
  error?: ErrorIfKnown;
  /** What chance gives; undefined where that is not told of such values. */
  chance?: NullIfKnown;
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
    if (!columns.has(series))
      return missing(experimentOf(run).whyNoValue(run, columns, series, at) ?? 'no such series');
    const measured = full?.values[series];
    const chance = gaussianNull(measurements, series);
    if (measured !== undefined) return { ...measured, error: errorAt(measurements, series, at, measured.cv), chance };
    const cv = columns.at(series, at);
    if (Number.isNaN(cv)) {
      const { matrix, metric } = splitSeries(series);
      const reason = metric === 'cv' ? start?.values[series]?.reason : full?.values[matrix]?.metrics?.[metric]?.reason;
      return missing(reason ?? 'not measured');
    }
    const before = columns.at(series, 0);
    const movement = Number.isNaN(before) ? null : cv - before;
    return { cv, valid: null, movement, error: errorAt(measurements, series, at, cv), chance };
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

/** By run: for each of its rows, the newest row up to it that has a CV; −1 = none has. Rows never change. */
const measuredRows = new WeakMap<RunColumns, number[]>();

/**
 * The newest epoch up to `epoch` that has CVs, or of all for null; undefined if the run has no frame of that epoch, or
 * is not there yet.
 */
export function measuredEpoch(columns: RunColumns, epoch: number | null): number | undefined {
  if (epoch !== null && Math.floor(epoch) > columns.lastStep) return undefined;
  const row = epoch === null ? columns.rows - 1 : columns.rowUpTo(epoch);
  if (row < 0) return undefined;
  const rows = measuredRows.get(columns) ?? [];
  measuredRows.set(columns, rows);
  for (let next = rows.length; next < columns.rows; next++)
    rows.push(hasCv(columns, next) ? next : (rows.at(-1) ?? -1));
  // A run too small for any CV: its frames are as good as measured.
  return columns.step(rows[row] === -1 ? row : rows[row]!);
}

function hasCv(columns: RunColumns, row: number): boolean {
  return columns.names.some((name) => isCvColumn(name) && !Number.isNaN(columns.inRow(name, row)));
}

/**
 * Why a shown run has no value of a series at an epoch.
 * @param measurements the run's full ones, asked for where a value that was measured is missing: a reason of theirs is
 * the best there is, and a cloud with too few rows has too few at every epoch.
 */
export function whyNoValue(
  run: Run,
  columns: RunColumns | undefined,
  measurements: () => readonly Measurement[] | undefined,
  series: string,
  epoch: number,
): string {
  const trained = columns !== undefined && epoch <= columns.lastStep;
  if (trained) {
    if (!Number.isNaN(columns.at(series, epoch))) return 'value ≤ 0';
    const reason = experimentOf(run).whyNoValue(run, columns, series, epoch);
    if (reason !== undefined) return reason;
    if (!columns.has(series)) return 'no such series';
  }
  const full = trained ? measurements() : undefined;
  return fixedReading({ run, columns, measurements: full }, epoch).value(series).reason ?? 'not measured';
}

export interface Absence {
  reason: string;
  labels: string[];
  /** How many more have no value for the same reason. */
  more: number;
}

/** Runs by why they have no value, in the order in which the reasons come up. */
export function absences(runs: readonly { label: string; reason: string }[], most = 3): Absence[] {
  const byReason = new Map<string, string[]>();
  for (const { label, reason } of runs) byReason.set(reason, [...(byReason.get(reason) ?? []), label]);
  return [...byReason].map(([reason, labels]) => ({
    reason,
    labels: labels.slice(0, most),
    more: Math.max(0, labels.length - most),
  }));
}

/** Epochs at which CVs of any of these runs are measured, up to the longest run's last. */
export function epochSteps(runs: readonly Run[]): number[] {
  const steps = new Set<number>(runs.length === 0 ? [] : [0]);
  const done = new Set<string>();
  for (const run of runs) {
    const epochs = run.total;
    const measured = experimentOf(run).measured(run);
    // When another program measures is not known beforehand.
    if (measured === null || epochs === null) continue;
    const { every, full } = measured;
    const key = `${epochs} ${every}`;
    if (done.has(key)) continue;
    done.add(key);
    for (let epoch = 0; epoch <= epochs; epoch += every) steps.add(epoch);
    for (const epoch of full) steps.add(epoch);
  }
  return [...steps].sort((a, b) => a - b);
}

/** The index of the last step up to `epoch`. */
export function stepOf(epoch: number, steps: readonly number[]): number {
  const after = steps.findIndex((step) => step > epoch);
  return Math.max(0, (after === -1 ? steps.length : after) - 1);
}

export interface Pace {
  /** Between two steps. */
  intervalMs: number;
  /** How many of the scrubber's steps one step of the walk takes. */
  stride: number;
}

const WALK_MS = 8000;
const SLOWEST_MS = 400;
const FASTEST_MS = 80;
/** Where less motion is asked for: few pictures, each long enough to be read. */
const STILLS = 6;
const STILL_MS = 1500;

/** A walk takes eight seconds, less if there is little to see; long trainings are walked through in longer strides. */
export function walkPace(steps: number, reducedMotion: boolean): Pace {
  if (reducedMotion) return { intervalMs: STILL_MS, stride: Math.max(1, Math.ceil((steps - 1) / (STILLS - 1))) };
  const stride = Math.max(1, Math.ceil((steps * FASTEST_MS) / WALK_MS));
  return { intervalMs: Math.min(SLOWEST_MS, WALK_MS / Math.max(1, Math.ceil(steps / stride))), stride };
}
