/** A chart's lines made from columns: gaps, other x, seeds together, heads together, log axes, ranges. */
import { describe, expect, it } from 'vitest';
import { ChartData, chartNotes } from '../../../client/charts/chart-data.js';
import { type ChartSettings, STANDARD_SETTINGS } from '../../../client/charts/chart-settings.js';
import { excursions } from '../../../client/charts/clipped-range.js';
import type { ChartLine } from '../../../client/charts/drawn-line.js';
import type { Metric } from '../../../client/charts/metric.js';
import { RunColumns } from '../../../client/data/run-columns.js';
import { appendRows } from '../../support/frame-rows.js';

const NAMES = ['seconds', 'loss', 'accuracy', 'emb', 'Q_h0', 'Q_h1', 'Q_h2'];
const emb: Metric = { name: 'emb', note: '', axis: 'linear', banded: true };
const loss: Metric = { name: 'loss', note: '', axis: 'log', banded: false };
const heads: Metric = { name: 'Q', note: '', axis: 'linear', banded: true, ribbon: ['Q_h0', 'Q_h1', 'Q_h2', 'Q_h3'] };
const style = { color: 'red', dash: [], widthPx: 1.5, opacity: 1 };

function run(id: string, changes: Partial<ChartLine> = {}): ChartLine {
  return { id, label: id, style, config: { epochs: 10, every: 1 }, ...changes };
}

/** Rows of [loss, emb, heads…]; seconds are twice the epoch. */
function columns(rows: number[][], from = 0): RunColumns {
  const held = new RunColumns(NAMES);
  grow(held, rows, from);
  return held;
}

function grow(held: RunColumns, rows: number[][], from: number): void {
  const values = rows.map(([a, b, ...own], index) => {
    const [q0 = NaN, q1 = NaN, q2 = NaN] = own;
    return [2 * (from + index), a!, 0.5, b!, q0, q1, q2];
  });
  appendRows(held, ...values);
}

function chart(
  metric: Metric,
  runs: ChartLine[],
  held: Record<string, RunColumns>,
  settings: Partial<ChartSettings> = {},
) {
  const data = new ChartData(metric, runs, { ...STANDARD_SETTINGS, ...settings }, 10);
  const update = () => data.update((id) => held[id]);
  update();
  return { data, update, line: data.lines[0]! };
}

const rounded = (values: readonly number[]) => values.map((value) => Math.round(value * 1e6) / 1e6);

describe('chart data', () => {
  it('holds each run at its own length, and takes only what is new', () => {
    const held = {
      long: columns([
        [1, 0.1],
        [1, 0.2],
        [1, 0.3],
      ]),
      short: columns([[1, 0.4]]),
    };
    const { data, update } = chart(emb, [run('long'), run('short'), run('waiting')], held);
    expect(data.lines.map(({ epochs }) => epochs)).toEqual([[0, 1, 2], [0], []]);
    expect(data.lines.map(({ empty }) => empty)).toEqual([false, false, true]);
    const [long, short] = data.lines;
    const before = long!.version;
    expect(update()).toBe(false);
    grow(held.short, [[1, 0.5]], 1);
    expect(update()).toBe(true);
    expect(rounded(short!.ys.values)).toEqual([0.4, 0.5]);
    // What has not changed need not be drawn again.
    expect(long!.version).toBe(before);
  });

  it('joins a line over epochs that were not to be measured, and breaks it where a value is missing', () => {
    const held = columns([0, 1, 2, 3, 4].map((epoch) => [1, [1, 2, 3].includes(epoch) ? NaN : epoch / 10]));
    const { line } = chart(emb, [run('a', { config: { epochs: 100, every: 2 } })], { a: held });
    expect(line.epochs).toEqual([0, 2, 4]);
    expect(rounded(line.ys.values)).toEqual([0, NaN, 0.4]);
  });

  it('puts training time or another series on x, joined over what is not measured', () => {
    const held = {
      a: columns([
        [NaN, 0.3],
        [2, NaN],
        [1, 0.2],
      ]),
    };
    const every2 = [run('a', { config: { epochs: 10, every: 2 } })];
    expect(chart(emb, every2, held, { x: 'seconds' }).line.xs).toEqual([0, 4]);
    const { line } = chart(loss, every2, held, { x: 'emb' });
    // At epoch 0 there is no loss, at epoch 1 no CV: one point is left.
    expect(line.epochs.filter((_, index) => !Number.isNaN(line.ys.values[index]!))).toEqual([2]);
    expect(line.ascending).toBe(false);
  });

  it('draws runs that differ in their seed alone as mean ± deviation, and never the replaced one among them', () => {
    const seedReplicates = { key: 'same', label: '64 × 4' };
    const held = {
      a: columns([
        [1, 0.1],
        [1, 0.2],
      ]),
      b: columns([[1, 0.3]]),
      old: columns([[1, 0.9]]),
    };
    const { data, line, update } = chart(
      emb,
      [run('a', { seedReplicates }), run('b', { seedReplicates }), run('old')],
      held,
      {
        mean: true,
      },
    );
    expect(data.lines.map(({ label }) => label)).toEqual(['64 × 4 · 2 seeds', 'old']);
    expect(line.point(0).value).toBeCloseTo(0.2, 6);
    expect(line.point(0).low).toBeCloseTo(0.2 - Math.SQRT2 / 10, 6);
    expect(line.point(0).high).toBeCloseTo(0.2 + Math.SQRT2 / 10, 6);
    // One seed alone has no spread.
    expect(line.point(1)).toMatchObject({ low: NaN, high: NaN });
    grow(held.b, [[1, 0.4]], 1);
    update();
    expect(line.point(1).value).toBeCloseTo(0.3, 6);
    expect(line.epochs).toEqual([0, 1]);
  });

  it('draws the heads of a run as their median between smallest and largest', () => {
    const { line } = chart(heads, [run('a')], {
      a: columns([
        [1, 0, 0.5, 0.1, 0.2],
        [1, 0, 0.3, 0.1, NaN],
      ]),
    });
    const [odd, even] = [line.point(0), line.point(1)];
    expect(rounded([odd.low, odd.value, odd.high])).toEqual([0.1, 0.2, 0.5]);
    expect(rounded([even.low, even.value, even.high])).toEqual([0.1, 0.2, 0.3]);
  });

  it('leaves values ≤ 0 out of log axes and says so', () => {
    const held = {
      a: columns([
        [NaN, 0],
        [1, -0.1],
        [1, 0.2],
      ]),
    };
    const { data, line } = chart(emb, [run('a')], held, { y: 'log' });
    expect(data.axis).toBe('log');
    expect(rounded(line.ys.values)).toEqual([NaN, NaN, 0.2]);
    expect(chartNotes(data, 0)).toEqual(['2 values ≤ 0 left out']);
    const byEpoch = chart(emb, [run('a')], held, { xLog: true }).data;
    expect(chartNotes(byEpoch, 3)).toEqual(['1 value at x ≤ 0 left out', '3 values beyond the edge']);
    expect(chartNotes(chart(emb, [run('none')], {}).data, 0)).toEqual(['no values yet']);
  });

  it('promises values that are missing only while a run has epochs to come', () => {
    const without = (epochs: number) => ({
      a: columns(Array.from({ length: epochs + 1 }, () => [1, NaN])),
    });
    expect(chartNotes(chart(emb, [run('a')], without(9)).data, 0)).toEqual(['no values yet']);
    expect(chartNotes(chart(emb, [run('a')], without(10)).data, 0)).toEqual(['no values']);
    expect(chartNotes(chart(emb, [], {}).data, 0)).toEqual(['no values yet']);
  });

  it('has room for the smoothed line, which lags, where x begins later', () => {
    const held = { a: columns([10, 8, 1, 1, 1].map((value) => [1, value])) };
    for (const clip of [false, true]) {
      const { data, line } = chart(emb, [run('a')], held, { smoothing: 0.9, clip });
      const [, high] = data.yRange([2, 4]);
      expect(Math.max(...line.smooth!.values.slice(2))).toBeGreaterThan(6);
      expect(high).toBeGreaterThan(Math.max(...line.smooth!.values.slice(2)));
    }
  });

  it('smooths from the first value on without a pull to zero, and keeps what was measured', () => {
    const { line } = chart(
      emb,
      [run('a')],
      {
        a: columns([
          [1, 1],
          [1, 1],
          [1, 3],
        ]),
      },
      { smoothing: 0.5 },
    );
    expect(line.ys.values).toEqual([1, 1, 3]);
    // (0.125 + 0.25 + 1.5) / (1 − 0.5³)
    expect(rounded(line.smooth!.values)).toEqual([1, 1, rounded([1.875 / 0.875])[0]]);
    expect(line.shown).toBe(line.smooth);
  });

  it('ends by epoch and by time at the next round place, the whole training if asked for, and fits another series', () => {
    const held = {
      a: columns([
        [2, 0.1],
        [1, 0.2],
        [0.5, 0.3],
      ]),
    };
    const range = (settings: Partial<ChartSettings>) => chart(emb, [run('a')], held, settings).data.xRange(null);
    expect(range({})).toEqual([0, 5]);
    expect(range({ xLog: true })).toEqual([1, 5]);
    expect(range({ whole: true })).toEqual([0, 10]);
    expect(range({ x: 'seconds' })).toEqual([0, 5]);
    const [low, high] = range({ x: 'loss' });
    expect(low).toBeCloseTo(0.38, 6);
    expect(high).toBeCloseTo(2.12, 6);
    expect(chart(emb, [run('a')], held).data.xRange([1, 2])).toEqual([1, 2]);
  });

  it('fits y to what the zoomed range of x shows', () => {
    const held = {
      a: columns([
        [1, 9],
        [1, 9],
        [1, 0.1],
        [1, 0.2],
        [1, 9],
        [1, 9],
      ]),
    };
    const { data } = chart(emb, [run('a')], held);
    expect(data.yRange([0, 10])[1]).toBeGreaterThan(9);
    const [low, high] = data.yRange([1.5, 3]);
    expect(low).toBeCloseTo(0.1 - 0.008, 6);
    expect(high).toBeCloseTo(0.2 + 0.008, 6);
    // Between two epochs there is still the line from one to the other.
    expect(data.yRange([3.2, 3.8])[1]).toBeGreaterThan(9);
  });

  it('leaves outliers out of y by choice, marks where they go, and cuts nothing off a plain curve', () => {
    const values = Array.from({ length: 101 }, (_, index) => [1, index === 50 ? 100 : 0.1 + index / 1000]);
    const runs = [run('a', { config: { epochs: 100, every: 1 } })];
    const { data, line } = chart(emb, runs, { a: columns(values) }, { clip: true });
    const [low, high] = data.yRange([0, 100]);
    expect(high).toBeLessThan(0.3);
    expect(excursions(line, [0, 100], [low, high])).toEqual({ marks: [{ at: 50, edge: 'top' }], values: 1 });
    expect(excursions(line, [60, 100], [low, high]).values).toBe(0);
    const plain = values.map(([a, b], index) => [a!, index === 50 ? 0.15 : b!]);
    const [plainLow, plainHigh] = chart(emb, runs, { a: columns(plain) }, { clip: true }).data.yRange([0, 100]);
    expect(plainLow).toBeLessThan(0.1);
    expect(plainHigh).toBeGreaterThan(0.2);
  });
});

describe('a run that another program trains', () => {
  const logged: Metric = { name: 'reward', note: '', axis: 'linear', banded: false, sparse: true };
  const external = (changes: Partial<ChartLine> = {}) =>
    run('a', { config: { epochs: null, every: null }, stepName: 'step', ...changes });

  /** Of rewards at these steps; NaN where a row has none. */
  function rewards(...rows: (readonly [step: number, reward: number])[]): RunColumns {
    const held = new RunColumns(['seconds', 'reward'], 'f64');
    held.append({
      steps: rows.map(([step]) => step),
      values: new Float64Array(rows.flatMap(([, value], row) => [row, value])),
    });
    return held;
  }

  function drawn(held: RunColumns, settings: Partial<ChartSettings> = {}) {
    const data = new ChartData(logged, [external()], { ...STANDARD_SETTINGS, ...settings }, Infinity);
    data.update(() => held);
    return { data, line: data.lines[0]! };
  }

  it('is drawn at its steps, joined over rows that have no value', () => {
    const { line } = drawn(rewards([0, 1], [100, NaN], [200, 3]));
    expect([line.xs, line.epochs, line.ys.values]).toEqual([
      [0, 200],
      [0, 200],
      [1, 3],
    ]);
    expect([line.newest, line.complete, line.isScheduled]).toEqual([200, false, false]);
  });

  it('has an axis that grows with it where nobody knows how long it will be', () => {
    expect(drawn(rewards()).data.xRange(null)).toEqual([0, 5]);
    expect(drawn(rewards([0, 1], [1200, 2])).data.xRange(null)).toEqual([0, 2000]);
    expect(drawn(rewards([0, 1], [1200, 2]), { whole: true }).data.xRange(null)).toEqual([0, 2000]);
  });

  it('has an axis of parts of a step where its steps are no whole numbers', () => {
    const { data } = drawn(rewards([0, 1], [0.25, 2], [0.7, 3]));
    expect([data.hasWholeSteps, data.xRange(null)]).toEqual([false, [0, 1]]);
    const held = rewards([0, 1], [1, 2]);
    const { data: later } = drawn(held);
    expect([later.hasWholeSteps, later.xRange(null)]).toEqual([true, [0, 5]]);
    held.append({ steps: [1.5], values: new Float64Array([2, 3]) });
    later.update(() => held);
    expect([later.hasWholeSteps, later.xRange(null)]).toEqual([false, [0, 2]]);
  });

  it('takes a late value in at its step, and what comes for a step again behind it', () => {
    const held = rewards([0, 1], [10, 9], [20, 3]);
    const { data, line } = drawn(held);
    held.append({ steps: [10, 30], values: new Float64Array([3, 4, 4, 5]) });
    expect([data.update(() => held), line.order, line.ascending]).toEqual([true, 1, true]);
    expect([line.xs, line.ys.values]).toEqual([
      [0, 10, 10, 20, 30],
      [1, 9, 4, 3, 5],
    ]);
    expect(line.former).toEqual([]);
  });

  it('begins its axis where it began, where that is far from 0 or below', () => {
    expect(drawn(rewards([5000, 1], [5200, 2])).data.xRange(null)).toEqual([5000, 10000]);
    expect(drawn(rewards([-3, 1], [40, 2])).data.xRange(null)).toEqual([-3, 50]);
  });

  it('has a gap where it logged NaN or an infinite value, which y passes over and the chart tells', () => {
    const held = new RunColumns(['seconds', 'reward'], 'f64');
    const values = new Float64Array([0, 1, 1, NaN, 2, 2, 3, Infinity, 4, NaN, 5, 3]);
    held.append({ steps: [0, 1, 2, 3, 4, 5], values, nan: [[1, 1]] });
    const { data, line } = drawn(held);
    expect(line.xs).toEqual([0, 1, 2, 3, 5]);
    expect(line.ys.values).toEqual([1, NaN, 2, NaN, 3]);
    expect(data.yRange([0, 5])[1]).toBeLessThan(4);
    expect(chartNotes(data, 0)).toEqual(['2 values NaN or infinite']);
  });

  it('is drawn by frame, and by when its frames came', () => {
    const held = new RunColumns(['seconds', 'reward'], 'f64');
    const times = [1e12, 1e12 + 5000, NaN];
    held.append({ steps: [10, 20, 30], values: new Float64Array([0, 1, 1, 2, 2, 3]), times });
    expect(drawn(held, { x: 'seq' }).line.xs).toEqual([0, 1, 2]);
    const { line, data } = drawn(held, { x: 'time' });
    expect(line.xs).toEqual([1e9, 1e9 + 5]);
    expect(data.xRange(null)).toEqual([1e9, 1e9 + 5]);
  });
});
