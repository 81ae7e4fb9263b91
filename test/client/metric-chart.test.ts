/** The chart element's three decisions: which of uPlot's calls follows which change. uPlot itself is not asked. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MetricChart as MetricChartElement } from '../../client/charts/metric-chart.js';
import { Pointing } from '../../client/charts/pointing.js';
import { RunColumns } from '../../client/state/run-columns.js';
import { Trajectories } from '../../client/state/trajectories.js';

const plots: FakePlot[] = [];

class FakePlot {
  over = document.createElement('div');
  series: { alpha: number; width: number; show: boolean }[];
  cursor = {};
  setSize = vi.fn((size: { width: number; height: number }) => Object.assign(this, size));
  setData = vi.fn();
  redraw = vi.fn();
  destroy = vi.fn();
  width: number;
  height: number;
  data: unknown[];
  constructor(options: { width: number; height: number; series: { show?: boolean }[] }, data: unknown[]) {
    this.width = options.width;
    this.height = options.height;
    this.series = options.series.map(({ show = true }) => ({ alpha: 1, width: 1, show }));
    this.data = data;
    plots.push(this);
  }
}
vi.mock('uplot', () => ({ default: FakePlot }));
await import('../../client/charts/metric-chart.js');

let seen: (inView: boolean) => void;
let resized: () => void;
let frame: () => void;
let size = { width: 300, height: 150 };

const style = { color: 'red', dash: [], widthPx: 1.5, opacity: 1 };
const config = { epochs: 50, every: 1 };
const lines = ['a', 'b', 'c'].map((id) => ({ id, label: id, style, config }));

async function chart() {
  const trajectories = new Trajectories({ subscribe: () => () => undefined, unsubscribe: () => undefined });
  const held = new RunColumns(['epoch', 'seconds', 'loss', 'accuracy', 'emb']);
  held.append(new Float32Array([0, 0, NaN, 0.1, 0.2]), 0);
  const holding = new Set(['a', 'b']);
  vi.spyOn(trajectories, 'columns').mockImplementation((runId) => (holding.has(runId) ? held : undefined));
  const told: ((runId: string) => void)[] = [];
  vi.spyOn(trajectories, 'onFrames').mockImplementation((listener) => {
    told.push(listener);
    return () => undefined;
  });
  const element: MetricChartElement = document.createElement('metric-chart');
  const pointing = new Pointing();
  Object.assign(element, {
    metric: { name: 'emb', note: '', axis: 'linear', banded: true },
    lines,
    epochs: 50,
    trajectories,
    pointing,
  });
  document.body.append(element);
  await element.updateComplete;
  const box = element.renderRoot.querySelector('.plot')!;
  Object.defineProperty(box, 'clientWidth', { get: () => size.width });
  Object.defineProperty(box, 'clientHeight', { get: () => size.height });
  const framesArrive = (runId: string) => told.forEach((listener) => listener(runId));
  return { element, pointing, framesArrive, hold: (runId: string) => holding.add(runId) };
}

beforeEach(() => {
  plots.length = 0;
  size = { width: 300, height: 150 };
  const due: (() => void)[] = [];
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => due.push(callback));
  frame = () => due.splice(0).forEach((callback) => callback());
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      observe = vi.fn();
      disconnect = vi.fn();
      constructor(callback: (entries: { isIntersecting: boolean }[]) => void) {
        seen = (isIntersecting) => callback([{ isIntersecting }]);
      }
    },
  );
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe = vi.fn();
      disconnect = vi.fn();
      constructor(callback: () => void) {
        resized = callback;
      }
    },
  );
});

afterEach(() => {
  document.body.replaceChildren();
  frame();
  vi.unstubAllGlobals();
});

describe('metric chart', () => {
  it('exists only while in view', async () => {
    await chart();
    frame();
    expect(plots).toHaveLength(0);
    seen(true);
    frame();
    expect(plots).toHaveLength(1);
    seen(false);
    expect(plots[0]!.destroy).toHaveBeenCalledTimes(1);
    seen(true);
    frame();
    expect(plots).toHaveLength(2);
  });

  it('answers many frames of its runs with one setData an animation frame, and other runs with none', async () => {
    const { framesArrive } = await chart();
    seen(true);
    frame();
    framesArrive('stranger');
    frame();
    expect(plots[0]!.setData).not.toHaveBeenCalled();
    for (let i = 0; i < 100; i++) framesArrive(i % 2 ? 'a' : 'b');
    frame();
    expect(plots[0]!.setData).toHaveBeenCalledTimes(1);
    expect(plots[0]!.setSize).not.toHaveBeenCalled();
    expect(plots).toHaveLength(1);
  });

  it('shows a run from its first value on', async () => {
    const { framesArrive, hold } = await chart();
    seen(true);
    frame();
    const shown = () => plots[0]!.series.slice(1).map(({ show }) => show);
    expect(shown()).toEqual([true, true, false]);
    hold('c');
    framesArrive('c');
    frame();
    expect(shown()).toEqual([true, true, true]);
    expect(plots).toHaveLength(1);
  });

  it('answers a new size with setSize, and loses no data that came with it', async () => {
    const { framesArrive } = await chart();
    seen(true);
    frame();
    size = { width: 420, height: 150 };
    resized();
    framesArrive('a');
    frame();
    expect(plots[0]!.setSize.mock.calls).toEqual([[{ width: 420, height: 150 }]]);
    expect(plots[0]!.setData).toHaveBeenCalledTimes(1);
    resized();
    frame();
    expect(plots[0]!.setSize).toHaveBeenCalledTimes(1);
    expect(plots).toHaveLength(1);
  });

  it('is rebuilt when its lines or the theme change', async () => {
    const { element } = await chart();
    seen(true);
    frame();
    element.lines = lines.slice(0, 1);
    await element.updateComplete;
    frame();
    expect(plots).toHaveLength(2);
    expect(plots[0]!.destroy).toHaveBeenCalledTimes(1);
    expect(plots[1]!.series).toHaveLength(2);
    element.theme = 'light';
    await element.updateComplete;
    frame();
    expect(plots).toHaveLength(3);
  });

  it('lifts the lit run and fades the others without touching the data; with none to be seen all are equal', async () => {
    const { pointing } = await chart();
    seen(true);
    frame();
    const plot = plots[0]!;
    pointing.lit.set('b');
    frame();
    expect(plot.series[2]!.alpha).toBe(1);
    expect(plot.series[2]!.width).toBeGreaterThan(style.widthPx);
    expect(plot.series[1]!.alpha).toBeLessThan(0.5);
    for (const unseen of ['a run that is not drawn here', 'c', null]) {
      pointing.lit.set(unseen);
      frame();
      expect(plot.series.slice(1).map(({ alpha }) => alpha)).toEqual([1, 1, 1]);
    }
    expect(plot.setData).not.toHaveBeenCalled();
  });

  it('has a name for those who cannot see it', async () => {
    const { element } = await chart();
    expect(element.renderRoot.querySelector('[role=img]')?.getAttribute('aria-label')).toContain('emb by epoch');
  });
});
