/** The chart element's decisions: which of uPlot's calls follows which change. uPlot itself is not asked. */
import { signal } from '@preact/signals-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { STANDARD_SETTINGS } from '../../../client/charts/chart-settings.js';
import type { ChartZoom, MetricChart as MetricChartElement } from '../../../client/charts/metric-chart.js';
import { Pointing } from '../../../client/charts/pointing.js';
import { RunColumns } from '../../../client/data/run-columns.js';
import { Trajectories } from '../../../client/data/trajectories.js';
import { appendRows } from '../../support/frame-rows.js';

interface Options {
  width: number;
  height: number;
  scales: { x: { range: () => number[] }; y: { range: () => number[] } };
  hooks: { setSelect: ((plot: FakePlot) => void)[]; draw: ((plot: FakePlot) => void)[] };
  cursor: { bind: { dblclick: () => () => null } };
}

const plots: FakePlot[] = [];

class FakePlot {
  over = document.createElement('div');
  cursor = {};
  select = { left: 0, width: 0 };
  bbox = { left: 0, top: 0, width: 300, height: 150 };
  setSize = vi.fn((size: { width: number; height: number }) => Object.assign(this, size));
  setData = vi.fn();
  setSelect = vi.fn();
  redraw = vi.fn();
  destroy = vi.fn();
  posToVal = (px: number) => px / 6;
  width: number;
  height: number;
  readonly options: Options;
  constructor(options: Options) {
    this.options = options;
    this.width = options.width;
    this.height = options.height;
    plots.push(this);
  }
  get xRange(): number[] {
    return this.options.scales.x.range();
  }
  drag(left: number, width: number): void {
    this.select = { left, width };
    for (const hook of this.options.hooks.setSelect) hook(this);
  }
}
vi.mock('uplot', () => ({ default: FakePlot }));
await import('../../../client/charts/metric-chart.js');

let seen: (inView: boolean) => void;
let resized: () => void;
let frame: () => void;
/** How often something was begun to be observed. */
let observed = 0;
let size = { width: 300, height: 150 };

const style = { color: 'red', dash: [], widthPx: 1.5, opacity: 1 };
const config = { epochs: 50, every: 1 };
const lines = ['a', 'b', 'c'].map((id) => ({ id, label: id, style, config }));

async function chart() {
  const trajectories = new Trajectories({ subscribe: () => () => undefined, unsubscribe: () => undefined });
  const held = new RunColumns(['seconds', 'loss', 'accuracy', 'emb']);
  appendRows(held, [0, NaN, 0.1, 0.2]);
  const holding = new Set(['a', 'b']);
  vi.spyOn(trajectories, 'columns').mockImplementation((runId) =>
    holding.has(runId) ? (runId === 'c' ? more : held) : undefined,
  );
  const more = new RunColumns(held.names);
  appendRows(more, [0, NaN, 0.1, 0.9]);
  const listeners = new Set<(runId: string) => void>();
  vi.spyOn(trajectories, 'onFrames').mockImplementation((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
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
  const framesArrive = (runId: string) => {
    appendRows(held, [0, NaN, 0.1, 0.2]);
    listeners.forEach((listener) => listener(runId));
  };
  const grow = (rows: number, emb: number) => {
    for (let row = 0; row < rows; row++) appendRows(held, [0, NaN, 0.1, emb]);
  };
  return { element, pointing, framesArrive, grow, listeners, hold: (runId: string) => holding.add(runId) };
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
      observe = vi.fn(() => observed++);
      disconnect = vi.fn();
      constructor(callback: (entries: { isIntersecting: boolean }[]) => void) {
        seen = (isIntersecting) => callback([{ isIntersecting }]);
      }
    },
  );
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe = vi.fn(() => observed++);
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

  it('listens to the source it is given last', async () => {
    const { element, framesArrive, listeners } = await chart();
    seen(true);
    frame();
    const others = new Set<(runId: string) => void>();
    const other = {
      columns: () => undefined,
      onFrames: vi.fn((told: (runId: string) => void) => (others.add(told), () => others.delete(told))),
    };
    Object.assign(element, { trajectories: other });
    await element.updateComplete;
    frame();
    expect([listeners.size, others.size, plots.length]).toEqual([0, 1, 2]);
    framesArrive('a');
    element.remove();
    expect(others.size).toBe(0);
  });

  it('is not watched while it is known to be far from view, and gone at once when it comes to be', async () => {
    const { element } = await chart();
    seen(true);
    frame();
    element.near = false;
    expect(plots[0]!.destroy).toHaveBeenCalledTimes(1);
    element.remove();
    const before = observed;
    document.body.append(element);
    expect(observed).toBe(before);
    element.near = true;
    expect(observed).toBe(before + 2);
  });

  it('fits y to a run from its first value on', async () => {
    const { framesArrive, hold } = await chart();
    seen(true);
    frame();
    const high = plots[0]!.options.scales.y.range()[1]!;
    hold('c');
    framesArrive('c');
    frame();
    expect(plots[0]!.setData).toHaveBeenCalledTimes(1);
    expect(plots[0]!.options.scales.y.range()[1]).toBeGreaterThan(high + 0.5);
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

  it('is rebuilt when its lines, the theme or the way of drawing change', async () => {
    const { element } = await chart();
    seen(true);
    frame();
    element.lines = lines.slice(0, 1);
    await element.updateComplete;
    frame();
    expect(plots).toHaveLength(2);
    expect(plots[0]!.destroy).toHaveBeenCalledTimes(1);
    element.theme = 'light';
    await element.updateComplete;
    frame();
    expect(plots).toHaveLength(3);
    element.settings = { ...STANDARD_SETTINGS, smoothing: 0.5 };
    await element.updateComplete;
    frame();
    expect(plots).toHaveLength(4);
  });

  it('draws a null that becomes known into the chart that is there; one of departures is rebuilt', async () => {
    const { element } = await chart();
    const known = signal<{ cv: number; sd: number } | undefined>(undefined);
    element.trajectories = { columns: () => undefined, onFrames: () => () => undefined, nullOf: () => known.value };
    await element.updateComplete;
    seen(true);
    frame();
    known.value = { cv: 0.2, sd: 0.01 };
    frame();
    expect(plots).toHaveLength(1);
    expect(plots[0]!.setData).toHaveBeenCalledTimes(1);
    element.metric = { ...element.metric, departs: true };
    await element.updateComplete;
    frame();
    expect(plots).toHaveLength(2);
    known.value = { cv: 0.3, sd: 0.01 };
    frame();
    expect(plots).toHaveLength(3);
  });

  it('zooms to what is dragged out and back at a double click, without a rebuild', async () => {
    const { element } = await chart();
    element.addEventListener('chart-zoom', (event) => {
      const { name, range, shared } = (event as CustomEvent<ChartZoom>).detail;
      expect([name, shared]).toEqual(['emb', false]);
      element.ownRange = range;
    });
    seen(true);
    frame();
    const plot = plots[0]!;
    plot.drag(60, 120);
    await element.updateComplete;
    frame();
    expect(plot.xRange).toEqual([10, 30]);
    expect(plot.setData).toHaveBeenCalledTimes(1);
    // The selection itself goes: the range has taken its place.
    expect(plot.setSelect).toHaveBeenCalledWith({ left: 0, top: 0, width: 0, height: 0 }, false);
    plot.options.cursor.bind.dblclick()();
    await element.updateComplete;
    frame();
    expect(plot.xRange).toEqual([0, 5]);
    expect(plots).toHaveLength(1);
  });

  it('asks its view where charts share their range, and shows what the view then says', async () => {
    const { element } = await chart();
    element.settings = { ...STANDARD_SETTINGS, shared: true };
    await element.updateComplete;
    seen(true);
    frame();
    const asked = vi.fn();
    document.body.addEventListener('chart-zoom', (event) => void asked((event as CustomEvent<unknown>).detail));
    plots[0]!.drag(60, 120);
    frame();
    expect(asked.mock.calls).toEqual([[{ name: 'emb', range: [10, 30], shared: true }]]);
    expect(plots[0]!.xRange).toEqual([0, 5]);
    element.settings = { ...element.settings, range: [10, 30] };
    await element.updateComplete;
    frame();
    expect(plots[0]!.xRange).toEqual([10, 30]);
    expect(plots).toHaveLength(1);
  });

  it('says how many values are beyond the edge once they are painted, which is after uPlot’s own time', async () => {
    const { element, grow } = await chart();
    grow(40, 0.2);
    grow(1, 9);
    element.settings = { ...STANDARD_SETTINGS, clip: true };
    await element.updateComplete;
    seen(true);
    frame();
    await element.updateComplete;
    expect(element.renderRoot.querySelector('.message')).toBeNull();
    const ctx = new Proxy({}, { get: () => () => undefined, set: () => true });
    vi.stubGlobal(
      'Path2D',
      class {
        moveTo = vi.fn();
        lineTo = vi.fn();
      },
    );
    const plot = plots.at(-1)!;
    for (const paint of plot.options.hooks.draw) paint(Object.assign(plot, { ctx }));
    await element.updateComplete;
    // Two runs share these columns.
    expect(element.renderRoot.querySelector('.message')?.textContent).toBe('2 values beyond the edge');
  });

  it('draws anew for the run that is highlighted, without touching the data', async () => {
    const { pointing } = await chart();
    seen(true);
    frame();
    const before = plots[0]!.redraw.mock.calls.length;
    pointing.highlighted.value = 'b';
    frame();
    expect(plots[0]!.redraw).toHaveBeenCalledTimes(before + 1);
    expect(plots[0]!.setData).not.toHaveBeenCalled();
  });

  it('listens to nothing while out of view: there may be thousands', async () => {
    const { pointing, listeners } = await chart();
    expect(listeners.size).toBe(0);
    seen(true);
    expect(listeners.size).toBe(1);
    frame();
    seen(false);
    expect(listeners.size).toBe(0);
    pointing.highlighted.value = 'a';
    frame();
    expect(plots).toHaveLength(1);
  });

  it('asks to be pinned, enlarged or offered more, if it has tools', async () => {
    const { element } = await chart();
    element.tools = 'all';
    seen(true);
    await element.updateComplete;
    const asked: string[] = [];
    document.body.addEventListener('chart-action', (event) =>
      asked.push((event as CustomEvent<{ kind: string; metric: { name: string } }>).detail.kind),
    );
    for (const button of element.renderRoot.querySelectorAll('button')) button.click();
    expect(asked).toEqual(['pin', 'enlarge', 'menu']);
    element.tools = 'files';
    await element.updateComplete;
    for (const button of element.renderRoot.querySelectorAll('button')) button.click();
    expect(asked.slice(3)).toEqual(['menu']);
    expect(element.renderRoot.querySelector('.head')!.getAttribute('draggable')).toBe('false');
  });

  it('has a name for those who cannot see it', async () => {
    const { element } = await chart();
    expect(element.renderRoot.querySelector('[role=img]')?.getAttribute('aria-label')).toContain('emb by epoch');
  });
});
