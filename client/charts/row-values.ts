/** What rows of runs say of one point of a line: values as they are, or CVs as departures from chance. */
import { departureOf } from '../data/cv-null.js';
import type { RunColumns } from '../data/run-columns.js';
import { spreadOf } from '../data/statistics.js';
import type { NullOf } from './chance.js';
import { FRAME, WALL_TIME } from './chart-settings.js';
import type { Metric } from './metric.js';

/** Where a row stands on the axis; NaN where that is not known. */
export function placeOf(columns: RunColumns | undefined, x: string, row: number): number {
  if (columns === undefined || row < 0) return NaN;
  if (x === 'epoch') return columns.step(row);
  if (x === WALL_TIME) return columns.time(row) / 1000;
  return x === FRAME ? row : columns.inRow(x, row);
}

/** Values that are drawn as one, and how far they reach; NaN where there are none, or a single one. */
export interface JoinedValue {
  value: number;
  low: number;
  high: number;
}

export const NO_NUMBERS: JoinedValue = { value: NaN, low: NaN, high: NaN };

/** What a line has to draw in the rows of its runs. */
export class LineValues {
  readonly #metric: Metric;
  readonly #runs: readonly { id: string }[];
  readonly #nullOf: NullOf;

  constructor(metric: Metric, runs: readonly { id: string }[], nullOf: NullOf) {
    this.#metric = metric;
    this.#runs = runs;
    this.#nullOf = nullOf;
  }

  /** @param rows of each run, one */
  joined(columns: readonly (RunColumns | undefined)[], rows: readonly number[]): JoinedValue {
    const { departs } = this.#metric;
    return joinedIn(columns, rows, this.#metric, (value, series, index) =>
      departs === true ? departureOf(value, this.#nullOf(this.#runs[index]!.id, series)) : value,
    );
  }

  /** Whether there are CVs there, and it is known that nothing was told of what chance gives. */
  lacksNull(columns: readonly (RunColumns | undefined)[], rows: readonly number[]): boolean {
    const { departs, name, ribbon = [name] } = this.#metric;
    if (departs !== true) return false;
    return ribbon.some((series) =>
      this.#runs.some(({ id }, index) => {
        const cv = columns[index]?.inRow(series, rows[index]!) ?? NaN;
        return !Number.isNaN(cv) && this.#nullOf(id, series) === null;
      }),
    );
  }
}

/**
 * What a line has in these rows: the value of one run, the mean ± deviation of several, or of a family of series the
 * median and the range.
 * @param readAs what a value of a series of the run at this place is drawn as
 */
function joinedIn(
  columns: readonly (RunColumns | undefined)[],
  rows: readonly number[],
  { name, ribbon }: Pick<Metric, 'name' | 'ribbon'>,
  readAs: (value: number, series: string, index: number) => number,
): JoinedValue {
  const read = (series: string, index: number): number =>
    readAs(columns[index]?.inRow(series, rows[index]!) ?? NaN, series, index);
  const ofRuns = (series: string): number[] => columns.map((_, index) => read(series, index));
  const isNumber = (value: number): boolean => !Number.isNaN(value);
  if (ribbon !== undefined) return middleOf(ribbon.flatMap(ofRuns).filter(isNumber));
  const values = ofRuns(name);
  if (columns.length === 1) return { ...NO_NUMBERS, value: values[0]! };
  const spread = spreadOf(values.filter(isNumber));
  if (spread === undefined) return NO_NUMBERS;
  const deviation = spread.deviation ?? NaN;
  return { value: spread.mean, low: spread.mean - deviation, high: spread.mean + deviation };
}

export function meanOf(values: readonly number[]): number {
  return spreadOf(values.filter((value) => !Number.isNaN(value)))?.mean ?? NaN;
}

/** Median, smallest and largest. */
function middleOf(values: number[]): JoinedValue {
  if (values.length === 0) return NO_NUMBERS;
  values.sort((a, b) => a - b);
  const half = values.length / 2;
  const value = values.length % 2 === 1 ? values[Math.floor(half)]! : (values[half - 1]! + values[half]!) / 2;
  return { value, low: values[0]!, high: values.at(-1)! };
}
