/**
 * A chart while it is in view: uPlot with its axes, cursor and zoom, the lines that are painted into it, and the dot on
 * the highlighted one. The element decides when it is made, fed, resized and destroyed.
 */
import uPlot from 'uplot';
import type { NullOf } from './chance.js';
import { ChartData, chartNotes } from './chart-data.js';
import { chartOptions } from './chart-options.js';
import { ChartPainter, seamPlaces, lineMoves, rangeMoves } from './chart-painter.js';
import { readChartPalette } from './chart-palette.js';
import type { ChartSettings, Range } from './chart-settings.js';
import { type ChartLine, type ColumnsOf, type DrawnLine, stepWord } from './drawn-line.js';
import type { Metric } from './metric.js';
import { pointAt, nearestRuns } from './nearest.js';
import type { PointedPlace, PointedRow, Pointing } from './pointing.js';
import type { Axis } from './projection.js';
import { formatX } from './x-axis.js';

export interface PlotInputs {
  metric: Metric;
  lines: readonly ChartLine[];
  epochs: number;
  settings: ChartSettings;
  zoom: Range | null;
  columnsOf: ColumnsOf;
  nullOf: NullOf;
  pointing: Pointing;
  width: number;
  height: number;
  /** Told that lines were painted, after uPlot's own time: only then it is known what is beyond the edges. */
  painted: () => void;
  /** Told of a range that was dragged out, or of null for all. */
  zoomed: (range: Range | null) => void;
}

/** So many lines are told at once, and one more for each of these pixels that a larger chart is high. */
const LEAST_TOLD = 6;
const TOLD_PX = 30;
/** A seam this near to the cursor's line is explained. */
const SEAM_REACH_PX = 6;

export class ChartPlot {
  readonly data: ChartData;
  readonly #inputs: PlotInputs;
  readonly #painter: ChartPainter;
  readonly #plot: uPlot;
  readonly #marker = document.createElement('div');
  readonly #box: HTMLElement;
  /** Whether what is below a pointer at rest may be something else once it is painted. */
  #moved = true;
  #zoom: Range | null;
  #x: Range;
  #y: Range;
  /** The axes that lines were painted on last, and how many points of each. */
  #painted: { x: Axis; y: Axis; points: ReadonlyMap<DrawnLine, { count: number; order: number }> } | undefined;

  constructor(inputs: PlotInputs, box: HTMLElement) {
    const { metric, lines, settings, epochs } = inputs;
    this.#inputs = inputs;
    this.#box = box;
    this.#zoom = inputs.zoom;
    this.data = new ChartData(metric, lines, settings, epochs, inputs.nullOf);
    this.data.update(inputs.columnsOf);
    this.#x = this.data.xRange(this.#zoom);
    this.#y = this.data.yRange(this.#x);
    this.#painter = new ChartPainter(this.data, settings.clip);
    const options = chartOptions({
      metric,
      axis: this.data.axis,
      settings,
      ranges: { x: () => this.#x, y: () => this.#y },
      palette: readChartPalette(),
      hasWholeSteps: () => this.data.hasWholeSteps,
      guides: () => this.data.guides(this.#highlighted),
      width: inputs.width,
      height: inputs.height,
      hooks: {
        setCursor: [() => this.#cursorMoved()],
        setSelect: [(plot) => this.#dragged(plot)],
        draw: [(plot) => this.#paint(plot)],
      },
      reset: () => inputs.zoomed(null),
    });
    this.#plot = new uPlot(options, this.#extent, box);
    this.#marker.className = 'marker';
    this.#marker.hidden = true;
    this.#plot.over.append(this.#marker);
    // A finger leaves before the mouse events that its tap is turned into: these leave when something else is tapped.
    for (const left of ['pointerleave', 'mouseleave'])
      this.#plot.over.addEventListener(left, () => inputs.pointing.leave());
  }

  /** What the chart says of what it does not show. */
  get notes(): string[] {
    return chartNotes(this.data, this.#painter.beyond);
  }

  /** Draws what the columns have beyond the last time, as far as it can be seen. */
  update(): void {
    if (!this.data.update(this.#inputs.columnsOf)) return;
    if (this.#looksDifferent()) this.#fit();
    else this.#pointAgain();
  }

  /** Draws what chance gives, where that has become known. */
  updateNulls(): void {
    if (this.data.updateNulls()) this.#fit();
  }

  zoom(range: Range | null): void {
    this.#zoom = range;
    this.#fit();
  }

  resize(width: number, height: number): void {
    if (this.#plot.width === width && this.#plot.height === height) return;
    this.#moved = true;
    this.#plot.setSize({ width, height });
  }

  /** Lifts the highlighted run's line and fades the others; while none is highlighted all are equal. */
  highlight(): void {
    this.#plot.redraw(false, false);
    this.#moveMarker();
  }

  destroy(): void {
    this.#plot.destroy();
  }

  #looksDifferent(): boolean {
    if (this.#painted === undefined) return true;
    const { x, y, points } = this.#painted;
    const range = this.data.xRange(this.#zoom);
    if (rangeMoves(x, range) || rangeMoves(y, this.data.yRange(range))) return true;
    return this.data.lines.some((line) => {
      const drawn = points.get(line);
      return lineMoves(line, drawn?.order === line.order ? drawn.count : 0, x, y);
    });
  }

  #fit(): void {
    this.#x = this.data.xRange(this.#zoom);
    this.#y = this.data.yRange(this.#x);
    this.#moved = true;
    this.#plot.setData(this.#extent);
    this.#moveMarker();
  }

  /** All that uPlot needs to know of the data. */
  get #extent(): uPlot.AlignedData {
    return [[...this.#x], [null, null]];
  }

  #paint(plot: uPlot): void {
    const { left, top, width, height } = plot.bbox;
    const area = this.#axes({ left, right: left + width, top, bottom: top + height });
    this.#painter.paint(plot.ctx, { ...area, ratio: devicePixelRatio }, this.#highlighted);
    this.#painted = {
      ...area,
      points: new Map(this.data.lines.map((line) => [line, { count: line.xs.length, order: line.order }])),
    };
    this.#inputs.painted();
    if (!this.#moved) return;
    this.#moved = false;
    this.#pointAgain();
  }

  /** Tells what a pointer at rest points at now: the chart has changed below it, and no event says so. */
  #pointAgain(): void {
    const { pointing } = this.#inputs;
    const { pointer } = pointing;
    if (pointer?.chart !== this.#box) return;
    const over = this.#plot.over.getBoundingClientRect();
    const [left, top] = [pointer.x - over.left, pointer.y - over.top];
    if (left < 0 || top < 0 || left > over.width || top > over.height) pointing.leave();
    else this.#plot.setCursor({ left, top });
  }

  #axes(box: { left: number; right: number; top: number; bottom: number }): { x: Axis; y: Axis } {
    const [[xMin, xMax], [yMin, yMax]] = [this.#x, this.#y];
    return {
      x: { min: xMin, max: xMax, log: this.#inputs.settings.xLog, from: box.left, to: box.right },
      y: { min: yMin, max: yMax, log: this.data.axis === 'log', from: box.bottom, to: box.top },
    };
  }

  /** In CSS pixels, from the plot's own corner. */
  get #cssAxes(): { x: Axis; y: Axis } {
    const { width, height } = this.#plot.bbox;
    return this.#axes({ left: 0, right: width / devicePixelRatio, top: 0, bottom: height / devicePixelRatio });
  }

  get #highlighted(): DrawnLine | undefined {
    const highlighted = this.#inputs.pointing.highlighted.value;
    return this.data.lines.find((line) => !line.empty && line.runs.some(({ id }) => id === highlighted));
  }

  #dragged(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width <= 0) return;
    const [from, to] = [plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')];
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.#inputs.zoomed([tidy(from, to - from), tidy(to, to - from)]);
  }

  /** The point of a line at the cursor, wherever the cursor was moved from. */
  #pointOf(line: DrawnLine): number | undefined {
    const { left = -1, top = 0 } = this.#plot.cursor;
    if (left < 0) return undefined;
    return pointAt(line, this.#inputs.settings.x, { left, top, x: this.#plot.posToVal(left, 'x') }, this.#cssAxes);
  }

  #cursorMoved(): void {
    this.#moveMarker();
    const plot = this.#plot;
    const { left, top } = plot.cursor;
    // Charts in step move their cursors too; only the one under the pointer explains itself.
    const { metric, pointing, settings } = this.#inputs;
    const isPointedAt = plot.over.matches(':hover') || pointing.pointer?.chart === this.#box;
    if (!isPointedAt || left === undefined || top === undefined || left < 0) return;
    const points = this.data.lines.map((line) => ({ line, index: this.#pointOf(line) }));
    const candidates = points.flatMap(({ line, index }) => {
      if (index === undefined) return [];
      const value = line.shown.values[index]!;
      return [{ line, index, value, topPx: plot.valToPos(value, 'y') }];
    });
    const most = Math.max(LEAST_TOLD, Math.floor(plot.height / TOLD_PX));
    const { rows, more, pointed } = nearestRuns(candidates, top, most);
    const { left: overLeft, top: overTop } = plot.over.getBoundingClientRect();
    const x = plot.posToVal(left, 'x');
    const events = this.#eventsAt(left);
    const { hasWholeSteps } = this.data;
    const place: PointedPlace = {
      metric,
      at: formatX(settings.x, x, stepWord(this.#inputs.lines), hasWholeSteps),
      epoch: settings.x === 'epoch' && hasWholeSteps ? Math.round(x) : undefined,
      more,
      rows: rows.map(({ line, index }): PointedRow => ({ line, point: line.point(index) })),
      without: points.flatMap(({ line, index }) => (index === undefined ? line.runs.map(({ id }) => id) : [])),
      events,
      x: overLeft + left,
      y: overTop + top,
    };
    // Whoever has highlighted another line by keys meanwhile keeps it, as long as it is there.
    const { x: beforeX, y: beforeY } = pointing.pointer ?? {};
    const rests = beforeX === place.x && beforeY === place.y;
    if (!rests || this.#highlighted === undefined) pointing.highlighted.value = pointed?.line.id ?? null;
    pointing.pointer = { chart: this.#box, x: place.x, y: place.y };
    const reasons = place.epoch === undefined ? [] : place.without;
    pointing.place.value = [rows, events, reasons].every(({ length }) => length === 0) ? null : place;
  }

  #eventsAt(left: number): string[] {
    return this.data.lines.flatMap((line) =>
      seamPlaces(line)
        .filter(({ x }) => Math.abs(this.#plot.valToPos(x, 'x') - left) <= SEAM_REACH_PX)
        .map(({ words }) => `${line.label}: ${words}`),
    );
  }

  /** The dot where the highlighted run's line meets the cursor. */
  #moveMarker(): void {
    const line = this.#highlighted;
    const index = line === undefined ? undefined : this.#pointOf(line);
    this.#marker.hidden = index === undefined;
    if (line === undefined || index === undefined) return;
    const [left, top] = [
      this.#plot.valToPos(line.xs[index]!, 'x'),
      this.#plot.valToPos(line.shown.values[index]!, 'y'),
    ];
    this.#marker.style.background = line.style.color;
    this.#marker.style.transform = `translate(${left}px, ${top}px)`;
  }
}

/** A dragged edge to six figures of what was dragged over: more would only lengthen the address. */
function tidy(value: number, span: number): number {
  const shared = Math.max(0, Math.floor(Math.log10(Math.abs(value) / span)));
  return Number(value.toPrecision(Math.min(15, 6 + (Number.isFinite(shared) ? shared : 0))));
}
