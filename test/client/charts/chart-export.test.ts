/** A chart taken along: as a picture, and as numbers. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ChartData } from '../../../client/charts/chart-data.js';
import { chartFigure } from '../../../client/charts/chart-figure.js';
import { chartCsv, chartFileName, numberTable } from '../../../client/charts/chart-numbers.js';
import { type ChartSettings, STANDARD_SETTINGS } from '../../../client/charts/chart-settings.js';
import type { ChartLine } from '../../../client/charts/drawn-line.js';
import type { Metric } from '../../../client/charts/metric.js';
import { figureSvg, plainColor } from '../../../client/charts/figure-writers.js';
import { chartNote, formatYTicks, yAxis, yTicks } from '../../../client/charts/y-axis.js';
import { RunColumns } from '../../../client/data/run-columns.js';
import { appendRows } from '../../support/frame-rows.js';

const emb: Metric = { name: 'emb', note: '256 × dim', axis: 'linear', banded: true };
const palette = {
  panel: '#151a21',
  title: '#ffffff',
  text: '#999999',
  grid: '#222222',
  gridMinor: '#111111',
  band: '#45c9a01f',
  bandEdge: '#45c9a073',
  chance: '#666666',
  chanceBand: '#d0e0ff14',
  font: '11px Some <Font>',
};

function chart(settings: Partial<ChartSettings> = {}, rows = 3, names = ['a', 'b'], fields: Partial<ChartLine> = {}) {
  const all = { ...STANDARD_SETTINGS, ...settings };
  const style = { color: 'oklch(0.67 0.13 257)', dash: [6, 3.5], widthPx: 1.5, opacity: 1 };
  const runs = names.map((id) => ({ id, label: `64 × ${id}, x`, style, config: { epochs: 2, every: 1 }, ...fields }));
  const data = new ChartData(emb, runs, all, 2);
  const columns = new RunColumns(['seconds', 'loss', 'accuracy', 'emb']);
  for (let epoch = 0; epoch < rows; epoch++)
    appendRows(columns, [epoch * 2, 1, 1, epoch === 1 ? NaN : 0.1 * (epoch + 1)]);
  data.update((id) => (id === 'a' ? columns : undefined));
  return { data, settings: all };
}

describe('numbers of a chart', () => {
  it('are a row per run and epoch that has a value, quoted where it must be', () => {
    expect([...chartCsv(chart().data, 'emb', 'epoch', null)].join('')).toBe(
      'run,id,epoch,emb\n"64 × a, x",a,0,0.100000001\n"64 × a, x",a,2,0.300000012\n',
    );
  });

  it('have x where it is not the epoch, and the smoothed values beside the measured ones', () => {
    const csv = [...chartCsv(chart({ x: 'seconds', smoothing: 0.5 }).data, 'emb', 'seconds', null)];
    expect(csv[0]).toBe('run,id,epoch,seconds,emb,smoothed\n');
    expect(csv[2]!.split(',').slice(3, 6)).toEqual(['2', '4', '0.300000012']);
    // (0.25 · 0.1 + 0.5 · 0.3) / 0.75
    expect(Number(csv[2]!.split(',')[6])).toBeCloseTo(0.233333, 5);
  });

  it('are thinned in a table to what can be read, first and last epoch kept', () => {
    const { rows, epochs, labels } = numberTable(chart({}, 1000).data, 11, null);
    expect(epochs).toBe(999);
    expect(rows.length).toBeLessThanOrEqual(12);
    expect([rows[0]!.epoch, rows.at(-1)!.epoch]).toEqual([0, 999]);
    expect(labels).toHaveLength(2);
    expect(rows[0]!.values[1]).toBeUndefined();
  });

  it('are those of the range of x that is shown, whatever x is', () => {
    const { rows, epochs } = numberTable(chart({}, 1000).data, 11, [99.5, 103]);
    expect(epochs).toBe(4);
    expect(rows.map(({ epoch }) => epoch)).toEqual([100, 101, 102, 103]);
    expect([...chartCsv(chart().data, 'emb', 'epoch', [1, 2])][1]).toBe('"64 × a, x",a,2,0.300000012\n');
    // 4 s are epoch 2.
    const bySeconds = chartCsv(chart({ x: 'seconds' }, 10).data, 'emb', 'seconds', [3, 5]);
    expect([...bySeconds].slice(1)).toEqual(['"64 × a, x",a,2,4,0.300000012\n']);
  });

  it('go into a file that says what it holds', () => {
    expect(chartFileName('emb', 'epoch', null, 'csv')).toBe('pentachoron-emb.csv');
    expect(chartFileName('act_Q_h0', 'seconds', null, 'png')).toBe('pentachoron-act_Q_h0-by-time.png');
    expect(chartFileName('emb', 'epoch', [9.6, 40.2], 'csv')).toBe('pentachoron-emb-epoch-10-to-40.csv');
    expect(chartFileName('emb', 'seconds', [0.5, 12.34567], 'csv')).toBe(
      'pentachoron-emb-by-time-seconds-0.5-to-12.35.csv',
    );
  });
});

describe('the y axis', () => {
  const share = { axis: 'percent', note: 'training set' } as const;
  const loss = { axis: 'log', note: 'cross-entropy' } as const;

  it('writes shares as percent, logarithmic or not', () => {
    expect(yTicks(yAxis(share, 'auto'), 0, 1)).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(formatYTicks(share, yAxis(share, 'linear'), [0, 0.25])).toEqual(['0%', '25%']);
    expect(formatYTicks(share, yAxis(share, 'log'), [0.1, 1])).toEqual(['10%', '100%']);
    expect(formatYTicks(loss, yAxis(loss, 'auto'), [0.001, 0.1])).toEqual(['0.001', '0.1']);
  });

  it('is called logarithmic where it is, and there alone', () => {
    expect(chartNote(loss, { x: 'epoch', y: 'auto' })).toBe('cross-entropy, log');
    expect(chartNote(loss, { x: 'epoch', y: 'linear' })).toBe('cross-entropy');
    expect(chartNote(share, { x: 'seconds', y: 'log' })).toBe('training set, log · by training time');
    expect(chartNote({ axis: 'linear', note: '' }, { x: 'loss', y: 'auto' })).toBe('by loss');
  });
});

describe('the lines of the grid', () => {
  const css = readFileSync(join(process.cwd(), 'client/theme.css'), 'utf8');
  const rgb = (hex: string) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  const over = (below: number[], css: string) => {
    const { color, alpha } = plainColor(css);
    return below.map((value, index) => value + (rgb(color)[index]! - value) * alpha);
  };
  const difference = (a: number[], b: number[]) => Math.max(...a.map((value, index) => Math.abs(value - b[index]!)));

  it.each([
    ['light', 0],
    ['dark', 1],
  ])('are seen in the band as well as beside it (%s)', (_, theme) => {
    const value = (name: string) => [...css.matchAll(new RegExp(`--${name}: (#\\w+);`, 'g'))][theme]![1]!;
    const panel = rgb(value('panel'));
    const band = over(panel, value('band'));
    const beside = difference(panel, over(panel, value('grid')));
    expect(beside).toBeGreaterThan(10);
    expect(difference(band, over(band, value('grid')))).toBeGreaterThan(0.8 * beside);
  });
});

describe('picture of a chart', () => {
  const svg = (changes: Partial<ChartSettings> = {}) => {
    const { data, settings } = chart(changes);
    return figureSvg(
      chartFigure({ metric: emb, data, settings, zoom: null, palette, notes: ['3 values ≤ 0 left out'] }),
    );
  };

  it('has the seams of its lines, where another engine went on', () => {
    const shapes = (seams: NonNullable<ChartLine['seams']>) => {
      const { data, settings } = chart({}, 3, ['a'], { seams });
      return chartFigure({ metric: emb, data, settings, zoom: null, palette, notes: [] }).shapes;
    };
    const [without, once] = [shapes([]), shapes([{ seq: 2, step: 1, kind: 'engine', from: 'wasm', to: 'native' }])];
    expect(once).toHaveLength(without.length + 1);
    // Half of two epochs, from foot to head.
    expect(once.filter(({ kind }) => kind === 'path')).toContainEqual(
      expect.objectContaining({ d: 'M471 466V46', dash: [2, 3], clipped: true }),
    );
  });

  it('gives each name of its legend the room it needs', () => {
    const long = Array.from({ length: 5 }, (_, index) => `${index} · seed 1 · lr 0.001 · a sweep with a long name`);
    const { data, settings } = chart({}, 3, long);
    const { shapes, height } = chartFigure({ metric: emb, data, settings, zoom: null, palette, notes: [] });
    const names = shapes.flatMap((each) => (each.kind === 'text' && each.text.includes('sweep') ? [each] : []));
    for (const [index, name] of names.entries())
      for (const other of names.slice(index + 1))
        if (other.y === name.y) expect(Math.abs(other.x - name.x)).toBeGreaterThan(6 * name.text.length);
    expect(new Set(names.map(({ x, y }) => `${x} ${y}`)).size).toBe(5);
    expect(Math.max(...names.map(({ y }) => y))).toBeLessThan(height);
  });

  it('has its title, axes, band, lines and legend, and is well-formed', () => {
    const document = new DOMParser().parseFromString(svg(), 'image/svg+xml');
    expect(document.querySelector('parsererror')).toBeNull();
    const texts = [...document.querySelectorAll('text')].map(({ textContent }) => textContent);
    for (const text of [
      'emb',
      '256 × dim · 3 values ≤ 0 left out',
      'by epoch',
      '0',
      '2',
      '0.20',
      '64 × a, x',
      '64 × b, x',
    ])
      expect(texts).toContain(text);
    expect(svg()).toContain('font-family="Some &lt;Font>"');
  });

  it('draws a line where its values are: at x 0 and 2, y by the axis', () => {
    const { data, settings } = chart({ band: { low: 0.13, high: 0.2 } });
    const figure = chartFigure({ metric: emb, data, settings, zoom: null, palette, notes: [] });
    const lines = figure.shapes.filter(
      (shape) => shape.kind === 'path' && shape.stroke.startsWith('oklch') && shape.clipped,
    );
    expect(lines).toHaveLength(1);
    const points = [...(lines[0] as { d: string }).d.matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map((m) => [
      Number(m[1]),
      Number(m[2]),
    ]);
    // Two points apart by a gap: each a dot at its place, 0.1 at the foot and 0.3 at the head, each with 8 % of air.
    const [left, right] = [points[0]!, points[3]!];
    expect(left[0]).toBeCloseTo(62, 0);
    expect(right[0]).toBeCloseTo(880, 0);
    const foot = 46 + 420 * (1 - 0.08 / 1.16);
    expect(left[1]).toBeCloseTo(foot, 0);
    expect(right[1]).toBeCloseTo(46 + 420 * (0.08 / 1.16), 0);
  });

  it('draws the measured values behind the smoothed ones', () => {
    const plain = svg();
    const colour = plainColor('oklch(0.67 0.13 257)').color;
    const drawn = (text: string) => text.split(`stroke="${colour}"`).length - 1;
    expect(drawn(svg({ smoothing: 0.5 }))).toBe(drawn(plain) + 1);
  });

  it('knows only colours that every program knows', () => {
    expect(svg()).not.toContain('oklch');
    expect(plainColor('oklch(1 0 0)')).toEqual({ color: '#ffffff', alpha: 1 });
    expect(plainColor('oklch(0 0 0)').color).toBe('#000000');
    // sRGB's pure red, as CSS Color 4 gives it.
    expect(plainColor('oklch(0.62796 0.25768 29.23)').color).toBe('#ff0000');
    expect(plainColor('#45c9a073')).toEqual({ color: '#45c9a0', alpha: 115 / 255 });
    expect(plainColor('red')).toEqual({ color: 'red', alpha: 1 });
  });
});
