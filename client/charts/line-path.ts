/**
 * A line's way over the pixels. Where it has more points than pixels, each pixel column is drawn from its first, its
 * smallest, its largest and its last value: the same picture as of all points, spikes included.
 */
import type { LinePoints } from './line-points.js';
import { type Axis, toPixel, toValue } from './projection.js';
import type { Pyramid } from './pyramid.js';

/** What a path is drawn into: a canvas' Path2D, or the text of an SVG path. */
export interface PathSink {
  moveTo: (x: number, y: number) => void;
  lineTo: (x: number, y: number) => void;
}

type Points = Pick<LinePoints, 'xs' | 'ascending'>;

/** More points than this in a pixel column are not drawn one by one. */
const DENSE = 3;
const DOT_PX = 1.2;
/** Of a line that turns back on itself, points nearer than this to the last one drawn add nothing. */
const LEAST_MOVE_PX = 0.5;

/** A point that no line leads to. */
export interface Dot {
  x: number;
  y: number;
}

/** @param dots takes the points alone between two gaps, which else become short dashes. */
export function traceLine(sink: PathSink, points: Points, column: Pyramid, x: Axis, y: Axis, dots?: Dot[]): void {
  const pen = new Pen(sink, x.to > x.from ? 1 : -1, dots);
  const [px, py] = [toPixel(x), toPixel(y)];
  const { xs } = points;
  const { values } = column;
  if (!points.ascending) {
    for (let at = 0; at < values.length; at++) pen.to(px(xs[at]!), py(values[at]!), LEAST_MOVE_PX);
    return pen.end();
  }
  forEachColumn(points, x, (from, to, middle) => {
    if (middle === undefined) return pen.to(px(xs[from]!), py(values[from]!));
    const [min, max] = column.range(from, to);
    const [first, last] = [values[from]!, values[to - 1]!];
    pen.to(middle, py(first));
    if (Number.isNaN(min)) return;
    // The way the line goes: back and forth in one place, dashes would run together into a solid line.
    for (const extreme of last < first ? [max, min] : [min, max]) pen.to(middle, py(extreme));
    pen.to(middle, py(last));
  });
  pen.end();
}

/** The area between two columns, in as many closed pieces as there are stretches without a gap. */
export function traceArea(sink: PathSink, points: Points, low: Pyramid, high: Pyramid, x: Axis, y: Axis): void {
  const [px, py] = [toPixel(x), toPixel(y)];
  let piece: [x: number, top: number, bottom: number][] = [];
  const close = (): void => {
    for (const [index, [at, top]] of piece.entries()) sink[index === 0 ? 'moveTo' : 'lineTo'](at, top);
    for (const [at, , bottom] of piece.reverse()) sink.lineTo(at, bottom);
    piece = [];
  };
  const add = (at: number, top: number, bottom: number): void => {
    if (Number.isNaN(top) || Number.isNaN(bottom)) return close();
    piece.push([at, py(top), py(bottom)]);
  };
  if (points.ascending)
    forEachColumn(points, x, (from, to, middle) => {
      const single = middle === undefined;
      const top = single ? high.values[from]! : high.range(from, to)[1];
      add(middle ?? px(points.xs[from]!), top, single ? low.values[from]! : low.range(from, to)[0]);
    });
  else for (const [at, each] of points.xs.entries()) add(px(each), high.values[at]!, low.values[at]!);
  close();
}

/** The points [from, to) within a range of x, and one more at either side, since the line enters and leaves. */
export function visiblePoints({ xs, ascending }: Points, [min, max]: readonly [number, number]): [number, number] {
  if (!ascending) return [0, xs.length];
  return [Math.max(0, firstFrom(xs, min) - 1), Math.min(xs.length, firstBeyond(xs, max) + 1)];
}

/** The points [from, to) that lie within a range of x. */
export function pointsWithin({ xs, ascending }: Points, [min, max]: readonly [number, number]): [number, number] {
  return ascending ? [firstFrom(xs, min), firstBeyond(xs, max)] : [0, xs.length];
}

/** Calls `draw` for each point, or for each pixel column with its middle where there are too many. */
function forEachColumn(
  points: Points,
  x: Axis,
  draw: (from: number, to: number, middle: number | undefined) => void,
): void {
  const [from, to] = visiblePoints(points, [x.min, x.max]);
  const width = Math.max(1, Math.round(Math.abs(x.to - x.from)));
  if (to - from <= DENSE * width) {
    for (let at = from; at < to; at++) draw(at, at + 1, undefined);
    return;
  }
  const valueAt = toValue(x);
  let at = from;
  for (let pixel = 0; pixel < width && at < to; pixel++) {
    const next = pixel === width - 1 ? to : firstFrom(points.xs, valueAt(x.from + pixel + 1), at);
    if (next > at) draw(at, next, x.from + pixel + 0.5);
    at = next;
  }
}

/** The first index whose x is at least `value`; a gap before the first point has no x, and is passed over. */
function firstFrom(xs: readonly number[], value: number, from = 0): number {
  let [low, high] = [from, xs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (xs[middle]! >= value) high = middle;
    else low = middle + 1;
  }
  return low;
}

function firstBeyond(xs: readonly number[], value: number): number {
  let [low, high] = [0, xs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (xs[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Lifted at gaps. */
class Pen {
  readonly #sink: PathSink;
  readonly #dots: Dot[] | undefined;
  readonly #dot: number;
  #down = false;
  #alone = false;
  #x = 0;
  #y = 0;

  constructor(sink: PathSink, direction: number, dots: Dot[] | undefined) {
    this.#sink = sink;
    this.#dots = dots;
    this.#dot = DOT_PX * direction;
  }

  to(x: number, y: number, leastMove = 0): void {
    if (Number.isNaN(x) || Number.isNaN(y)) return this.end();
    if (!this.#down) {
      this.#sink.moveTo(x, y);
      this.#alone = true;
    } else {
      if (Math.abs(x - this.#x) < leastMove && Math.abs(y - this.#y) < leastMove) return;
      this.#sink.lineTo(x, y);
      this.#alone = false;
    }
    this.#down = true;
    this.#x = x;
    this.#y = y;
  }

  end(): void {
    if (this.#alone) this.#point();
    this.#down = false;
    this.#alone = false;
  }

  #point(): void {
    if (this.#dots === undefined) {
      this.#sink.moveTo(this.#x - this.#dot, this.#y);
      this.#sink.lineTo(this.#x + this.#dot, this.#y);
    } else this.#dots.push({ x: this.#x, y: this.#y });
  }
}
