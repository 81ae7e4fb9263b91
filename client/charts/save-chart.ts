/** Saves one chart as it is drawn now: a picture with title and legend, or its numbers. */
import { ChartData, chartNotes } from './chart-data.js';
import { chartFigure } from './chart-figure.js';
import { chartCsv, chartFileName } from './chart-numbers.js';
import { readChartPalette } from './chart-palette.js';
import { type ChartSettings, type Range, shownRange } from './chart-settings.js';
import { excursions } from './clipped-range.js';
import type { ChartLine } from './drawn-line.js';
import { drawFigure, figureSvg } from './figure-writers.js';
import type { Metric } from './metric.js';
import type { FrameSource } from './metric-chart.js';
import { saveCsv, saveFile } from '../ui/save-file.js';

const CHART_FILES = ['png', 'svg', 'csv'] as const;
export type ChartFile = (typeof CHART_FILES)[number];

export function isChartFile(kind: string): kind is ChartFile {
  return (CHART_FILES as readonly string[]).includes(kind);
}

/** What charts are drawn from, and what a picture tells of them all. */
interface ChartHold {
  epochs: number;
  settings: ChartSettings;
  source: FrameSource;
  /** What is shown of x where charts do not share it. */
  ownRange?: Range | null;
  /** Numbers of all there is, whatever is shown of x. */
  all?: boolean;
  about?: string;
}

/** Canvas pixels per pixel of the figure, for screens and print alike. */
const SCALE = 2;

export function saveChart(
  kind: ChartFile,
  metric: Metric,
  lines: readonly ChartLine[],
  { epochs, settings, source, ownRange = null, all = false, about = '' }: ChartHold,
): void {
  const data = new ChartData(metric, lines, settings, epochs, (runId, series) => source.nullOf?.(runId, series));
  data.update((runId) => source.columns(runId));
  const zoom = all ? null : shownRange(settings, ownRange);
  const departs = metric.departs === true;
  const name = chartFileName(departs ? `${metric.name}-departure` : metric.name, settings.x, zoom, kind);
  const column = departs ? `${metric.name}:departure` : metric.name;
  if (kind === 'csv') return saveCsv(name, chartCsv(data, column, settings.x, zoom));
  const xRange = data.xRange(zoom);
  const beyond = settings.clip
    ? data.lines.reduce((sum, line) => sum + excursions(line, xRange, data.yRange(xRange)).values, 0)
    : 0;
  const notes = [...(about === '' ? [] : [about]), ...chartNotes(data, beyond)];
  const figure = chartFigure({ metric, data, settings, zoom, palette: readChartPalette(), notes });
  if (kind === 'svg') return saveFile(name, new Blob([figureSvg(figure)], { type: 'image/svg+xml' }));
  const canvas = document.createElement('canvas');
  canvas.width = figure.width * SCALE;
  canvas.height = figure.height * SCALE;
  const context = canvas.getContext('2d')!;
  context.scale(SCALE, SCALE);
  drawFigure(context, figure);
  canvas.toBlob((picture) => picture !== null && saveFile(name, picture));
}
