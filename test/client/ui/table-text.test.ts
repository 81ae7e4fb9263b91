/** Tables as text, and the order that a press on a column's head asks for. */
// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { directionOf, nextSort } from '../../../client/ui/sort-head.js';
import { csvTable, markdownTable } from '../../../client/ui/table-text.js';

describe('a table as text', () => {
  it('is CSV whose cells may hold commas, quotes and line ends', () => {
    const rows = [
      ['a', 'b'],
      ['1, 2', 'say "so"'],
      [3, 'x\ny'],
    ];
    expect(csvTable(rows)).toBe('a,b\n"1, 2","say ""so"""\n3,"x\ny"\n');
  });

  it('is Markdown whose cells may hold bars', () => {
    expect(markdownTable(['run', 'v'], [['a|b', '1']])).toBe('| run | v |\n| --- | ---: |\n| a\\|b | 1 |\n');
  });
});

describe('a press on a column’s head', () => {
  it('orders by largest first, then smallest first, then not at all; names the other way round', () => {
    const presses = (first?: 'ascending'): string[] => {
      const orders = [''];
      for (let press = 0; press < 3; press++) orders.push(nextSort(orders.at(-1)!, 'emb', first));
      return orders.slice(1);
    };
    expect(presses()).toEqual(['-emb', 'emb', '']);
    expect(presses('ascending')).toEqual(['emb', '-emb', '']);
    expect(nextSort('-other', 'emb')).toBe('-emb');
    expect(nextSort('emb', '')).toBe('');
  });

  it('is told of the column that decides alone', () => {
    expect([directionOf('emb', 'emb'), directionOf('-emb', 'emb')]).toEqual(['ascending', 'descending']);
    expect([directionOf('emb', 'Q'), directionOf('', ''), directionOf('-', '')]).toEqual(Array(3).fill(undefined));
  });
});
