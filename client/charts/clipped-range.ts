/** The range of y without outliers: what lies far beyond the bulk of the values does not flatten all the others. */
import type { Range } from './chart-settings.js';
import type { DrawnLine } from './drawn-line.js';
import { pointsWithin } from './line-path.js';

/** The bulk: from the 5th to the 95th percentile. Beyond it by more than half of its width, a value is an outlier. */
const BULK = [0.05, 0.95] as const;
const REACH = 0.5;
/** Of long lines not every point is looked at: percentiles need no more. */
const LOOKED_AT = 4000;

/** @param all smallest and largest value: the range never exceeds them. On a log axis the logarithms are compared. */
export function clippedRange(lines: readonly DrawnLine[], xRange: Range, log: boolean, [min, max]: Range): Range {
  const values = sampled(lines, xRange).sort((a, b) => a - b);
  if (values.length === 0) return [min, max];
  const scaled = log ? Math.log : (value: number): number => value;
  const back = log ? Math.exp : (value: number): number => value;
  const [low, high] = BULK.map((share) => scaled(percentile(values, share))) as [number, number];
  const reach = (high - low) * REACH;
  // Values that are all alike but for one: their own width says nothing, and the one is out.
  return [Math.max(min, back(low - reach)), Math.min(max, back(high + reach))];
}

/** Between the two nearest values of a sorted list. */
export function percentile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return below + (above - below) * (at - Math.floor(at));
}

function sampled(lines: readonly DrawnLine[], xRange: Range): number[] {
  const ranges = lines.map((line) => pointsWithin(line, xRange));
  const points = ranges.reduce((sum, [from, to]) => sum + to - from, 0);
  const stride = Math.max(1, Math.ceil(points / LOOKED_AT));
  const values: number[] = [];
  for (const [index, line] of lines.entries()) {
    const [from, to] = ranges[index]!;
    for (let at = from; at < to; at += stride) {
      if (!(line.xs[at]! >= xRange[0] && line.xs[at]! <= xRange[1])) continue;
      for (const value of [line.ys.values[at]!, line.smooth?.values[at] ?? NaN])
        if (!Number.isNaN(value)) values.push(value);
    }
  }
  return values;
}

/** A stretch of a line beyond the range of y: the point with which it begins. */
export interface Excursion {
  at: number;
  edge: 'top' | 'bottom';
}

/** @returns the places to be marked and how many values are beyond the edges. */
export function excursions(line: DrawnLine, xRange: Range, [low, high]: Range): { marks: Excursion[]; values: number } {
  const marks: Excursion[] = [];
  let values = 0;
  let before: Excursion['edge'] | undefined;
  const [from, to] = pointsWithin(line, xRange);
  for (let at = from; at < to; at++) {
    const [x, y] = [line.xs[at]!, line.ys.values[at]!];
    if (!(x >= xRange[0] && x <= xRange[1])) continue;
    const edge = y > high ? 'top' : y < low ? 'bottom' : undefined;
    if (edge !== undefined) values++;
    if (edge !== undefined && edge !== before) marks.push({ at, edge });
    before = edge;
  }
  return { marks, values };
}
