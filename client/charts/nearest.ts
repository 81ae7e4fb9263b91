/** What the cursor means: which point of each line, and which of the lines. */
import type { DrawnLine } from './drawn-line.js';
import { type Axis, toPixel } from './projection.js';

/** Beyond the end of a line by more than this, the cursor means none of its points. */
const END_REACH_PX = 12;
/** Of a line that may turn back on itself, points further than this from the pointer are not meant. */
const PLANE_REACH_PX = 48;

/**
 * The index of the point of `line` at the cursor: the one of that very epoch, the nearest where it is not known when
 * there are values, or in time, or, where a line
 * may turn back on itself, the one nearest to the pointer; undefined if there is none.
 */
export function pointAt(
  line: DrawnLine,
  xName: string,
  cursor: { left: number; top: number; x: number },
  axes: { x: Axis; y: Axis },
): number | undefined {
  const { ys } = line;
  const index = line.ascending ? nearestInX(line.xs, cursor.x) : nearestInPlane(line, cursor, axes);
  if (index === undefined || Number.isNaN(ys.values[index]!)) return undefined;
  const x = line.xs[index]!;
  if (xName === 'epoch' && line.isScheduled) return Math.abs(x - cursor.x) < 0.5 ? index : undefined;
  if (!line.ascending) return index;
  return Math.abs(toPixel(axes.x)(x) - cursor.left) <= END_REACH_PX || isBetween(line.xs, cursor.x) ? index : undefined;
}

function isBetween(xs: readonly number[], x: number): boolean {
  return x >= xs[0]! && x <= xs.at(-1)!;
}

function nearestInX(xs: readonly number[], x: number): number | undefined {
  if (xs.length === 0) return undefined;
  let [low, high] = [0, xs.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (xs[middle]! >= x) high = middle;
    else low = middle + 1;
  }
  return low > 0 && x - xs[low - 1]! < xs[low]! - x ? low - 1 : low;
}

function nearestInPlane(
  { xs, shown }: DrawnLine,
  { left, top }: { left: number; top: number },
  axes: { x: Axis; y: Axis },
): number | undefined {
  const [px, py] = [toPixel(axes.x), toPixel(axes.y)];
  let nearest: number | undefined;
  let least = PLANE_REACH_PX ** 2;
  for (const [at, x] of xs.entries()) {
    const distance = (px(x) - left) ** 2 + (py(shown.values[at]!) - top) ** 2;
    if (distance < least) [nearest, least] = [at, distance];
  }
  return nearest;
}

/** Which runs the tooltip shows: those whose lines pass nearest to the pointer, sorted by value. */
export interface Candidate {
  value: number;
  /** Where its line is at the pointer's epoch, in CSS pixels from the plot's top. */
  topPx: number;
}

export interface Nearest<C extends Candidate> {
  /** At most `most`, largest value first, so that they stand in the order of the lines. */
  rows: C[];
  /** How many have a value there, too. */
  more: number;
  /** The line that is pointed at; undefined if none is near enough. */
  pointed: C | undefined;
}

const REACH_PX = 22;

export function nearestRuns<C extends Candidate>(
  candidates: readonly C[],
  pointerTopPx: number,
  most: number,
): Nearest<C> {
  const distance = (each: C): number => Math.abs(each.topPx - pointerTopPx);
  const near = [...candidates].sort((a, b) => distance(a) - distance(b)).slice(0, most);
  const [first] = near;
  return {
    rows: near.sort((a, b) => b.value - a.value),
    more: candidates.length - near.length,
    pointed: first !== undefined && distance(first) <= REACH_PX ? first : undefined,
  };
}
