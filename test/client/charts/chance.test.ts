/** What chance gives behind a chart's lines, and CVs read as departures from it. */
import { describe, expect, it } from 'vitest';
import { DEPARTURE_GUIDES, type NullOf, nullGuides, nullsKey, sharedNulls } from '../../../client/charts/chance.js';
import { ChartData, chartNotes } from '../../../client/charts/chart-data.js';
import { chartFigure } from '../../../client/charts/chart-figure.js';
import { chartCsv, numberTable } from '../../../client/charts/chart-numbers.js';
import { type ChartSettings, STANDARD_SETTINGS } from '../../../client/charts/chart-settings.js';
import type { ChartLine } from '../../../client/charts/drawn-line.js';
import { figureSvg } from '../../../client/charts/figure-writers.js';
import { formatValue, type Metric, type MetricGroup, readAs } from '../../../client/charts/metric.js';
import { chartNote, yAxis } from '../../../client/charts/y-axis.js';
import { RunColumns } from '../../../client/data/run-columns.js';
import { appendRows } from '../../support/frame-rows.js';

const emb: Metric = { name: 'emb', note: '256 × dim', axis: 'linear', banded: true };
const heads: Metric = { name: 'Q', note: '', axis: 'linear', banded: true, ribbon: ['Q_h0', 'Q_h1'] };
const loss: Metric = { name: 'loss', note: '', axis: 'log', banded: false };
const palette = {
  ...{ panel: '#000000', title: '#ffffff', text: '#999999', grid: '#222222', gridMinor: '#111111' },
  ...{ band: '#45c9a01f', bandEdge: '#45c9a073', chance: '#666666', chanceBand: '#d0e0ff14', font: '11px x' },
};
const style = { color: 'red', dash: [], widthPx: 1.5, opacity: 1 };
const line = (id: string, changes: Partial<ChartLine> = {}): ChartLine => ({
  ...{ id, label: id, style, config: { epochs: 2, every: 1 } },
  ...changes,
});
const departing = (metric: Metric): Metric => {
  const group: MetricGroup = { id: 'weights', title: '', note: '', open: true, metrics: [metric] };
  return readAs([group], 'departure')[0]!.metrics[0]!;
};

/** Runs a and b have one null, c another, old none; that of late is on its way. */
const nulls: NullOf = (runId) =>
  ({ a: { cv: 0.2, sd: 0.01 }, b: { cv: 0.2, sd: 0.01 }, c: { cv: 0.1, sd: 0.02 }, old: null })[runId];

function held(...cvs: number[]): RunColumns {
  const columns = new RunColumns(['seconds', 'loss', 'accuracy', 'emb', 'Q_h0', 'Q_h1']);
  for (const [row, cv] of cvs.entries()) appendRows(columns, [row, 1, 1, cv, cv, cv + 0.02]);
  return columns;
}

function chart(metric: Metric, runs: ChartLine[], columns: RunColumns, settings: Partial<ChartSettings> = {}) {
  const data = new ChartData(metric, runs, { ...STANDARD_SETTINGS, ...settings }, 2, nulls);
  data.update(() => columns);
  return data;
}

const rounded = (values: readonly number[]) => values.map((value) => Math.round(value * 1e4) / 1e4);

describe('what chance gives behind CVs', () => {
  it('is each null once, for all runs that have it; of loss it is nothing', () => {
    const shared = sharedNulls(
      emb,
      ['a', 'b', 'c', 'old', 'late'].map((id) => line(id)),
      nulls,
    );
    expect(shared.map(({ cv, runIds }) => [cv, ...runIds])).toEqual([
      [0.2, 'a', 'b'],
      [0.1, 'c'],
    ]);
    expect(sharedNulls(loss, [line('a')], nulls)).toEqual([]);
  });

  it('has its spread while few are drawn, and that of the highlighted run stands out', () => {
    const shared = sharedNulls(emb, [line('a'), line('c')], nulls);
    expect(nullGuides(shared, undefined).map(({ at, half, alpha }) => [at, half, alpha])).toEqual([
      [0.2, 0.01, 1],
      [0.1, 0.02, 1],
    ]);
    const [lit, other] = nullGuides(shared, [line('a')]);
    expect(lit).toMatchObject({ half: 0.01, alpha: 1 });
    expect(other!.half).toBe(0);
    expect(other!.alpha).toBeLessThan(0.5);
  });

  it('is lines alone where there are more, and of many the highlighted run’s alone', () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ cv: index / 10, sd: 0.01, runIds: new Set([`r${index}`]) }));
    expect(nullGuides(many(5), undefined).map(({ half }) => half)).toEqual([0, 0, 0, 0, 0]);
    expect(nullGuides(many(9), undefined)).toEqual([]);
    expect(nullGuides(many(9), [line('r3')])).toMatchObject([{ at: 0.3, half: 0.01, alpha: 1 }]);
  });

  it('is in view where that leaves the lines a third of the height, and can be switched off', () => {
    const wide = chart(emb, [line('a')], held(0.15, 0.17)).yRange([0, 2]);
    expect(wide[1]).toBeGreaterThan(0.2);
    const narrow = chart(emb, [line('a')], held(0.15, 0.155)).yRange([0, 2]);
    expect(narrow[1]).toBeLessThan(0.2);
    const off = chart(emb, [line('a')], held(0.15, 0.17), { chance: false });
    expect(off.yRange([0, 2])[1]).toBeLessThan(0.2);
    expect(off.guides()).toEqual([]);
  });

  it('is asked for where it is drawn alone', () => {
    const asked: string[] = [];
    const nullOf: NullOf = (id, series) => (asked.push(`${id} ${series}`), nulls(id, series));
    expect(nullsKey(loss, [line('a')], true, nullOf)).toBe('');
    expect(nullsKey(emb, [line('a')], false, nullOf)).toBe('');
    expect(asked).toEqual([]);
    expect(nullsKey(heads, [line('a'), line('late')], true, nullOf)).toBe('0.2 0.01,0.2 0.01,undefined,undefined');
    expect(asked).toEqual(['a Q_h0', 'a Q_h1', 'late Q_h0', 'late Q_h1']);
  });

  it('that becomes known is drawn beside lines as they are', () => {
    const known = new Set<string>();
    const late: NullOf = (id, series) => (known.has(id) ? nulls(id, series) : undefined);
    const data = new ChartData(emb, [line('a'), line('c')], STANDARD_SETTINGS, 2, late);
    expect(data.nulls).toEqual([]);
    expect(data.updateNulls()).toBe(false);
    known.add('a');
    expect(data.updateNulls()).toBe(true);
    expect(data.nulls.map(({ cv }) => cv)).toEqual([0.2]);
    expect(data.updateNulls()).toBe(false);
    known.add('c');
    expect(data.updateNulls()).toBe(true);
    expect(data.nulls.map(({ cv }) => cv)).toEqual([0.2, 0.1]);
  });

  it('is in a picture, line, spread and name', () => {
    const drawn = (settings: Partial<ChartSettings>): string => {
      const data = chart(emb, [line('a'), line('c')], held(0.15, 0.17), settings);
      const all = { ...STANDARD_SETTINGS, ...settings };
      return figureSvg(chartFigure({ metric: emb, data, settings: all, zoom: null, palette, notes: [] }));
    };
    expect(drawn({})).toContain('>chance 0.200 ± 0.010<');
    expect(drawn({})).toContain('>chance 0.100 ± 0.020<');
    // Two lines in the plot and two in the legend.
    expect(drawn({}).match(/stroke="#666666"[^>]*stroke-dasharray="2 3"/g)).toHaveLength(4);
    expect(drawn({ chance: false })).not.toContain('chance');
  });

  it('stands in columns of its own beside the numbers', () => {
    const data = chart(emb, [line('a'), line('old')], held(0.25));
    expect([...chartCsv(data, 'emb', 'epoch', null)]).toEqual([
      'run,id,epoch,emb,chance,chance sd\n',
      'a,a,0,0.25,0.2,0.01\n',
      'old,old,0,0.25,,\n',
    ]);
    expect(numberTable(data, 10, null).nulls.map((each) => each?.cv)).toEqual([0.2, undefined]);
  });
});

describe('CVs as departures from chance', () => {
  it('are told by standard deviations, without a band, on a linear axis', () => {
    const metric = departing(emb);
    expect(metric).toMatchObject({ name: 'emb', banded: false, departs: true });
    expect(yAxis(metric, 'log')).toBe('linear');
    expect(chartNote(metric, { x: 'epoch', y: 'log' })).toBe('departure from chance (sd), 256 × dim');
    expect(rounded(chart(metric, [line('a')], held(0.25, 0.19)).lines[0]!.ys.values)).toEqual([5, -1]);
    expect(formatValue(metric, -1)).toBe('−1.00');
    expect(formatValue(metric, 17.3)).toBe('+17.30');
  });

  it('leave loss and accuracy as they are', () => expect(departing(loss)).toBe(loss));

  it('are each head’s own in a ribbon, and each run’s own in a mean of seeds', () => {
    const ribbon = chart(departing(heads), [line('a')], held(0.2)).lines[0]!;
    expect(rounded([ribbon.lows!.values[0]!, ribbon.ys.values[0]!, ribbon.highs!.values[0]!])).toEqual([0, 1, 2]);
    const seeds = ['a', 'c'].map((id) => line(id, { seedReplicates: { key: 'one', label: 'one' } }));
    // (0.25 − 0.2) / 0.01 and (0.25 − 0.1) / 0.02
    expect(rounded(chart(departing(emb), seeds, held(0.25), { mean: true }).lines[0]!.ys.values)).toEqual([6.25]);
  });

  it('are not there without a null, and the chart says so once that is known', () => {
    const old = chart(departing(emb), [line('old')], held(0.25, 0.19));
    expect(old.lines[0]!.empty).toBe(true);
    expect(chartNotes(old, 0)).toEqual(['2 values without a null']);
    expect(chartNotes(chart(departing(emb), [line('late')], held(0.25)), 0)).toEqual(['no values yet']);
  });

  it('have a zero line and ± 2 behind them, and zero in view where it leaves them a third of the height', () => {
    const data = chart(departing(emb), [line('a')], held(0.25, 0.22));
    expect(data.guides()).toBe(DEPARTURE_GUIDES);
    expect(DEPARTURE_GUIDES.map(({ at }) => at)).toEqual([2, 0, -2]);
    expect(data.yRange([0, 2])[0]).toBeLessThan(0);
    expect(chart(departing(emb), [line('a')], held(0.25, 0.249)).yRange([0, 2])[0]).toBeGreaterThan(4);
  });
});
