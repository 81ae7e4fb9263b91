/** Several runs side by side as what is shown: which parameters differ, each series' values and differences at an epoch. */
import { isSignificant, type Measurement } from '../../../shared/measurement.js';
import type { Run } from '../../../shared/run.js';
import { byExperiment, experimentOf } from '../../experiments/experiments.js';
import type { CvReading } from '../../charts/metric.js';
import { departureOf, gaussianNull } from '../../data/cv-null.js';
import type { RunColumns } from '../../data/run-columns.js';
import { NO_VALUE } from '../../ui/numbers.js';

export interface ParameterRow {
  name: string;
  /** The base's first. */
  values: string[];
  differs: boolean;
}

export function parameterRows(runs: readonly Run[]): ParameterRow[] {
  const known = runs.map(
    (run) =>
      new Map(
        experimentOf(run)
          .parameters(run)
          .map(({ name, value }) => [name, value] as const),
      ),
  );
  const rows = [...new Set(known.flatMap((each) => [...each.keys()]))].map((name) => ({
    name,
    values: known.map((each) => each.get(name) ?? NO_VALUE),
  }));
  const engines = { name: 'engine', values: runs.map(({ engine }) => engine ?? NO_VALUE) };
  return [...rows, engines].map((row) => ({ ...row, differs: new Set(row.values).size > 1 }));
}

/** One run as far as it is known. */
export interface ComparedRun {
  run: Run;
  columns: RunColumns | undefined;
  measurements: readonly Measurement[] | undefined;
}

export interface DifferenceCell {
  /** NaN where there is none, as are all that follow from it. */
  value: number;
  difference: number;
  /** Of the difference, if both runs were measured in full at that epoch, as of two independent measurements. */
  standardError: number | null;
  /** Null where its error is not known. */
  significant: boolean | null;
}

export interface DifferenceRow {
  series: string;
  /** `training`, or as its experiment groups it. */
  group: string;
  /** Whether its values are departures from chance. */
  departs?: true;
  base: number;
  /** A cell a run, without the base. */
  cells: DifferenceCell[];
}

/** Loss, accuracy and every series that the base has, in measuring order, at an epoch that all have. */
export function differenceRows(
  base: ComparedRun,
  others: readonly ComparedRun[],
  epoch: number,
  reading: CvReading = 'value',
): DifferenceRow[] {
  const departing = reading === 'departure' ? cvSeries(base.run) : new Set<string>();
  const groups = experimentOf(base.run).groups([base.run]);
  const groupOf = new Map(groups.flatMap(({ id, metrics }) => metrics.map(({ name }) => [name, id] as const)));
  return comparedSeries(base.run).map((name) => {
    const group = name === 'loss' || name === 'accuracy' ? 'training' : (groupOf.get(name) ?? '');
    const departs = departing.has(name);
    const { value: baseValue, error: baseError } = readOf(base, name, epoch, departs);
    const cells = others.map((other) => {
      const { value, error } = readOf(other, name, epoch, departs);
      const standardError = error === null || baseError === null ? null : Math.hypot(error, baseError);
      const difference = value - baseValue;
      const significant = standardError === null ? null : isSignificant(difference, standardError);
      return { value, difference, standardError, significant };
    });
    return { series: name, group, ...(departs && { departs: true as const }), base: baseValue, cells };
  });
}

/** Loss, accuracy and every series of a run, each once: other programs may have called a series of theirs so. */
export function comparedSeries({ series }: Run): string[] {
  return [...new Set(['loss', 'accuracy', ...series])];
}

/** The series of a run that can be read as departures. */
export function cvSeries(run: Run): ReadonlySet<string> {
  const metrics = experimentOf(run)
    .groups([run])
    .flatMap((group) => group.metrics);
  return new Set(metrics.filter(({ banded }) => banded).map(({ name }) => name));
}

function readOf(
  run: ComparedRun,
  name: string,
  epoch: number,
  departs: boolean,
): { value: number; error: number | null } {
  const value = run.columns?.at(name, epoch) ?? NaN;
  const error = errorOf(run, name, epoch);
  if (!departs) return { value, error };
  const known = gaussianNull(run.measurements, name);
  return { value: departureOf(value, known), error: error === null || !known?.sd ? null : error / known.sd };
}

function errorOf({ measurements }: ComparedRun, series: string, epoch: number): number | null {
  const full = measurements?.find((each) => each.sample === 'fixed' && each.epoch === epoch);
  return full?.values[series]?.se ?? null;
}

/**
 * By a column's key, after a `-` from large to small: `series`, `base`, `value.<run>`, `difference.<run>`, or
 * `difference` for the largest of all runs; differences by their size. Rows without a value stand last either way.
 * Loss and accuracy are in units of their own: they stay on top.
 * @param runIds of the cells
 */
export function orderedRows(rows: readonly DifferenceRow[], sort: string, runIds: readonly string[]): DifferenceRow[] {
  const isTraining = ({ group }: DifferenceRow): boolean => group === 'training';
  const cvs = rows.filter((row) => !isTraining(row));
  return [...rows.filter(isTraining), ...sorted(cvs, sort, runIds)];
}

function sorted(rows: readonly DifferenceRow[], sort: string, runIds: readonly string[]): readonly DifferenceRow[] {
  const sign = sort.startsWith('-') ? -1 : 1;
  const key = sort.replace(/^-/, '');
  if (key === 'series') return rows.toSorted((a, b) => sign * byName.compare(a.series, b.series));
  const valueOf = valueBy(key, runIds);
  if (valueOf === undefined) return rows;
  return rows
    .map((row) => ({ row, value: valueOf(row) }))
    .sort((a, b) =>
      Number.isNaN(a.value) || Number.isNaN(b.value)
        ? Number(Number.isNaN(a.value)) - Number(Number.isNaN(b.value))
        : sign * (a.value - b.value),
    )
    .map(({ row }) => row);
}

/** Head 2 comes before head 10. */
const byName = new Intl.Collator('en', { numeric: true });

function valueBy(key: string, runIds: readonly string[]): ((row: DifferenceRow) => number) | undefined {
  if (key === 'base') return ({ base }) => base;
  if (key === 'difference') return ({ cells }) => largest(cells);
  const [, what, runId] = /^(value|difference)\.(.*)$/.exec(key) ?? [];
  const index = runIds.findIndex((id) => id === runId);
  if (index < 0) return undefined;
  return ({ cells }) => (what === 'value' ? cells[index]!.value : Math.abs(cells[index]!.difference));
}

function largest(cells: readonly DifferenceCell[]): number {
  const sizes = cells.map(({ difference }) => Math.abs(difference)).filter((size) => !Number.isNaN(size));
  return sizes.length === 0 ? NaN : Math.max(...sizes);
}

/**
 * Every so many epochs both are measured, whatever else they have in common; null where it is not known when one of
 * them is.
 */
export function commonEvery(one: Run, other: Run): number | null {
  const a = experimentOf(one).measured(one)?.every;
  const b = experimentOf(other).measured(other)?.every;
  if (a === undefined || b === undefined) return null;
  const divisor = (large: number, small: number): number => (small === 0 ? large : divisor(small, large % small));
  return (a / divisor(a, b)) * b;
}

/** What limits the comparison, as sentences without their end. @param nameOf what a run is called */
export function compareNotes(runs: readonly ComparedRun[], nameOf: (run: Run) => string): string[] {
  const waiting = runs.filter(({ columns }) => (columns?.rows ?? 0) === 0).map(({ run }) => nameOf(run));
  return [
    ...(waiting.length > 0 ? [`nothing trained yet: ${waiting.join(', ')}`] : []),
    ...[...byExperiment(runs.map(({ run }) => run))].flatMap(([experiment, own]) => experiment.compareNotes(own)),
  ];
}
