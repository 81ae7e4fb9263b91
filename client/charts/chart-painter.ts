/**
 * Draws a chart's lines into uPlot's canvas: areas first, raw lines faint behind smoothed ones, the highlighted line last, then
 * the marks. The path of a line that did not change is kept: a new frame costs the lines of its own run alone.
 */
import type { Seam } from '../../shared/run.js';
import type { Range } from './chart-settings.js';
import { type Excursion, excursions } from './clipped-range.js';
import type { ChartData } from './chart-data.js';
import type { DrawnLine } from './drawn-line.js';
import { type Dot, traceArea, traceLine } from './line-path.js';
import { type Axis, toPixel } from './projection.js';

export interface PlotArea {
  x: Axis;
  y: Axis;
  /** Canvas pixels per CSS pixel. */
  ratio: number;
}

interface Painted {
  version: number;
  area: string;
  line: Path2D;
  raw: Path2D | undefined;
  former: Path2D | undefined;
  spread: Path2D | undefined;
  dots: Dot[];
  marks: Excursion[];
  beyond: number;
}

const FADED_ALPHA = 0.2;
/** Of the raw values behind smoothed ones: faint, yet never hidden. */
export const RAW_ALPHA = 0.35;
export const SPREAD_ALPHA = 0.14;
/** Of what a program went back behind: thin, in short dashes, whatever the line's own are. */
export const FORMER_ALPHA = 0.8;
export const FORMER_DASH: readonly number[] = [3, 3];
const HIGHLIGHTED_SPREAD_ALPHA = 0.26;
const HIGHLIGHTED_EXTRA_PX = 0.9;
/** More seams than these are marked at the foot alone. */
const FEW_SEAMS = 4;
const SHORT_SEAM_PX = 8;
const MARK_PX = 5;
const DOT_RADIUS_PX = 2.2;
/** Marks of one line and edge closer than this would cover each other. */
const MARKS_APART_PX = 7;

export class ChartPainter {
  readonly #data: ChartData;
  readonly #clip: boolean;
  readonly #cache = new Map<DrawnLine, Painted>();

  constructor(data: ChartData, clip: boolean) {
    this.#data = data;
    this.#clip = clip;
  }

  /** Values beyond the edges of what was painted last. */
  get beyond(): number {
    let sum = 0;
    for (const { beyond } of this.#cache.values()) sum += beyond;
    return sum;
  }

  /** @param highlighted the line that stands out; the others fade then. */
  paint(ctx: CanvasRenderingContext2D, area: PlotArea, highlighted: DrawnLine | undefined): void {
    const drawn = this.#data.lines.filter((line) => !line.empty);
    const ordered = highlighted === undefined ? drawn : [...drawn.filter((line) => line !== highlighted), highlighted];
    ctx.save();
    ctx.beginPath();
    ctx.rect(area.x.from, area.y.to, area.x.to - area.x.from, area.y.from - area.y.to);
    ctx.clip();
    ctx.lineJoin = 'round';
    for (const line of ordered) this.#spread(ctx, line, this.#paths(line, area), highlighted);
    for (const line of ordered) this.#line(ctx, line, this.#paths(line, area), highlighted, area.ratio);
    for (const line of ordered) {
      ctx.globalAlpha = alphaOf(line, highlighted);
      drawSeams(ctx, line, area);
      drawMarks(ctx, line, this.#paths(line, area).marks, area);
    }
    ctx.restore();
    // Not cut at the edge, where a run begins with a single point.
    for (const line of ordered) drawDots(ctx, line, this.#paths(line, area).dots, alphaOf(line, highlighted), area);
    ctx.globalAlpha = 1;
  }

  #spread(
    ctx: CanvasRenderingContext2D,
    line: DrawnLine,
    { spread }: Painted,
    highlighted: DrawnLine | undefined,
  ): void {
    // Beside a highlighted one the others' areas would only cloud it.
    if (spread === undefined || (highlighted !== undefined && line !== highlighted)) return;
    ctx.globalAlpha = line === highlighted ? HIGHLIGHTED_SPREAD_ALPHA : SPREAD_ALPHA * line.style.opacity;
    ctx.fillStyle = line.style.color;
    ctx.fill(spread);
  }

  #line(
    ctx: CanvasRenderingContext2D,
    line: DrawnLine,
    paths: Painted,
    highlighted: DrawnLine | undefined,
    ratio: number,
  ): void {
    const { style } = line;
    const alpha = alphaOf(line, highlighted);
    ctx.strokeStyle = style.color;
    if (paths.raw !== undefined) {
      ctx.setLineDash([]);
      ctx.globalAlpha = alpha * RAW_ALPHA;
      ctx.lineWidth = ratio;
      ctx.stroke(paths.raw);
    }
    if (paths.former !== undefined) {
      ctx.setLineDash(FORMER_DASH.map((length) => length * ratio));
      ctx.globalAlpha = alpha * FORMER_ALPHA;
      ctx.lineWidth = ratio;
      ctx.stroke(paths.former);
    }
    ctx.setLineDash(style.dash.map((length) => length * ratio));
    ctx.globalAlpha = alpha;
    ctx.lineWidth = (style.widthPx + (line === highlighted ? HIGHLIGHTED_EXTRA_PX : 0)) * ratio;
    ctx.stroke(paths.line);
  }

  #paths(line: DrawnLine, area: PlotArea): Painted {
    const key = JSON.stringify(area);
    const cached = this.#cache.get(line);
    if (cached?.version === line.version && cached.area === key) return cached;
    const made = { version: line.version, area: key, ...this.#trace(line, area) };
    this.#cache.set(line, made);
    return made;
  }

  #trace(line: DrawnLine, { x, y, ratio }: PlotArea): Omit<Painted, 'version' | 'area'> {
    const dots: Dot[] = [];
    const path = (column: DrawnLine['ys']): Path2D => {
      const drawn = new Path2D();
      traceLine(drawn, line, column, x, y, column === line.shown ? dots : undefined);
      return drawn;
    };
    let spread: Path2D | undefined;
    if (line.lows !== undefined && line.highs !== undefined) {
      spread = new Path2D();
      traceArea(spread, line, line.lows, line.highs, x, y);
    }
    const xRange: Range = [x.min, x.max];
    const out = this.#clip ? excursions(line, xRange, [y.min, y.max]) : { marks: [], values: 0 };
    return {
      line: path(line.shown),
      raw: line.smooth === undefined ? undefined : path(line.ys),
      former: line.former.length === 0 ? undefined : formerPath(line, x, y),
      spread,
      dots,
      marks: spaced(out.marks, line, toPixel(x), MARKS_APART_PX * ratio),
      beyond: out.values,
    };
  }
}

function formerPath(line: DrawnLine, x: Axis, y: Axis): Path2D {
  const drawn = new Path2D();
  for (const stretch of line.former) traceLine(drawn, stretch, stretch.shown, x, y);
  return drawn;
}

function alphaOf(line: DrawnLine, highlighted: DrawnLine | undefined): number {
  if (line === highlighted) return 1;
  return Math.min(line.style.opacity, highlighted === undefined ? 1 : FADED_ALPHA);
}

/** Without those that would cover the one before on the same edge. */
function spaced(marks: readonly Excursion[], { xs }: DrawnLine, px: (x: number) => number, least: number): Excursion[] {
  const last = { top: -Infinity, bottom: -Infinity };
  return marks.filter(({ at, edge }) => {
    const place = px(xs[at]!);
    if (Math.abs(place - last[edge]) < least) return false;
    last[edge] = place;
    return true;
  });
}

/** Where another engine took over, or its program began again: a dashed line from the foot, in the run's colour. */
function drawSeams(ctx: CanvasRenderingContext2D, line: DrawnLine, { x, y, ratio }: PlotArea): void {
  const places = seamPlaces(line);
  const head = seamHead(places.length, y, ratio);
  for (const place of places) {
    const at = toPixel(x)(place.x);
    if (!(at >= x.from && at <= x.to)) continue;
    ctx.strokeStyle = line.style.color;
    ctx.lineWidth = ratio;
    ctx.setLineDash([2 * ratio, 3 * ratio]);
    ctx.beginPath();
    ctx.moveTo(at, y.from);
    ctx.lineTo(at, head);
    ctx.stroke();
  }
}

/** Up to where seams are drawn: to the head, but where a program that is preempted all the time would bar the plot. */
export function seamHead(seams: number, y: Axis, ratio: number): number {
  return seams <= FEW_SEAMS ? y.to : y.from - SHORT_SEAM_PX * ratio;
}

/** The seams of a line that have been drawn past, with their place on the x axis. */
export function seamPlaces(line: DrawnLine): { x: number; epoch: number; words: string }[] {
  const { stepName: word = 'epoch' } = line.runs[0]!;
  const resumes = line.resumes
    .filter(({ x }) => !Number.isNaN(x))
    .map(({ x, step, before }) => ({ x, epoch: step, words: `resumed at ${word} ${step}, after ${word} ${before}` }));
  const engines = line.runs.flatMap(({ seams = [], stepName = 'epoch' }) =>
    seams.flatMap((seam) => {
      if (seam.kind === 'resume') return [];
      const { step: epoch } = seam;
      const index = line.epochs.findIndex((each) => each >= epoch);
      return index === -1
        ? []
        : [{ x: line.xs[index]!, epoch, words: `${seamWords(seam)} after ${stepName} ${epoch}` }];
    }),
  );
  return [...engines, ...resumes];
}

function seamWords({ from, to, kernels }: Seam): string {
  const parts = [from === to ? '' : `engine ${from} → ${to}`, kernels ? `kernels ${kernels.from} → ${kernels.to}` : ''];
  return parts.filter((part) => part !== '').join(', ');
}

function drawDots(
  ctx: CanvasRenderingContext2D,
  { style }: DrawnLine,
  dots: readonly Dot[],
  alpha: number,
  { x, y, ratio }: PlotArea,
): void {
  ctx.fillStyle = style.color;
  ctx.globalAlpha = alpha;
  for (const dot of dots) {
    if (dot.x < x.from || dot.x > x.to || dot.y < y.to || dot.y > y.from) continue;
    ctx.beginPath();
    ctx.arc(dot.x, dot.y, DOT_RADIUS_PX * ratio, 0, 2 * Math.PI);
    ctx.fill();
  }
}

/** A small triangle that points out of the plot, where a line leaves it. */
function drawMarks(
  ctx: CanvasRenderingContext2D,
  { xs, style }: DrawnLine,
  marks: readonly Excursion[],
  { x, y, ratio }: PlotArea,
): void {
  ctx.fillStyle = style.color;
  for (const { at, edge } of marks) {
    const place = toPixel(x)(xs[at]!);
    const [tip, foot] = edge === 'top' ? [y.to, y.to + MARK_PX * ratio] : [y.from, y.from - MARK_PX * ratio];
    ctx.beginPath();
    ctx.moveTo(place, tip);
    ctx.lineTo(place - (MARK_PX * ratio) / 1.6, foot);
    ctx.lineTo(place + (MARK_PX * ratio) / 1.6, foot);
    ctx.fill();
  }
}

/**
 * Of a run of thousands of epochs one more moves a line by a fraction of a pixel: it is drawn once it can be seen.
 * Canvas pixels.
 */
const LEAST_PX = 0.5;

/** @param axis as it was drawn. @param range that is shown now. */
export function rangeMoves(axis: Axis, [min, max]: Range): boolean {
  const px = toPixel(axis);
  return Math.abs(px(min) - axis.from) >= LEAST_PX || Math.abs(px(max) - axis.to) >= LEAST_PX;
}

/** @param drawn how many points of the line were drawn on these axes. */
export function lineMoves(line: DrawnLine, drawn: number, x: Axis, y: Axis): boolean {
  const { xs } = line;
  if (xs.length === drawn) return false;
  // Values that several runs share change where they were drawn already; before the first point there is no line.
  if (line.runs.length > 1 || drawn === 0) return true;
  const [px, py] = [toPixel(x), toPixel(y)];
  const place = px(xs[drawn - 1]!);
  const columns = [line.ys, line.smooth, line.lows, line.highs].flatMap((each) => (each === undefined ? [] : [each]));
  return columns.some(({ values }) => {
    const height = py(values[drawn - 1]!);
    for (let at = drawn; at < xs.length; at++) {
      const distance = Math.hypot(px(xs[at]!) - place, py(values[at]!) - height);
      // No number: a gap begins or ends.
      if (!(distance < LEAST_PX)) return true;
    }
    return false;
  });
}
