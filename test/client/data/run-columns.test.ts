/** Growing columns: by rows, and by names. */
import { describe, expect, it } from 'vitest';
import { RunColumns } from '../../../client/data/run-columns.js';
import { appendRows } from '../../support/frame-rows.js';

const NAMES = ['seconds', 'loss', 'accuracy', 'emb'];

/** Rows from epoch `from`, CV = epoch / 1000 except where `gaps` says none. */
function rows(from: number, count: number, gaps: number[] = []): number[][] {
  return Array.from({ length: count }, (_, index) => {
    const epoch = from + index;
    return [epoch, epoch === 0 ? NaN : 1 / epoch, 0.5, gaps.includes(epoch) ? NaN : epoch / 1000];
  });
}

/** Of one series beside the seconds: a row of each step, whose value is ten times the step. */
function stepped(...steps: number[]): RunColumns {
  const columns = new RunColumns(['seconds', 'loss'], 'f64');
  columns.append({ steps, values: new Float64Array(steps.flatMap((step, row) => [row, 10 * step])) });
  return columns;
}

describe('run columns', () => {
  it('keep every value while they grow beyond their first capacity', () => {
    const columns = new RunColumns(NAMES);
    for (let epoch = 0; epoch < 1000; epoch++) appendRows(columns, ...rows(epoch, 1));
    expect(columns.rows).toBe(1000);
    for (const epoch of [0, 63, 64, 65, 127, 128, 999])
      expect(columns.at('emb', epoch)).toBe(Math.fround(epoch / 1000));
  });

  it('skip the rows that are held already', () => {
    const columns = new RunColumns(NAMES);
    appendRows(columns, ...rows(0, 5));
    columns.append({ steps: [3, 4, 5, 6], values: new Float32Array(rows(3, 4).flat()) }, 2);
    expect(columns.rows).toBe(7);
    expect([4, 5, 6].map((epoch) => columns.at('seconds', epoch))).toEqual([4, 5, 6]);
  });

  it('find the newest value past epochs that were not measured', () => {
    const columns = new RunColumns(NAMES);
    appendRows(columns, ...rows(0, 6, [4, 5]));
    expect(columns.last('emb')).toBe(Math.fround(0.003));
    expect(columns.last('loss')).toBe(Math.fround(1 / 5));
    expect(columns.last('nothing')).toBeNaN();
    expect(new RunColumns(NAMES).last('emb')).toBeNaN();
  });

  it('refuse rows that are not whole, or wider than the columns that are known', () => {
    const append = (steps: number[], values: number) => () =>
      new RunColumns(NAMES).append({ steps, values: new Float32Array(values) });
    expect(append([0, 1], 7)).toThrow('2 frames of 4 columns cannot hold 7 numbers');
    expect(append([0], 5)).toThrow('1 frames of 4 columns cannot hold 5 numbers');
  });
});

describe('columns that become more', () => {
  it.each([10, 63, 64, 65, 200])('have no value in the %i rows of before, and keep all that those had', (before) => {
    const columns = new RunColumns(NAMES);
    appendRows(columns, ...rows(0, before));
    columns.grow([...NAMES, 'late']);
    appendRows(columns, ...rows(before, 100).map((row) => [...row, 7]));
    expect(columns.names).toEqual([...NAMES, 'late']);
    for (let epoch = 0; epoch < before + 100; epoch++) {
      expect(columns.at('emb', epoch)).toBe(Math.fround(epoch / 1000));
      expect(columns.at('late', epoch)).toBe(epoch < before ? NaN : 7);
    }
  });

  it('take narrower rows, which lack the last of them', () => {
    const columns = new RunColumns([...NAMES, 'late']);
    appendRows(columns, ...rows(0, 2));
    expect([columns.at('emb', 1), columns.at('late', 1)]).toEqual([Math.fround(0.001), NaN]);
  });
});

describe('rows whose step is not their number', () => {
  it('are found by their step, and no step between two of them', () => {
    const columns = stepped(0, 10, 20, 20, 50);
    expect([0, 10, 20, 50].map((step) => columns.at('loss', step))).toEqual([0, 100, 200, 500]);
    expect([1, 15, 51, -1].map((step) => columns.at('loss', step))).toEqual([NaN, NaN, NaN, NaN]);
    expect([9, 10, 49, 99, -1].map((step) => columns.rowUpTo(step))).toEqual([0, 1, 3, 4, -1]);
    expect([columns.rowOf(20), columns.lastStep, columns.inRow('loss', 4)]).toEqual([3, 50, 500]);
  });

  it('are found where steps go back: the newest of a step is meant', () => {
    const columns = stepped(0, 1, 2, 3, 1, 2);
    expect([0, 1, 2, 3, 4].map((step) => columns.rowOf(step))).toEqual([0, 4, 5, 3, -1]);
    expect(columns.rowUpTo(1)).toBe(4);
    expect(columns.lastStep).toBe(2);
  });

  it('answer for a step the newest of its frames that has a value, or that was told NaN', () => {
    const columns = new RunColumns(['seconds', 'loss', 'val'], 'f64');
    const values = new Float64Array([0, 1, NaN, 1, 2, NaN, 2, NaN, 5, 3, NaN, NaN, 4, 9, 9]);
    columns.append({ steps: [1, 2, 2, 3, 4], values, nan: [[3, 1]] });
    expect([columns.at('loss', 2), columns.at('val', 2)]).toEqual([2, 5]);
    columns.append({ steps: [2], values: new Float64Array([5, NaN, 6]) });
    expect([columns.at('loss', 2), columns.at('val', 2), columns.highestStep]).toEqual([2, 6, 4]);
    expect([columns.isLoggedNaN('loss', 3), columns.isLoggedNaN('val', 3)]).toEqual([true, false]);
    expect(columns.at('loss', 3)).toBeNaN();
  });

  it('keep doubles as they are', () => {
    const columns = new RunColumns(['seconds'], 'f64');
    columns.append({ steps: [1e12], values: new Float64Array([0.1]) });
    expect(columns.at('seconds', 1e12)).toBe(0.1);
  });
});
