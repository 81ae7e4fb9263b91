/** Several runs side by side as what is shown: which parameters differ, each series' values and differences at an epoch. */
import { isSignificant, type Measurement } from '../../shared/measurement.js';
import type { Run } from '../../shared/run.js';
import { seriesGroup, type SeriesGroup } from '../../shared/series.js';
import type { RunColumns } from '../state/run-columns.js';
import { PARAMETERS } from '../state/run-words.js';
import { NO_VALUE } from '../state/wording.js';

export interface ParameterRow {
  name: string;
  /** The base's first. */
  values: string[];
  differs: boolean;
}

export function parameterRows(runs: readonly Run[]): ParameterRow[] {
  const all: { name: string; of: (run: Run) => string }[] = [
    ...PARAMETERS.map(({ name, of }) => ({ name, of: (run: Run) => String(of(run)) })),
    { name: 'engine', of: ({ engine }) => engine ?? NO_VALUE },
  ];
  return all.map(({ name, of }) => {
    const values = runs.map(of);
    return { name, values, differs: new Set(values).size > 1 };
  });
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
  group: 'training' | SeriesGroup;
  base: number;
  /** A cell a run, without the base. */
  cells: DifferenceCell[];
}

/** Loss, accuracy and every series that the base has, in measuring order, at an epoch that all have. */
export function differenceRows(base: ComparedRun, others: readonly ComparedRun[], epoch: number): DifferenceRow[] {
  const series = ['loss', 'accuracy', ...base.run.series];
  return series.map((name) => {
    const group = name === 'loss' || name === 'accuracy' ? 'training' : seriesGroup(name);
    const baseValue = base.columns?.at(name, epoch) ?? NaN;
    const baseError = errorOf(base, name, epoch);
    const cells = others.map((other) => {
      const value = other.columns?.at(name, epoch) ?? NaN;
      const error = errorOf(other, name, epoch);
      const standardError = error === null || baseError === null ? null : Math.hypot(error, baseError);
      const difference = value - baseValue;
      const significant = standardError === null ? null : isSignificant(difference, standardError);
      return { value, difference, standardError, significant };
    });
    return { series: name, group, base: baseValue, cells };
  });
}

function errorOf({ measurements }: ComparedRun, series: string, epoch: number): number | null {
  const full = measurements?.find((each) => each.sample === 'fixed' && each.epoch === epoch);
  return full?.values[series]?.se ?? null;
}

/** Largest difference first, of one run or of all; what has none comes last. @param index null = the largest of all */
export function bySize(rows: readonly DifferenceRow[], index: number | null): DifferenceRow[] {
  const size = ({ cells }: DifferenceRow): number => {
    const considered = index === null ? cells : cells.slice(index, index + 1);
    return Math.max(-1, ...considered.map(({ difference }) => (Number.isNaN(difference) ? -1 : Math.abs(difference))));
  };
  return [...rows].sort((a, b) => size(b) - size(a));
}

/** Every so many epochs both are measured, whatever else they have in common. */
export function commonEvery(one: number, other: number): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  return (one / divisor(one, other)) * other;
}

/** What limits the comparison, as sentences without their end. @param nameOf what a run is called */
export function compareNotes(runs: readonly ComparedRun[], nameOf: (run: Run) => string): string[] {
  const all = runs.map(({ run }) => run);
  const waiting = runs.filter(({ columns }) => (columns?.rows ?? 0) === 0).map(({ run }) => nameOf(run));
  const distinct = (of: (run: Run) => number): number[] => [...new Set(all.map(of))].sort((a, b) => a - b);
  const heads = distinct(({ config }) => config.heads);
  const every = distinct(({ config }) => config.every);
  const samples = distinct(({ config }) => config.samples);
  const seeds = distinct(({ config }) => config.sampleSeed);
  const lengths = distinct(({ epochs }) => epochs);
  return [
    ...(waiting.length > 0 ? [`nothing trained yet: ${waiting.join(', ')}`] : []),
    ...(heads.length > 1 ? [`heads ${heads.join(', ')}: a head is compared where both runs have it`] : []),
    ...(every.length > 1
      ? [`measured every ${every.join(', ')} epochs: CVs are compared at the epochs that both have`]
      : []),
    ...(lengths.length > 1 ? [`trained for ${lengths.join(', ')} epochs: differences end with the shorter run`] : []),
    ...(samples.length > 1 || seeds.length > 1
      ? ['measured on different samples: part of a difference of CVs is the draw']
      : []),
  ];
}

/** RFC 4180 with line feeds: a row a series and run. */
export function differencesCsv(
  base: Run,
  others: readonly Run[],
  epoch: number,
  rows: readonly DifferenceRow[],
): string {
  const header = ['series', 'epoch', ...identity('', base).names, ...identity('base ', base).names];
  const lines = rows.flatMap(({ series, base: baseValue, cells }) =>
    cells.map(({ value, difference, standardError }, index) => [
      series,
      epoch,
      ...identity('', others[index]!).values,
      ...identity('base ', base).values,
      ...[value, baseValue, difference, standardError ?? NaN].map(written),
    ]),
  );
  return [[...header, 'value', 'base value', 'difference', 'se'], ...lines]
    .map((cells) => `${cells.join(',')}\n`)
    .join('');
}

/** The same over time: a row a run and epoch, a column a series; empty where one of both has no value. */
export function trajectoriesCsv(
  base: Run,
  others: readonly { run: Run; differences: RunColumns | undefined }[],
  names: readonly string[],
): string {
  const header = [...identity('', base).names, ...identity('base ', base).names, 'epoch', ...names];
  const lines = others.flatMap(({ run, differences }) =>
    Array.from({ length: differences?.rows ?? 0 }, (_, epoch) => [
      ...identity('', run).values,
      ...identity('base ', base).values,
      epoch,
      ...names.map((name) => written(differences!.at(name, epoch))),
    ]),
  );
  return [header, ...lines].map((cells) => `${cells.join(',')}\n`).join('');
}

const IDENTITY = ['dim', 'heads', 'seed', 'lr'] as const;

function identity(prefix: string, { id, config }: Run): { names: string[]; values: (string | number)[] } {
  return {
    names: ['run', ...IDENTITY].map((name) => `${prefix}${name}`),
    values: [id, ...IDENTITY.map((name) => config[name])],
  };
}

/** As many digits as a float32 has. */
function written(value: number): string {
  return Number.isNaN(value) ? '' : String(Number(value.toPrecision(7)));
}
