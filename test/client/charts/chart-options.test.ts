/** The pure options builder: what uPlot is told, without uPlot. */
import type uPlot from 'uplot';
import { describe, expect, it, vi } from 'vitest';
import { type ChartInputs, chartOptions } from '../../../client/charts/chart-options.js';
import { backgroundHook } from '../../../client/charts/chart-background.js';
import { formatX } from '../../../client/charts/x-axis.js';
import { STANDARD_SETTINGS } from '../../../client/charts/chart-settings.js';
import { BAND } from '../../../shared/experiments/attention-cv/series.js';

const palette = {
  panel: '#000',
  title: '#fff',
  text: '#999',
  grid: '#222',
  gridMinor: '#111',
  band: '#0f01',
  bandEdge: '#0f08',
  chance: '#666666',
  chanceBand: '#d0e0ff14',
  font: '11px x',
};

function inputs(changes: Partial<ChartInputs> = {}): ChartInputs {
  return {
    metric: { banded: true, axis: 'linear' },
    axis: 'linear',
    settings: STANDARD_SETTINGS,
    ranges: { x: () => [0, 50], y: () => [0, 0.5] },
    palette,
    width: 300,
    height: 150,
    ...changes,
  };
}

const by = (x: string, xLog = false) => ({ ...STANDARD_SETTINGS, x, xLog });

type Range = () => unknown;
type Splits = (plot: null, axis: number, min: number, max: number) => number[];
type Values = (plot: null, ticks: number[]) => string[];

/** What uPlot would ask for; none of these look at the plot. */
function labels(options: uPlot.Options, axis: 0 | 1, min: number, max: number): string[] {
  const { splits, values } = options.axes![axis]!;
  return (values as unknown as Values)(null, (splits as unknown as Splits)(null, axis, min, max));
}

describe('chart options', () => {
  it('leave the ranges to the chart, whatever uPlot makes of the data', () => {
    let y = [0.1, 0.2] as const;
    const options = chartOptions(inputs({ ranges: { x: () => [5, 20], y: () => y } }));
    expect((options.scales?.x?.range as unknown as Range)()).toEqual([5, 20]);
    y = [0.3, 0.4] as unknown as typeof y;
    expect((options.scales?.y?.range as unknown as Range)()).toEqual([0.3, 0.4]);
    expect(options.scales?.x?.time).toBe(false);
  });

  it('leave room for half of the last epoch’s label', () => {
    let epochs = 50;
    const { padding } = chartOptions(inputs({ ranges: { x: () => [0, epochs], y: () => [0, 1] } }));
    const right = padding![1] as () => number;
    expect(right()).toBe(10);
    // As x grows, without new options.
    epochs = 1000;
    const thousand = right();
    expect(thousand).toBeGreaterThan(14);
    epochs = 100_000;
    expect(right()).toBeGreaterThan(thousand);
  });

  it('make either axis logarithmic on its own', () => {
    const scales = (changes: Partial<ChartInputs>) => {
      const { x, y } = chartOptions(inputs(changes)).scales!;
      return [x?.distr, y?.distr];
    };
    expect(scales({})).toEqual([undefined, undefined]);
    expect(scales({ axis: 'log' })).toEqual([undefined, 3]);
    expect(scales({ settings: by('epoch', true) })).toEqual([3, undefined]);
  });

  it('write epochs as whole numbers, time with its unit, and another series as its own axis would', () => {
    expect(labels(chartOptions(inputs()), 0, 0, 50)).toEqual(['0', '10', '20', '30', '40', '50']);
    expect(labels(chartOptions(inputs()), 0, 3, 8)).toEqual(['3', '4', '5', '6', '7', '8']);
    expect(labels(chartOptions(inputs({ settings: by('seconds') })), 0, 0, 100)).toEqual([
      '0 s',
      '25 s',
      '50 s',
      '75 s',
      '100 s',
    ]);
    expect(labels(chartOptions(inputs({ settings: by('seconds') })), 0, 0, 7200)).toEqual([
      '0 min',
      '25 min',
      '50 min',
      '75 min',
      '100 min',
    ]);
    expect(labels(chartOptions(inputs({ settings: by('loss', true) })), 0, 0.001, 3)).toEqual([
      '0.001',
      '0.01',
      '0.1',
      '1',
    ]);
    expect(labels(chartOptions(inputs({ axis: 'percent' })), 1, 0, 1)).toEqual(['0%', '25%', '50%', '75%', '100%']);
  });

  it('write steps that are no whole numbers as they are, and let the cursor be between them', () => {
    const whole = chartOptions(inputs());
    const parts = chartOptions(inputs({ hasWholeSteps: () => false, ranges: { x: () => [0, 2], y: () => [0, 1] } }));
    expect(labels(whole, 0, 0.2, 0.9)).toEqual(['1']);
    expect(labels(parts, 0, 0.2, 0.9)).toEqual(['0.2', '0.4', '0.6', '0.8']);
    expect(labels(parts, 0, 0, 20)).toEqual(['0', '5', '10', '15', '20']);
    const plot = { posToVal: (left: number) => left / 100, valToPos: (value: number) => value * 100 };
    const moved = ({ cursor }: uPlot.Options) => cursor!.move!(plot as unknown as uPlot, 130, 7);
    expect([moved(whole), moved(parts)]).toEqual([
      [100, 7],
      [130, 7],
    ]);
    expect([formatX('epoch', 1.23456, 'epoch', false), formatX('epoch', 1.2)]).toEqual(['epoch 1.235', 'epoch 1']);
  });

  it('keep the plot where it is while the ticks’ decimals change from two to four, and make room for more', () => {
    const size = chartOptions(inputs()).axes![1]!.size as unknown as (plot: null, labels: string[] | null) => number;
    const plain = size(null, null);
    expect(['0.2', '0.15', '0.125', '0.0885'].map((label) => size(null, [label]))).toEqual(Array(4).fill(plain));
    expect(size(null, ['0.08805'])).toBeGreaterThan(plain);
  });

  it('move cursors of charts with the same x in step, and tell others nothing of what is dragged', () => {
    const sync = chartOptions(inputs()).cursor?.sync;
    expect(sync).toMatchObject({ key: 'epoch', scales: ['x', null] });
    expect(chartOptions(inputs({ settings: by('loss') })).cursor?.sync?.key).toBe('loss');
    const told = (type: string) => sync?.filters?.pub?.(type, null as never, 0, 0, 0, 0, 0);
    expect(['mousemove', 'mouseleave', 'mousedown', 'mouseup', 'dblclick'].map(told)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it('let a drag choose a range of x without zooming by itself, and tell of a double click', () => {
    const reset = vi.fn();
    const { drag, bind } = chartOptions(inputs({ reset })).cursor!;
    expect(drag).toMatchObject({ x: true, y: false, setScale: false });
    bind!.dblclick!(null as never, null as never, () => null)!(null as never);
    expect(reset).toHaveBeenCalledTimes(1);
  });

  it('step the cursor from epoch to epoch, within what is shown', () => {
    const move = chartOptions(inputs({ ranges: { x: () => [2.5, 7.5], y: () => [0, 1] } })).cursor!.move!;
    const plot = { posToVal: (px: number) => 2.5 + px / 20, valToPos: (value: number) => (value - 2.5) * 20 };
    const left = (px: number) => move(plot as unknown as uPlot, px, 5)[0];
    expect([0, 12, 21, 100, -10].map(left)).toEqual([10, 10, 30, 90, -10]);
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
    backgroundHook({ band: BAND, xLog: false, yLog: false }, palette)(plot as unknown as uPlot);
    const [left, top, width, height] = plot.ctx.fillRect.mock.calls[0] as number[];
    expect([left, width]).toEqual([10, 200]);
    expect(top).toBeCloseTo(40, 6);
    expect(height).toBeCloseTo(34, 6);
    expect(plot.ctx.setLineDash).toHaveBeenCalled();
  });

  it('shades the band that was chosen, and one from 0 down to the foot of a log axis', () => {
    const plot = fakePlot(0, 0.5);
    backgroundHook({ band: { low: 0.2, high: 0.25 }, xLog: false, yLog: false }, palette)(plot as unknown as uPlot);
    expect((plot.ctx.fillRect.mock.calls[0] as number[])[1]).toBeCloseTo(50, 6);
    expect((plot.ctx.fillRect.mock.calls[0] as number[])[3]).toBeCloseTo(10, 6);
    const log = fakePlot(0.1, 0.5);
    log.valToPos = (value: number) => (value <= 0 ? Infinity : 40);
    backgroundHook({ band: { low: 0, high: 0.3 }, xLog: false, yLog: true }, palette)(log as unknown as uPlot);
    expect((log.ctx.fillRect.mock.calls[0] as number[])[3]).toBeGreaterThan(60);
  });

  it('draws the faint lines of a log axis unbroken, whatever dash was set before', () => {
    const plot = fakePlot(0.001, 3);
    backgroundHook({ band: null, xLog: false, yLog: true }, palette)(plot as unknown as uPlot);
    expect(plot.ctx.setLineDash.mock.calls).toEqual([[[]]]);
  });

  it('draws them beside the ticks alone, whose lines they would else darken', () => {
    const plot = fakePlot(0.35, 3);
    backgroundHook({ band: null, xLog: false, yLog: true }, palette)(plot as unknown as uPlot);
    const places = plot.ctx.moveTo.mock.calls.map(([, at]) => at as number);
    // 0.5, 1 and 2 have ticks.
    expect(places).toEqual([0.4, 0.6, 0.7, 0.8, 0.9].map((tick) => Math.round((100 * (3 - tick)) / 2.65) + 0.5));
  });

  it('shades nothing behind loss, whose values the band does not concern', () => {
    const plot = fakePlot(0.001, 3);
    backgroundHook({ band: null, xLog: false, yLog: true }, palette)(plot as unknown as uPlot);
    expect(plot.ctx.fillRect).not.toHaveBeenCalled();
    expect(plot.ctx.stroke).toHaveBeenCalled();
  });
});
