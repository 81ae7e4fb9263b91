/** What rows of runs say of one point of a line. */
import type { RunColumns } from '../data/run-columns.js';
import { spreadOf } from '../data/statistics.js';
import { FRAME, WALL_TIME } from './chart-settings.js';

/** Where a row stands on the axis; NaN where that is not known. */
export function placeOf(columns: RunColumns | undefined, x: string, row: number): number {
  if (columns === undefined || row < 0) return NaN;
  if (x === 'epoch') return columns.step(row);
  if (x === WALL_TIME) return columns.time(row) / 1000;
  return x === FRAME ? row : columns.inRow(x, row);
}

/** The values that one run has of a family of series. */
export function familyIn(columns: RunColumns | undefined, family: readonly string[], row: number): number[] {
  if (columns === undefined) return [];
  return family.map((name) => columns.inRow(name, row)).filter((value) => !Number.isNaN(value));
}

export function valuesIn(
  columns: readonly (RunColumns | undefined)[],
  rows: readonly number[],
  name: string,
): number[] {
  return columns.map((each, index) => each?.inRow(name, rows[index]!) ?? NaN);
}

export function meanOf(values: readonly number[]): number {
  return spreadOf(values.filter((value) => !Number.isNaN(value)))?.mean ?? NaN;
}

/** Median, smallest and largest. */
export function middleOf(values: number[]): { value: number; low: number; high: number } {
  if (values.length === 0) return { value: NaN, low: NaN, high: NaN };
  values.sort((a, b) => a - b);
  const half = values.length / 2;
  const value = values.length % 2 === 1 ? values[Math.floor(half)]! : (values[half - 1]! + values[half]!) / 2;
  return { value, low: values[0]!, high: values.at(-1)! };
}
