/** Which point of a line the cursor means, and why a run has none. */
import { describe, expect, it } from 'vitest';
import { ChartData } from '../../../client/charts/chart-data.js';
import { type ChartSettings, STANDARD_SETTINGS } from '../../../client/charts/chart-settings.js';
import { pointAt } from '../../../client/charts/nearest.js';
import { RunColumns } from '../../../client/data/run-columns.js';
import { absences, whyNoValue } from '../../../client/runs/epoch-reading.js';
import { testRun } from '../../support/test-run.js';
import { appendRows } from '../../support/frame-rows.js';

const NAMES = ['seconds', 'loss', 'accuracy', 'emb'];
const axes = {
  x: { min: 0, max: 10, log: false, from: 0, to: 100 },
  y: { min: 0, max: 1, log: false, from: 100, to: 0 },
};

function columns(rows: [seconds: number, loss: number, emb: number][]): RunColumns {
  const held = new RunColumns(NAMES);
  rows.forEach(([seconds, loss, emb]) => appendRows(held, [seconds, loss, 1, emb]));
  return held;
}

function line(settings: Partial<ChartSettings>, held: RunColumns, every: number | null = 1) {
  const style = { color: 'red', dash: [], widthPx: 1.5, opacity: 1 };
  const run = { id: 'a', label: 'a', style, config: { epochs: 10, every } };
  const metric = { name: 'emb', note: '', axis: 'linear', banded: true } as const;
  const data = new ChartData(metric, [run], { ...STANDARD_SETTINGS, ...settings }, 10);
  data.update(() => held);
  return data.lines[0]!;
}

const at = (left: number, top = 50) => ({ left, top, x: left / 10 });

describe('the point at the cursor', () => {
  it('is of that very epoch or none: not one that was measured before, nor a gap', () => {
    const held = columns([
      [0, 1, 0.1],
      [1, 1, NaN],
      [2, 1, 0.3],
    ]);
    expect([0, 10, 20, 30].map((left) => pointAt(line({}, held, 2), 'epoch', at(left), axes))).toEqual([
      0,
      undefined,
      1,
      undefined,
    ]);
    expect(pointAt(line({}, held), 'epoch', at(10), axes)).toBeUndefined();
  });

  it('is the nearest in time, up to a little beyond the end', () => {
    const one = line(
      { x: 'seconds' },
      columns([
        [0, 1, 0.1],
        [2, 1, 0.2],
        [3, 1, 0.3],
      ]),
    );
    expect([5, 14, 26, 40, 70].map((left) => pointAt(one, 'seconds', at(left), axes))).toEqual([0, 1, 2, 2, undefined]);
  });

  it('is the one next to the pointer where a line turns back on itself', () => {
    const one = line(
      { x: 'loss' },
      columns([
        [0, 5, 0.1],
        [1, 8, 0.5],
        [2, 5, 0.9],
      ]),
    );
    expect(pointAt(one, 'loss', at(50, 12), axes)).toBe(2);
    expect(pointAt(one, 'loss', at(50, 88), axes)).toBe(0);
    expect(pointAt(one, 'loss', at(0, 50), axes)).toBeUndefined();
  });
});

it('is the nearest of a run of which it is not known when it has values', () => {
  const held = new RunColumns(NAMES);
  held.append({ steps: [0, 4, 8], values: new Float32Array([0, 1, 1, 0.1, 1, 1, 1, 0.2, 2, 1, 1, 0.3]) });
  expect([0, 10, 30, 80].map((left) => pointAt(line({}, held, null), 'epoch', at(left), axes))).toEqual([0, 0, 1, 2]);
});

describe('the reason for no value', () => {
  const run = testRun('a', 's', { total: 10, step: 2, status: 'running' });
  run.config = { ...run.config, epochs: 10, every: 4 };
  const held = columns([
    [0, NaN, 0.1],
    [1, 1, NaN],
    [2, 1, NaN],
  ]);

  it('tells what is missing from what is not due', () => {
    const notAsked = () => expect.fail('asked for measurements');
    const why = (series: string, epoch: number) => whyNoValue(run, held, notAsked, series, epoch);
    expect(why('loss', 0)).toBe('before the first update');
    expect(why('emb', 1)).toBe('measured every 4 epochs');
    expect(why('Q_h7', 0)).toBe('fewer heads');
    expect(why('emb', 7)).toBe('not there yet');
    expect(why('emb', 11)).toBe('ends at epoch 10');
  });

  it('is the full measurement’s own where there is one', () => {
    const values = { Q_h0: { cv: null, valid: null, reason: 'fewer than 5 rows' } };
    const wide = new RunColumns([...NAMES, 'Q_h0']);
    appendRows(wide, [0, NaN, 1, 0.1, NaN]);
    const full = () => [{ epoch: 0, sample: 'fixed' as const, values }];
    expect(whyNoValue(run, wide, full, 'Q_h0', 0)).toBe('fewer than 5 rows');
  });

  it('is that of epoch 0 where a later one was measured, but not in full', () => {
    const values = { Q_h0: { cv: null, valid: null, reason: 'fewer than 5 rows' } };
    const wide = new RunColumns([...NAMES, 'Q_h0']);
    for (let epoch = 0; epoch <= 4; epoch++) appendRows(wide, [0, 1, 1, 0.1, NaN]);
    const full = () => [{ epoch: 0, sample: 'fixed' as const, values }];
    expect(whyNoValue({ ...run, step: 4 }, wide, full, 'Q_h0', 4)).toBe('fewer than 5 rows');
    expect(whyNoValue({ ...run, step: 4 }, wide, () => undefined, 'Q_h0', 4)).toBe('not measured');
  });

  it('is told once for all runs that share it', () => {
    const runs = ['a', 'b', 'c', 'd'].map((label) => ({ label, reason: 'not begun' }));
    expect(absences([{ label: 'x', reason: 'fewer heads' }, ...runs])).toEqual([
      { reason: 'fewer heads', labels: ['x'], more: 0 },
      { reason: 'not begun', labels: ['a', 'b', 'c'], more: 1 },
    ]);
  });
});
