/** What is painted into the canvas, in which order, and what is kept from one frame to the next. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ChartData } from '../../../client/charts/chart-data.js';
import { ChartPainter, seamPlaces } from '../../../client/charts/chart-painter.js';
import { type ChartSettings, STANDARD_SETTINGS } from '../../../client/charts/chart-settings.js';
import type { ChartLine } from '../../../client/charts/drawn-line.js';
import { RunColumns } from '../../../client/data/run-columns.js';
import { appendRows } from '../../support/frame-rows.js';

const emb = { name: 'emb', note: '', axis: 'linear', banded: true } as const;
const area = {
  x: { min: 0, max: 4, log: false, from: 0, to: 40 },
  y: { min: 0, max: 1, log: false, from: 100, to: 0 },
  ratio: 1,
};

let paths = 0;

beforeEach(() => {
  paths = 0;
  vi.stubGlobal(
    'Path2D',
    class {
      moveTo = vi.fn();
      lineTo = vi.fn();
      constructor() {
        paths++;
      }
    },
  );
});
afterEach(() => void vi.unstubAllGlobals());

/** Tells what was stroked and filled, with which colour, width and opacity. */
function canvas() {
  const done: { what: string; color: string; alpha: number; width: number; dash: number[] }[] = [];
  const lines: number[][] = [];
  const ctx = {
    globalAlpha: 1,
    lineWidth: 1,
    strokeStyle: '',
    fillStyle: '',
    dash: [] as number[],
    save: () => undefined,
    restore: () => undefined,
    beginPath: () => undefined,
    rect: () => undefined,
    clip: () => undefined,
    moveTo: (x: number, y: number) => lines.push([x, y]),
    lineTo: (x: number, y: number) => lines.push([x, y]),
    setLineDash: (dash: number[]) => (ctx.dash = dash),
    stroke: () =>
      done.push({
        what: 'stroke',
        color: ctx.strokeStyle,
        alpha: ctx.globalAlpha,
        width: ctx.lineWidth,
        dash: ctx.dash,
      }),
    fill: () => done.push({ what: 'fill', color: ctx.fillStyle, alpha: ctx.globalAlpha, width: 0, dash: [] }),
  };
  return { ctx: ctx as unknown as CanvasRenderingContext2D, done, lines };
}

function columns(values: number[]): RunColumns {
  const held = new RunColumns(['seconds', 'loss', 'accuracy', 'emb']);
  values.forEach((value, epoch) => appendRows(held, [epoch, 1, 1, value]));
  return held;
}

function chart(settings: Partial<ChartSettings> = {}, changes: Partial<Record<string, Partial<ChartLine>>> = {}) {
  const all = { ...STANDARD_SETTINGS, ...settings };
  const held: Record<string, RunColumns> = { red: columns([0.1, 0.2, 0.3]), blue: columns([0.5, 0.5, 5]) };
  const runs = Object.keys(held).map((id): ChartLine => {
    const style = { color: id, dash: [], widthPx: 1.5, opacity: 1 };
    return { id, label: id, style, config: { epochs: 4, every: 1 }, ...changes[id] };
  });
  const data = new ChartData(emb, runs, all, 4);
  const update = () => data.update((id) => held[id]);
  update();
  return { data, painter: new ChartPainter(data, all.clip), held, update };
}

describe('chart painter', () => {
  it('lifts the highlighted line above the others, which fade; with none highlighted all are equal', () => {
    const { data, painter } = chart();
    const equal = canvas();
    painter.paint(equal.ctx, area, undefined);
    expect(equal.done.map(({ color, alpha, width }) => [color, alpha, width])).toEqual([
      ['red', 1, 1.5],
      ['blue', 1, 1.5],
    ]);
    const highlighted = canvas();
    painter.paint(highlighted.ctx, area, data.lines[0]);
    expect(highlighted.done.map(({ color }) => color)).toEqual(['blue', 'red']);
    expect(highlighted.done[0]!.alpha).toBeLessThan(0.5);
    expect(highlighted.done[1]).toMatchObject({ alpha: 1 });
    expect(highlighted.done[1]!.width).toBeGreaterThan(1.5);
  });

  it('keeps the path of every line that has no news', () => {
    const { painter, held, update } = chart();
    painter.paint(canvas().ctx, area, undefined);
    expect(paths).toBe(2);
    painter.paint(canvas().ctx, area, undefined);
    expect(paths).toBe(2);
    appendRows(held.red!, [3, 1, 1, 0.4]);
    update();
    painter.paint(canvas().ctx, area, undefined);
    expect(paths).toBe(3);
    painter.paint(canvas().ctx, { ...area, ratio: 2 }, undefined);
    expect(paths).toBe(5);
  });

  it('leaves the measured line faint behind the smoothed one', () => {
    const { painter } = chart({ smoothing: 0.8 });
    const { ctx, done } = canvas();
    painter.paint(ctx, area, undefined);
    expect(done.map(({ color }) => color)).toEqual(['red', 'red', 'blue', 'blue']);
    expect(done[0]!.alpha).toBeGreaterThan(0.2);
    expect(done[0]!.alpha).toBeLessThan(0.5);
    expect(done[1]!.alpha).toBe(1);
  });

  it('draws a run that was trained again dimmed', () => {
    const style = { color: 'red', dash: [], widthPx: 1.5, opacity: 0.35 };
    const { painter } = chart({}, { red: { style } });
    const { ctx, done } = canvas();
    painter.paint(ctx, area, undefined);
    expect(done[0]).toMatchObject({ color: 'red', alpha: 0.35 });
  });

  it('marks the edge where a line leaves the clipped range, and counts what is beyond', () => {
    const { painter } = chart({ clip: true });
    const { ctx, done, lines } = canvas();
    painter.paint(ctx, area, undefined);
    expect(done.filter(({ what }) => what === 'fill').map(({ color }) => color)).toEqual(['blue']);
    expect(lines[0]).toEqual([20, 0]);
    expect(painter.beyond).toBe(1);
  });

  it('marks where another engine took over, dashed in the run’s colour, and says so', () => {
    const seams = [
      { seq: 2, step: 1, kind: 'engine', from: 'wasm', to: 'native' },
      { seq: 10, step: 9, kind: 'engine', from: 'native', to: 'cpu' },
    ] as const;
    const { data, painter } = chart({}, { red: { seams } });
    const { ctx, done, lines } = canvas();
    painter.paint(ctx, area, undefined);
    expect(done[2]).toMatchObject({ color: 'red', dash: [2, 3] });
    expect(lines).toEqual([
      [10, 100],
      [10, 0],
    ]);
    const kernels = { from: 'aaa', to: 'bbb' };
    const others = chart({}, { red: { seams: seams.map((seam) => ({ ...seam, step: 1, kernels })) } });
    expect(seamPlaces(others.data.lines[0]!).map(({ words }) => words)).toEqual([
      'engine wasm → native, kernels aaa → bbb after epoch 1',
      'engine native → cpu, kernels aaa → bbb after epoch 1',
    ]);
    const resumed = chart({}, { red: { stepName: 'step', seams: [{ seq: 2, step: 1, kind: 'resume' }] } });
    expect(seamPlaces(resumed.data.lines[0]!)).toEqual([{ x: 2, epoch: 2, words: 'resumed at step 2, after step 1' }]);
    // One that is not trained up to yet has no place.
    expect(seamPlaces(data.lines[0]!)).toEqual([{ x: 1, epoch: 1, words: 'engine wasm → native after epoch 1' }]);
  });
});
