/** A chart as a picture of its own, with title and legend: shapes, which SVG and canvas draw alike. */
import { formatNull, namedNulls } from './chance.js';
import type { ChartData } from './chart-data.js';
import { FORMER_ALPHA, FORMER_DASH, RAW_ALPHA, seamHead, seamPlaces, SPREAD_ALPHA } from './chart-painter.js';
import type { ChartPalette } from './chart-palette.js';
import type { ChartSettings, Range } from './chart-settings.js';
import { stepWord } from './drawn-line.js';
import type { LinePoints } from './line-points.js';
import { type PathSink, traceArea, traceLine } from './line-path.js';
import type { Metric } from './metric.js';
import { type Axis, toPixel } from './projection.js';
import { formatXTicks, xTicks, xWords } from './x-axis.js';
import { chartNote, formatYTicks, yTicks } from './y-axis.js';

export interface PathShape {
  kind: 'path';
  /** In SVG's words. */
  d: string;
  /** CSS colours; '' = none. */
  stroke: string;
  fill: string;
  width: number;
  dash: readonly number[];
  alpha: number;
  /** Whether it ends at the edge of the plot. */
  clipped: boolean;
}

export interface TextShape {
  kind: 'text';
  x: number;
  y: number;
  text: string;
  size: number;
  bold: boolean;
  fill: string;
  anchor: 'start' | 'middle' | 'end';
}

export interface Figure {
  width: number;
  height: number;
  background: string;
  font: string;
  plot: { x: number; y: number; width: number; height: number };
  shapes: (PathShape | TextShape)[];
}

export interface FigureInputs {
  metric: Metric;
  data: ChartData;
  settings: ChartSettings;
  zoom: Range | null;
  palette: ChartPalette;
  notes: readonly string[];
}

const WIDTH = 900;
const PLOT = { x: 62, y: 46, width: 818, height: 420 };
const LEGEND_COLUMN_PX = 136;
const LEGEND_SWATCH_PX = 28;
const LEGEND_GAP_PX = 16;
/** Of text at 11 px, at most. */
const CHARACTER_PX = 6.4;
const LEGEND_ROW_PX = 20;

export function chartFigure({ metric, data, settings, zoom, palette, notes }: FigureInputs): Figure {
  const xRange = data.xRange(zoom);
  const [yMin, yMax] = data.yRange(xRange);
  const yLog = data.axis === 'log';
  const right = PLOT.x + PLOT.width;
  const foot = PLOT.y + PLOT.height;
  const x: Axis = { min: xRange[0], max: xRange[1], log: settings.xLog, from: PLOT.x, to: right };
  const y: Axis = { min: yMin, max: yMax, log: yLog, from: foot, to: PLOT.y };
  const [px, py] = [toPixel(x), toPixel(y)];
  const shapes: Figure['shapes'] = [
    text({ x: 20, y: 28, text: metric.name, size: 15, bold: true, fill: palette.title }),
    text({
      x: right,
      y: 28,
      text: [chartNote(metric, { ...settings, x: 'epoch' }), ...notes].filter((part) => part !== '').join(' · '),
      anchor: 'end',
      fill: palette.text,
    }),
  ];
  if (metric.banded) {
    const { low, high } = settings.band;
    const bottom = yLog && low <= 0 ? foot : py(low);
    shapes.push(
      path({ d: box(PLOT.x, py(high), right, bottom), fill: palette.band, clipped: true }),
      ...[py(high), bottom].map((at) =>
        path({ d: `M${PLOT.x} ${n(at)}H${right}`, stroke: palette.bandEdge, dash: [4, 3], clipped: true }),
      ),
    );
  }
  shapes.push(...guideShapes(data, y, palette));
  const xAt = xTicks(settings.x, settings.xLog, ...xRange, data.hasWholeSteps);
  const yAt = yTicks(data.axis, yMin, yMax);
  const xTexts = formatXTicks(settings.x, settings.xLog, xAt);
  const yTexts = formatYTicks(metric, data.axis, yAt);
  for (const [index, tick] of xAt.entries())
    shapes.push(
      path({ d: `M${n(px(tick))} ${PLOT.y}V${foot}`, stroke: palette.grid }),
      text({ x: px(tick), y: foot + 17, text: xTexts[index]!, anchor: 'middle', fill: palette.text }),
    );
  for (const [index, tick] of yAt.entries())
    shapes.push(
      path({ d: `M${PLOT.x} ${n(py(tick))}H${right}`, stroke: palette.grid }),
      text({ x: PLOT.x - 7, y: py(tick) + 4, text: yTexts[index]!, anchor: 'end', fill: palette.text }),
    );
  shapes.push(
    text({
      x: right,
      y: foot + 34,
      text: `by ${xWords(settings.x, stepWord(data.lines.flatMap(({ runs }) => runs)))}`,
      anchor: 'end',
      fill: palette.text,
    }),
    ...lineShapes(data, x, y),
    ...legend(data, foot + 56, palette),
  );
  const rows = Math.ceil(legendEntries(data).length / legendColumns(data));
  const height = foot + 50 + rows * LEGEND_ROW_PX + 12;
  const font = palette.font.replace(/^\S+ /, '');
  return { width: WIDTH, height, background: palette.panel, font, plot: PLOT, shapes };
}

/** What chance gives, or no departure from it: as on the page while nothing is pointed at. */
function guideShapes(data: ChartData, y: Axis, palette: ChartPalette): PathShape[] {
  const py = toPixel(y);
  const right = PLOT.x + PLOT.width;
  return data
    .guides()
    .flatMap(({ at, half, dash, alpha }) => [
      ...(half > 0 && (!y.log || at > half)
        ? [path({ d: box(PLOT.x, py(at + half), right, py(at - half)), fill: palette.chanceBand, clipped: true })]
        : []),
      path({ d: `M${PLOT.x} ${n(py(at))}H${right}`, stroke: palette.chance, dash, alpha, clipped: true }),
    ]);
}

function lineShapes(data: ChartData, x: Axis, y: Axis): PathShape[] {
  const drawn = data.lines.filter((line) => !line.empty);
  const spreads = drawn.flatMap((line) => {
    if (line.lows === undefined || line.highs === undefined) return [];
    const pen = new PathText();
    traceArea(pen, line, line.lows, line.highs, x, y);
    return [path({ d: pen.text, fill: line.style.color, alpha: SPREAD_ALPHA * line.style.opacity, clipped: true })];
  });
  const lines = drawn.flatMap((line) => {
    const { color, dash, widthPx, opacity } = line.style;
    const trace = (column: typeof line.ys, points: LinePoints = line): string => {
      const pen = new PathText();
      traceLine(pen, points, column, x, y);
      return pen.text;
    };
    return [
      ...line.former.map((stretch) =>
        path({
          d: trace(stretch.shown, stretch),
          stroke: color,
          dash: FORMER_DASH,
          alpha: FORMER_ALPHA * opacity,
          clipped: true,
        }),
      ),
      ...(line.smooth === undefined
        ? []
        : [path({ d: trace(line.ys), stroke: color, alpha: RAW_ALPHA * opacity, clipped: true })]),
      path({ d: trace(line.shown), stroke: color, width: widthPx, dash, alpha: opacity, clipped: true }),
    ];
  });
  const seams = drawn.flatMap((line) =>
    seamPlaces(line).map((place, _index, all) => {
      const { color, opacity } = line.style;
      const at = n(toPixel(x)(place.x));
      const d = `M${at} ${y.from}V${seamHead(all.length, y, 1)}`;
      return path({ d, stroke: color, dash: [2, 3], alpha: opacity, clipped: true });
    }),
  );
  return [...spreads, ...lines, ...seams];
}

interface LegendEntry {
  label: string;
  stroke: Pick<PathShape, 'stroke' | 'width' | 'dash' | 'alpha'>;
}

/** The lines, then what chance gives for them as far as few have it in common. */
function legendEntries({ lines, nulls }: ChartData, palette?: ChartPalette): LegendEntry[] {
  return [
    ...lines.map(({ label, style: { color, widthPx, dash, opacity } }) => ({
      label,
      stroke: { stroke: color, width: widthPx, dash, alpha: opacity },
    })),
    ...namedNulls(nulls).map((each) => ({
      label: `chance ${formatNull(each)}`,
      stroke: { stroke: palette?.chance ?? '', width: 1, dash: [2, 3], alpha: 1 },
    })),
  ];
}

/** As wide as the longest label, which names the sweep where several are shown. */
function legendColumnPx(data: ChartData): number {
  const longest = Math.max(0, ...legendEntries(data).map(({ label }) => label.length));
  return Math.max(LEGEND_COLUMN_PX, LEGEND_SWATCH_PX + longest * CHARACTER_PX + LEGEND_GAP_PX);
}

function legendColumns(data: ChartData): number {
  return Math.max(1, Math.floor((WIDTH - 40) / legendColumnPx(data)));
}

function legend(data: ChartData, top: number, palette: ChartPalette): Figure['shapes'] {
  const [columns, columnPx] = [legendColumns(data), legendColumnPx(data)];
  return legendEntries(data, palette).flatMap(({ label, stroke }, index) => {
    const left = 20 + (index % columns) * columnPx;
    const at = top + Math.floor(index / columns) * LEGEND_ROW_PX;
    return [
      path({ d: `M${left} ${at}h22`, ...stroke }),
      text({ x: left + LEGEND_SWATCH_PX, y: at + 4, text: label, fill: palette.title }),
    ];
  });
}

/** Numbers to a hundredth of a pixel. */
function n(value: number): number {
  return Math.round(value * 100) / 100;
}

class PathText implements PathSink {
  text = '';

  moveTo(x: number, y: number): void {
    this.text += `M${n(x)} ${n(y)}`;
  }

  lineTo(x: number, y: number): void {
    this.text += `L${n(x)} ${n(y)}`;
  }
}

function box(left: number, top: number, right: number, bottom: number): string {
  return `M${n(left)} ${n(top)}H${n(right)}V${n(bottom)}H${n(left)}Z`;
}

function path(shape: Partial<PathShape> & { d: string }): PathShape {
  return { kind: 'path', stroke: '', fill: '', width: 1, dash: [], alpha: 1, clipped: false, ...shape };
}

function text(shape: Partial<TextShape> & Pick<TextShape, 'x' | 'y' | 'text' | 'fill'>): TextShape {
  return { kind: 'text', size: 11, bold: false, anchor: 'start', ...shape };
}
