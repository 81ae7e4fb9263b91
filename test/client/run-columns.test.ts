/** Growing columns, and a chart's aligned data made from them. */
import { describe, expect, it } from 'vitest';
import { ChartData } from '../../client/charts/chart-data.js';
import type { Metric } from '../../client/charts/metric.js';
import { RunColumns } from '../../client/state/run-columns.js';

const NAMES = ['epoch', 'seconds', 'loss', 'accuracy', 'emb'];
const emb: Metric = { name: 'emb', note: '', axis: 'linear', banded: true };

/** Rows from epoch `from`, CV = epoch / 1000 except where `gaps` says none. */
function rows(from: number, count: number, gaps: number[] = []): Float32Array {
  return new Float32Array(
    Array.from({ length: count }, (_, index) => {
      const epoch = from + index;
      return [epoch, epoch, epoch === 0 ? NaN : 1 / epoch, 0.5, gaps.includes(epoch) ? NaN : epoch / 1000];
    }).flat(),
  );
}

describe('run columns', () => {
  it('keep every value while they grow beyond their first capacity', () => {
    const columns = new RunColumns(NAMES);
    for (let epoch = 0; epoch < 1000; epoch++) columns.append(rows(epoch, 1), 0);
    expect(columns.rows).toBe(1000);
    for (const epoch of [0, 63, 64, 65, 127, 128, 999])
      expect(columns.at('emb', epoch)).toBe(Math.fround(epoch / 1000));
  });

  it('skip the rows that are held already', () => {
    const columns = new RunColumns(NAMES);
    columns.append(rows(0, 5), 0);
    columns.append(rows(3, 4), 2);
    expect(columns.rows).toBe(7);
    expect([4, 5, 6].map((epoch) => columns.at('epoch', epoch))).toEqual([4, 5, 6]);
  });

  it('find the newest value past epochs that were not measured', () => {
    const columns = new RunColumns(NAMES);
    columns.append(rows(0, 6, [4, 5]), 0);
    expect(columns.last('emb')).toBe(Math.fround(0.003));
    expect(columns.last('loss')).toBe(Math.fround(1 / 5));
    expect(columns.last('nothing')).toBeNaN();
    expect(new RunColumns(NAMES).last('emb')).toBeNaN();
  });

  it('refuse a block of another width', () => {
    expect(() => new RunColumns(NAMES).append(new Float32Array(7), 0)).toThrow('frames of 5 columns');
  });
});

describe('chart data', () => {
  it('aligns runs of different lengths by epoch and pads the shorter with null', () => {
    const [long, short] = [new RunColumns(NAMES), new RunColumns(NAMES)];
    long.append(rows(0, 4), 0);
    short.append(rows(0, 2), 0);
    const held = new Map([
      ['long', long],
      ['short', short],
    ]);
    const config = { epochs: 10, every: 1 };
    const data = new ChartData(emb, [
      { id: 'long', config },
      { id: 'short', config },
    ]);
    const [epochs, first, second] = data.update((id) => held.get(id));
    expect(epochs).toEqual([0, 1, 2, 3]);
    expect(first).toHaveLength(4);
    expect(second).toEqual([0, Math.fround(0.001), null, null]);
    short.append(rows(2, 3), 0);
    const [grown, padded, full] = data.update((id) => held.get(id));
    expect(grown).toEqual([0, 1, 2, 3, 4]);
    expect(padded?.[4]).toBeNull();
    expect(full).toEqual([0, 1, 2, 3, 4].map((epoch) => Math.fround(epoch / 1000)));
  });

  it('joins a line over epochs that were not to be measured, and breaks it where a value is missing', () => {
    const columns = new RunColumns(NAMES);
    columns.append(rows(0, 7, [1, 3, 4, 5]), 0);
    const data = new ChartData(emb, [{ id: 'a', config: { epochs: 100, every: 2 } }]);
    const [, cells] = data.update(() => columns);
    expect(cells?.[1]).toBeUndefined();
    expect(cells?.[3]).toBeUndefined();
    expect(cells?.[4]).toBeNull();
    expect(cells?.[6]).toBe(Math.fround(0.006));
  });

  it('has no line for a run that lacks the series', () => {
    const columns = new RunColumns(NAMES);
    columns.append(rows(0, 2), 0);
    const other: Metric = { ...emb, name: 'Q_h7' };
    const [, cells] = new ChartData(other, [{ id: 'a', config: { epochs: 10, every: 1 } }]).update(() => columns);
    expect(cells).toEqual([null, null]);
  });
});
