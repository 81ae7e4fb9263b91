/** What is drawn behind the lines: the valid band as a quiet surface with dashed edges, and a log axis' faint lines. */
import type uPlot from 'uplot';
import { BAND } from '../../shared/series.js';
import type { ChartPalette } from './chart-palette.js';
import type { Metric } from './metric.js';
import { logMinorTicks } from './ticks.js';

export function backgroundHook(metric: Metric, palette: ChartPalette): (plot: uPlot) => void {
  return (plot) => {
    const { ctx } = plot;
    ctx.save();
    ctx.beginPath();
    ctx.rect(plot.bbox.left, plot.bbox.top, plot.bbox.width, plot.bbox.height);
    ctx.clip();
    if (metric.banded) drawBand(plot, palette);
    if (metric.axis === 'log') drawMinorGrid(plot, palette);
    ctx.restore();
  };
}

function drawBand(plot: uPlot, palette: ChartPalette): void {
  const { ctx, bbox } = plot;
  const top = plot.valToPos(BAND.high, 'y', true);
  const bottom = plot.valToPos(BAND.low, 'y', true);
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

function drawMinorGrid(plot: uPlot, palette: ChartPalette): void {
  const { ctx, bbox } = plot;
  const { min, max } = plot.scales.y ?? {};
  if (min === undefined || max === undefined || !(min > 0)) return;
  // The dash of the line that was drawn last is still set.
  ctx.setLineDash([]);
  ctx.strokeStyle = palette.gridMinor;
  ctx.lineWidth = devicePixelRatio;
  ctx.beginPath();
  for (const tick of logMinorTicks(min, max)) {
    const y = Math.round(plot.valToPos(tick, 'y', true)) + 0.5;
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
  }
  ctx.stroke();
}
