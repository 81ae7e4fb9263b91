/** Where everything of a head-size figure stands: CVs against head dim on a log₂ axis, one line per dim. */
import type { Band } from '../analysis/band-judgement.js';
import { type GridCell, variantKey } from '../analysis/grid-cells.js';
import { distinct } from '../analysis/distinct.js';
import { axisRange } from '../charts/axis-range.js';
import type { Metric } from '../charts/metric.js';
import { formatLogTicks, formatPercentTicks, formatTicks, linearTicks, logTicks } from '../charts/ticks.js';

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
  lines: readonly FigureLine[];
}

export interface FigureSize {
  width: number;
  height: number;
  small: boolean;
}

/** Runs of equal head dim but another dim stand a little apart where their error bars would cover each other. */
const APART_PX = 7;
const LEAST_TICK_GAP_PX = 26;

export function figureLayout({ cells, dims, axis, band, range }: FigureSpec, size: FigureSize): FigureLayout {
  const { width, height, small } = size;
  const plot = small
    ? { left: 34, top: 6, right: width - 8, bottom: height - 18 }
    : { left: 48, top: 12, right: width - 58, bottom: height - 36 };
  const headDims = distinct(cells.map(({ headDim }) => headDim));
  const variants = [...new Map(cells.map((cell) => [variantKey(cell), cell.variant])).entries()];
  const [least, most] = [Math.log2(headDims[0] ?? 1), Math.log2(headDims.at(-1) ?? 1)];
  const inset = small ? 10 : 22;
  const x = (headDim: number): number => {
    const part = most > least ? (Math.log2(headDim) - least) / (most - least) : 0.5;
    return plot.left + inset + part * (plot.right - plot.left - 2 * inset);
  };
  const [low, high] = axisRange(axis, ...extent(cells, range, axis));
  // An error bar may reach below what a log axis can show.
  const scale = axis === 'log' ? (value: number): number => Math.log10(Math.max(value, low)) : (v: number): number => v;
  const y = (value: number): number =>
    plot.bottom - ((scale(value) - scale(low)) / (scale(high) - scale(low))) * (plot.bottom - plot.top);
  const spreads = cells.some(({ spread }) => spread !== undefined && spread.deviation !== null);
  const ticks = axis === 'log' ? logTicks(low, high) : linearTicks(low, high, small ? 3 : 6);
  const texts = (axis === 'log' ? formatLogTicks : axis === 'percent' ? formatPercentTicks : formatTicks)(ticks);
  return {
    plot,
    xTicks: spaced(headDims.map((headDim) => ({ x: x(headDim), text: String(headDim) }))),
    yTicks: ticks.map((tick, index) => ({ y: y(tick), text: texts[index]! })),
    band: band === null ? null : bandInView(band, y, plot),
    lines: dims.flatMap((dim, rank) =>
      variants.map(([key, words], variant) => ({
        dim,
        rank,
        variant,
        variants: variants.length,
        label: words === '' ? `dim ${dim}` : `dim ${dim} · ${words}`,
        points: cells
          .filter((cell) => cell.dim === dim && variantKey(cell) === key && cell.spread !== undefined)
          .map((cell) => point(cell, x, y, spreads ? (rank - (dims.length - 1) / 2) * APART_PX : 0))
          .sort((a, b) => a.x - b.x),
      })),
    ),
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

function point(cell: GridCell, x: (v: number) => number, y: (v: number) => number, apart: number): FigurePoint {
  const { mean, deviation } = cell.spread!;
  return {
    cell,
    x: x(cell.headDim) + apart,
    y: y(mean),
    bar: deviation === null ? null : [y(mean - deviation), y(mean + deviation)],
  };
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
  const kept: T[] = [];
  for (const tick of ticks) if (tick.x - (kept.at(-1)?.x ?? -Infinity) >= LEAST_TICK_GAP_PX) kept.push(tick);
  return kept;
}
