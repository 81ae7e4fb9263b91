/** The pure options builder: what uPlot is told, without uPlot. */
import type uPlot from 'uplot';
import { describe, expect, it, vi } from 'vitest';
import { type ChartInputs, chartOptions } from '../../client/charts/chart-options.js';
import { backgroundHook } from '../../client/charts/chart-background.js';
import type { Metric } from '../../client/charts/metric.js';
import { linearTicks } from '../../client/charts/ticks.js';

const palette = { text: '#999', grid: '#222', gridMinor: '#111', band: '#0f01', bandEdge: '#0f08', font: '11px x' };
const cvMetric: Metric = { name: 'emb', note: '256 × dim', axis: 'linear', banded: true };
const lossMetric: Metric = { name: 'loss', note: '', axis: 'log', banded: false };

function inputs(changes: Partial<ChartInputs> = {}): ChartInputs {
  return {
    metric: cvMetric,
    runs: [
      { label: '64 × 1', style: { color: 'oklch(0.8 0.1 257)', dash: [], widthPx: 1.5, opacity: 1 }, show: true },
      { label: '64 × 2', style: { color: 'oklch(0.7 0.1 257)', dash: [6, 4], widthPx: 1.5, opacity: 1 }, show: true },
    ],
    epochs: 50,
    palette,
    width: 300,
    height: 150,
    ...changes,
  };
}

type Range = (plot: null, min: number | null, max: number | null) => unknown;

/** Calls what uPlot would call; none of these look at the plot. */
function rangeOf(options: uPlot.Options, scale: 'x' | 'y', min: number | null, max: number | null): unknown {
  const range = options.scales?.[scale]?.range as unknown as Range;
  return range(null, min, max);
}

describe('chart options', () => {
  it('give each run its colour, dash and width, in order after the epoch', () => {
    const series = chartOptions(inputs()).series;
    expect(series).toHaveLength(3);
    expect(series[2]).toMatchObject({ label: '64 × 2', stroke: 'oklch(0.7 0.1 257)', dash: [6, 4], width: 1.5 });
  });

  it('hold the epoch axis at the whole training, so that it stands still while lines grow', () => {
    expect(rangeOf(chartOptions(inputs()), 'x', 0, 7)).toEqual([0, 50]);
    expect(rangeOf(chartOptions(inputs({ epochs: 0 })), 'x', 0, 0)).toEqual([0, 1]);
    expect(chartOptions(inputs()).scales?.x?.time).toBe(false);
  });

  it('fit the CV axis to the data with some air, and do not blow rounding up into movement', () => {
    const [low, high] = rangeOf(chartOptions(inputs()), 'y', 0.1, 0.2) as [number, number];
    expect(low).toBeCloseTo(0.092, 6);
    expect(high).toBeCloseTo(0.208, 6);
    const [flatLow, flatHigh] = rangeOf(chartOptions(inputs()), 'y', 0.2, 0.2000001) as [number, number];
    expect(flatHigh - flatLow).toBeGreaterThan(0.001);
  });

  it('show a series of nothing but zeros as a line near the foot, with ticks above it', () => {
    const [low, high] = rangeOf(chartOptions(inputs()), 'y', 0, 0) as [number, number];
    expect(low).toBeLessThan(0);
    expect(linearTicks(low, high).filter((tick) => tick >= 0).length).toBeGreaterThanOrEqual(2);
  });

  it('leave room for half of the last epoch’s label', () => {
    const right = (epochs: number) => (chartOptions(inputs({ epochs })).padding as number[])[1]!;
    expect(right(50)).toBe(10);
    expect(right(1000)).toBeGreaterThan(14);
    expect(right(100_000)).toBeGreaterThan(right(1000));
  });

  it('draw loss on a log axis whose range stays positive', () => {
    const options = chartOptions(inputs({ metric: lossMetric }));
    expect(options.scales?.y?.distr).toBe(3);
    const [low, high] = rangeOf(options, 'y', 0.003, 2.3) as [number, number];
    expect(low).toBeGreaterThan(0);
    expect(low).toBeLessThan(0.003);
    expect(high).toBeGreaterThan(2.3);
  });

  it('have a range also before any data', () => {
    expect(rangeOf(chartOptions(inputs()), 'y', null, null)).toEqual([0, 1]);
    expect(rangeOf(chartOptions(inputs({ metric: lossMetric })), 'y', null, null)).toEqual([0.1, 10]);
  });

  it('move cursors of all charts in step by epoch alone', () => {
    const sync = chartOptions(inputs()).cursor?.sync;
    expect(sync).toMatchObject({ key: 'epoch', scales: ['x', null] });
    expect(sync?.key).toBe(chartOptions(inputs({ metric: lossMetric })).cursor?.sync?.key);
  });
});

describe('chart background', () => {
  /** A plot whose y axis runs from `min` at 100 px to `max` at 0 px. */
  function fakePlot(min: number, max: number) {
    const ctx = {
      save: vi.fn(),
      restore: vi.fn(),
      beginPath: vi.fn(),
      rect: vi.fn(),
      clip: vi.fn(),
      fillRect: vi.fn(),
      moveTo: vi.fn(),
      lineTo: vi.fn(),
      stroke: vi.fn(),
      setLineDash: vi.fn(),
    };
    return {
      ctx,
      bbox: { left: 10, top: 0, width: 200, height: 100 },
      scales: { y: { min, max } },
      valToPos: (value: number) => (100 * (max - value)) / (max - min),
    };
  }

  it('shades the band from 0.13 to 0.30 behind CV series', () => {
    const plot = fakePlot(0, 0.5);
    backgroundHook(cvMetric, palette)(plot as unknown as uPlot);
    const [left, top, width, height] = plot.ctx.fillRect.mock.calls[0] as number[];
    expect([left, width]).toEqual([10, 200]);
    expect(top).toBeCloseTo(40, 6);
    expect(height).toBeCloseTo(34, 6);
    expect(plot.ctx.setLineDash).toHaveBeenCalled();
  });

  it('draws the faint lines of a log axis unbroken, whatever dash was set before', () => {
    const plot = fakePlot(0.001, 3);
    backgroundHook(lossMetric, palette)(plot as unknown as uPlot);
    expect(plot.ctx.setLineDash.mock.calls).toEqual([[[]]]);
  });

  it('shades nothing behind loss, whose values the band does not concern', () => {
    const plot = fakePlot(0.001, 3);
    backgroundHook(lossMetric, palette)(plot as unknown as uPlot);
    expect(plot.ctx.fillRect).not.toHaveBeenCalled();
    expect(plot.ctx.stroke).toHaveBeenCalled();
  });
});
