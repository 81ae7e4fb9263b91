/** Growing columns. */
import { describe, expect, it } from 'vitest';
import { RunColumns } from '../../client/state/run-columns.js';

const NAMES = ['epoch', 'seconds', 'loss', 'accuracy', 'emb'];

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
