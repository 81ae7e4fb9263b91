/** Where everything of a head-size figure stands: CVs against head size on a log₂ axis, one line per dim. */
import type { Band } from '../../charts/band.js';
import { type GridCell, variantKey } from './grid-cells.js';
import { distinct } from '../../data/statistics.js';
import { axisRange } from '../../charts/axis-range.js';
import type { Metric } from '../../charts/metric.js';
import { formatLogTicks, formatPercentTicks, formatTicks, linearTicks, logTicks } from '../../charts/ticks.js';

export interface FigureSpec {
  /** Runs that differ in their seed alone are one cell; those without a value hold their place on the axis. */
  cells: readonly GridCell[];
  /** The sweep's, ascending: hiding a run changes nobody's mark. */
  dims: readonly number[];
  axis: Metric['axis'];
  /** Null where the band means nothing. */
  band: Band | null;
  /** Of the values, through all of training. */
  range: readonly [number, number] | undefined;
}

export interface FigurePoint {
  cell: GridCell;
  x: number;
  y: number;
  /** Ends of the error bar; null for one run. */
  bar: readonly [number, number] | null;
}

export interface FigureLine {
  dim: number;
  /** Rank among the dims: which mark the points have. */
  rank: number;
  /** Rank among those of its dim: learning rates and sweeps, and how many there are. */
  variant: number;
  variants: number;
  label: string;
  /** Where its label begins, at half its height; undefined where there is none: in the small figure, without points. */
  labelAt: { x: number; y: number } | undefined;
  points: readonly FigurePoint[];
}

/** What a line's colour and dash follow from. */
export type FigureStroke = Pick<FigureLine, 'dim' | 'variant' | 'variants'>;

export interface FigureLayout {
  plot: { left: number; top: number; right: number; bottom: number };
  xTicks: readonly { x: number; text: string }[];
  yTicks: readonly { y: number; text: string }[];
  /** The part of the band that is in view; an edge out of view is null. */
  band: { top: number; bottom: number; edges: readonly number[] } | null;
  /** Of departures, where there is none, if that is in view. */
  zero: number | null;
  lines: readonly FigureLine[];
}

export interface FigureSize {
  width: number;
  height: number;
  small: boolean;
}

/** Runs of equal head size but another dim stand a little apart where their error bars would cover each other. */
const APART_PX = 7;
const LEAST_TICK_GAP_PX = 26;
/** From a line's last point to its label, and what a label takes. */
const LABEL_AWAY_PX = 9;
const LABEL_HEIGHT_PX = 13;
const LABEL_CHARACTER_PX = 6.4;
/** Of the numbers beside the plot, in the small figure and in the large one. */
const SMALL_DIGIT_PX = 5.8;
const DIGIT_PX = 6.4;
/** Labels to the right of the plot take at most this share of it all. */
const MOST_FOR_LABELS = 0.2;

export function figureLayout({ cells, dims, axis, band, range }: FigureSpec, size: FigureSize): FigureLayout {
  const { width, height, small } = size;
  const variants = [...new Map(cells.map((cell) => [variantKey(cell), cell.variant])).entries()];
  const labels = labelsFor(dims, variants, width);
  const [low, high] = axisRange(axis, ...extent(cells, range, axis));
  const ticks = axis === 'log' ? logTicks(low, high) : linearTicks(low, high, small ? 3 : 6);
  const texts = (axis === 'log' ? formatLogTicks : axis === 'percent' ? formatPercentTicks : formatTicks)(ticks);
  const numbersPx = Math.max(0, ...texts.map(({ length }) => length)) * (small ? SMALL_DIGIT_PX : DIGIT_PX);
  const plot = small
    ? { left: Math.max(34, Math.ceil(numbersPx) + 8), top: 6, right: width - 8, bottom: height - 18 }
    : {
        left: Math.max(48, Math.ceil(numbersPx) + 9),
        top: 12,
        right: width - Math.max(58, labels.width),
        bottom: height - 36,
      };
  const headDims = distinct(cells.map(({ headDim }) => headDim));
  const [least, most] = [Math.log2(headDims[0] ?? 1), Math.log2(headDims.at(-1) ?? 1)];
  const inset = small ? 10 : 22;
  const x = (headDim: number): number => {
    const part = most > least ? (Math.log2(headDim) - least) / (most - least) : 0.5;
    return plot.left + inset + part * (plot.right - plot.left - 2 * inset);
  };
  // An error bar may reach below what a log axis can show.
  const scale = axis === 'log' ? (value: number): number => Math.log10(Math.max(value, low)) : (v: number): number => v;
  const y = (value: number): number =>
    plot.bottom - ((scale(value) - scale(low)) / (scale(high) - scale(low))) * (plot.bottom - plot.top);
  const spreads = cells.some(({ spread }) => spread !== undefined && spread.deviation !== null);
  const lines = dims.flatMap((dim, rank) =>
    variants.map(([key, words], variant) => ({
      dim,
      rank,
      variant,
      variants: variants.length,
      label: labels.of(dim, words),
      labelAt: undefined,
      points: cells
        .filter((cell) => cell.dim === dim && variantKey(cell) === key && cell.spread !== undefined)
        .map((cell) => point(cell, x, y, spreads ? (rank - (dims.length - 1) / 2) * APART_PX : 0))
        .sort((a, b) => a.x - b.x),
    })),
  );
  return {
    plot,
    xTicks: spaced(headDims.map((headDim) => ({ x: x(headDim), text: String(headDim) }))),
    yTicks: ticks.map((tick, index) => ({ y: y(tick), text: texts[index]! })),
    band: band === null ? null : bandInView(band, y, plot),
    zero: band?.beyond === true && y(0) > plot.top && y(0) < plot.bottom ? y(0) : null,
    lines: small ? lines : labelled(lines, plot, labels.isWhole),
  };
}

/** The point nearest to a place, if one is near. */
export function nearestPoint(
  { lines }: FigureLayout,
  place: { x: number; y: number },
  withinPx: number,
): FigurePoint | undefined {
  const away = (point: FigurePoint): number => Math.hypot(point.x - place.x, point.y - place.y);
  const points = lines.flatMap((line) => line.points);
  const nearest = points.toSorted((a, b) => away(a) - away(b))[0];
  return nearest !== undefined && away(nearest) <= withinPx ? nearest : undefined;
}

function point(cell: GridCell, x: (v: number) => number, y: (v: number) => number, shift: number): FigurePoint {
  const { mean, deviation } = cell.spread!;
  return {
    cell,
    x: x(cell.headDim) + shift,
    y: y(mean),
    bar: deviation === null ? null : [y(mean - deviation), y(mean + deviation)],
  };
}

function labelWidth(label: string): number {
  return label.length * LABEL_CHARACTER_PX;
}

interface Labels {
  of: (dim: number, variant: string) => string;
  width: number;
  /** Whether the lines of a dim are told apart; else one of them is named for all. */
  isWhole: boolean;
}

function labelsFor(dims: readonly number[], variants: readonly [string, string][], width: number): Labels {
  const whole = (dim: number, variant: string): string => (variant === '' ? `dim ${dim}` : `dim ${dim} · ${variant}`);
  const short = (dim: number): string => `dim ${dim}`;
  const widest = (of: Labels['of']): number =>
    Math.max(0, ...dims.flatMap((dim) => variants.map(([, words]) => labelWidth(of(dim, words)))));
  const isWhole = widest(whole) <= width * MOST_FOR_LABELS;
  return { of: isWhole ? whole : short, width: Math.round(widest(isWhole ? whole : short)), isWhole };
}

/** Each line's label beside its last point, moved down where it would cover one above it, and up from the bottom. */
function labelled(lines: readonly FigureLine[], { top, bottom }: FigureLayout['plot'], isWhole: boolean): FigureLine[] {
  const withPoints = lines.filter(({ points }) => points.length > 0);
  const ended = isWhole
    ? withPoints
    : withPoints.filter(({ dim }, index) => withPoints.findIndex((other) => other.dim === dim) === index);
  const placed: { line: FigureLine; x: number; y: number }[] = [];
  const clashes = (x: number, y: number, label: string): boolean =>
    placed.some(
      (other) =>
        Math.abs(other.y - y) < LABEL_HEIGHT_PX &&
        x < other.x + labelWidth(other.line.label) &&
        other.x < x + labelWidth(label),
    );
  for (const line of ended.toSorted((a, b) => a.points.at(-1)!.y - b.points.at(-1)!.y)) {
    const end = line.points.at(-1)!;
    const x = end.x + LABEL_AWAY_PX;
    const free = (step: number): number | undefined => {
      for (let y = end.y; y >= top && y <= bottom; y += step) if (!clashes(x, y, line.label)) return y;
      return undefined;
    };
    placed.push({ line, x, y: free(1) ?? free(-1) ?? end.y });
  }
  return lines.map((line) => {
    const place = placed.find((each) => each.line === line);
    return place === undefined ? line : { ...line, labelAt: { x: place.x, y: place.y } };
  });
}

/** Of all that is drawn now, and of what the quantity was at other epochs. */
function extent(
  cells: readonly GridCell[],
  range: readonly [number, number] | undefined,
  axis: Metric['axis'],
): [number | null, number | null] {
  const ends = cells.flatMap(({ spread }) =>
    spread === undefined ? [] : [spread.mean - (spread.deviation ?? 0), spread.mean + (spread.deviation ?? 0)],
  );
  const all = [...ends, ...(range ?? [])].filter((value) => axis !== 'log' || value > 0);
  return all.length === 0 ? [null, null] : [Math.min(...all), Math.max(...all)];
}

function bandInView(band: Band, y: (v: number) => number, plot: FigureLayout['plot']): FigureLayout['band'] {
  const within = (edge: number): number => Math.min(plot.bottom, Math.max(plot.top, edge));
  const edges = [y(band.high), y(band.low)];
  const [top, bottom] = [within(edges[0]!), within(edges[1]!)];
  if (bottom <= top) return null;
  return { top, bottom, edges: edges.filter((edge) => edge > plot.top && edge < plot.bottom) };
}

/** Ticks that stand too close to the one before are left out. */
function spaced<T extends { x: number }>(ticks: readonly T[]): T[] {
  const shown: T[] = [];
  for (const tick of ticks) if (tick.x - (shown.at(-1)?.x ?? -Infinity) >= LEAST_TICK_GAP_PX) shown.push(tick);
  return shown;
}
