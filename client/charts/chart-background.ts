/** What is drawn behind the lines: the valid band as a quiet surface with dashed edges, and a log axis' faint lines. */
import type uPlot from 'uplot';
import type { Band } from './band.js';
import type { Guide } from './chance.js';
import type { ChartPalette } from './chart-palette.js';
import { logMinorTicks, logTicks } from './ticks.js';

/** Of what is said at an edge. */
const LABEL_PX = 10;

export interface Background {
  /** Null where the band means nothing. */
  band: Band | null;
  /** What chance gives; asked for whenever it is drawn. */
  guides?: () => readonly Guide[];
  xLog: boolean;
  yLog: boolean;
}

export function backgroundHook(
  { band, guides = () => [], xLog, yLog }: Background,
  palette: ChartPalette,
): (plot: uPlot) => void {
  return (plot) => {
    const { ctx } = plot;
    ctx.save();
    ctx.beginPath();
    ctx.rect(plot.bbox.left, plot.bbox.top, plot.bbox.width, plot.bbox.height);
    ctx.clip();
    if (band !== null) drawBand(plot, band, palette);
    for (const guide of guides()) drawGuide(plot, guide, palette);
    if (xLog) drawMinorGrid(plot, 'x', palette);
    if (yLog) drawMinorGrid(plot, 'y', palette);
    ctx.restore();
  };
}

function drawBand(plot: uPlot, band: Band, palette: ChartPalette): void {
  const { ctx, bbox } = plot;
  const top = plot.valToPos(band.high, 'y', true);
  // A log axis has no place for a lower edge of 0: the band then reaches down to the foot.
  const bottom = Math.min(plot.valToPos(band.low, 'y', true), bbox.top + bbox.height * 2);
  if (!Number.isFinite(top) || !Number.isFinite(bottom)) return;
  ctx.fillStyle = palette.band;
  ctx.fillRect(bbox.left, top, bbox.width, bottom - top);
  const pixel = devicePixelRatio;
  ctx.strokeStyle = palette.bandEdge;
  ctx.lineWidth = pixel;
  ctx.setLineDash([4 * pixel, 3 * pixel]);
  for (const edge of [top, bottom]) {
    ctx.beginPath();
    ctx.moveTo(bbox.left, Math.round(edge) + 0.5);
    ctx.lineTo(bbox.left + bbox.width, Math.round(edge) + 0.5);
    ctx.stroke();
  }
}

function drawGuide(plot: uPlot, { at, half, dash, alpha, label = '' }: Guide, palette: ChartPalette): void {
  const { ctx, bbox } = plot;
  const [middle, top, bottom] = [at, at + half, at - half].map((value) => plot.valToPos(value, 'y', true));
  if (!Number.isFinite(middle)) return;
  ctx.globalAlpha = alpha;
  if (half > 0 && Number.isFinite(bottom)) {
    ctx.fillStyle = palette.chanceBand;
    ctx.fillRect(bbox.left, top!, bbox.width, bottom! - top!);
  }
  const pixel = devicePixelRatio;
  ctx.strokeStyle = palette.chance;
  ctx.lineWidth = pixel;
  ctx.setLineDash(dash.map((length) => length * pixel));
  ctx.beginPath();
  ctx.moveTo(bbox.left, Math.round(middle!) + 0.5);
  ctx.lineTo(bbox.left + bbox.width, Math.round(middle!) + 0.5);
  ctx.stroke();
  ctx.globalAlpha = 1;
  if (label !== '') tellBeyond(plot, middle!, label, palette);
}

/** Where a level line is beyond an edge, the edge says so. */
function tellBeyond({ ctx, bbox }: uPlot, place: number, label: string, palette: ChartPalette): void {
  const [top, bottom] = [bbox.top, bbox.top + bbox.height];
  if (place >= top && place <= bottom) return;
  const pixel = devicePixelRatio;
  ctx.font = palette.font.replace(/^[\d.]+px/, `${LABEL_PX * pixel}px`);
  ctx.fillStyle = palette.text;
  ctx.textAlign = 'right';
  ctx.textBaseline = place < top ? 'top' : 'bottom';
  const words = `${label} ${place < top ? '↑' : '↓'}`;
  ctx.fillText(words, bbox.left + bbox.width - 3 * pixel, place < top ? top + 2 * pixel : bottom - 2 * pixel);
}

function drawMinorGrid(plot: uPlot, scale: 'x' | 'y', palette: ChartPalette): void {
  const { ctx, bbox } = plot;
  const { min, max } = plot.scales[scale] ?? {};
  if (min === undefined || max === undefined || !(min > 0)) return;
  // The dash of the line that was drawn last is still set.
  ctx.setLineDash([]);
  ctx.strokeStyle = palette.gridMinor;
  ctx.lineWidth = devicePixelRatio;
  ctx.beginPath();
  // Twice in one place they would be seen twice as much.
  const major = logTicks(min, max);
  for (const tick of logMinorTicks(min, max)) {
    if (major.some((each) => Math.abs(each / tick - 1) < 1e-6)) continue;
    const at = Math.round(plot.valToPos(tick, scale, true)) + 0.5;
    ctx.moveTo(scale === 'x' ? at : bbox.left, scale === 'x' ? bbox.top : at);
    ctx.lineTo(scale === 'x' ? at : bbox.left + bbox.width, scale === 'x' ? bbox.top + bbox.height : at);
  }
  ctx.stroke();
}
