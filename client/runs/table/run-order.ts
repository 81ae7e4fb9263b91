/** In which order the table lists runs: by one of its columns, either way; runs without a value come last. */
import type { Codec } from '../../data/page-address.js';
import { experiments } from '../../experiments/experiments.js';

/** `config`, `progress`, `loss`, `acc`, or what an experiment has columns for: a field of its configs, a series. */
export type SortColumn = string;

function sortColumns(): SortColumn[] {
  const own = experiments().flatMap(({ table: { size, newest } }) => [size?.field, newest?.series]);
  return ['config', 'progress', 'loss', 'acc', ...own.filter((column) => column !== undefined)];
}

export interface RunOrder {
  column: SortColumn;
  descending: boolean;
}

/** The grid's own order. */
export const GRID_ORDER: RunOrder = { column: 'config', descending: false };

/** `loss` or `-loss` in the page's address. */
export const orderCodec: Codec<RunOrder> = {
  read: (written) => {
    const descending = written?.startsWith('-') ?? false;
    const column = sortColumns().find((each) => each === written?.slice(descending ? 1 : 0));
    return column === undefined ? GRID_ORDER : { column, descending };
  },
  write: ({ column, descending }) => (column === 'config' && !descending ? null : `${descending ? '-' : ''}${column}`),
  standard: 'config',
};

/** Ascending, then descending, then as the grid has it. */
export function nextOrder({ column, descending }: RunOrder, pressed: SortColumn): RunOrder {
  if (pressed !== column) return { column: pressed, descending: false };
  return descending ? GRID_ORDER : { column, descending: true };
}

/** Sorted copies of `items`, which come in the grid's order; equals stay in it. */
export function inOrder<T>(
  items: readonly T[],
  { column, descending }: RunOrder,
  value: (item: T, column: SortColumn) => number,
): T[] {
  if (column === 'config') return descending ? [...items].reverse() : [...items];
  const keyed = items.map((item) => ({ item, key: value(item, column) }));
  return keyed
    .sort((a, b) => {
      if (Number.isNaN(a.key) || Number.isNaN(b.key)) return Number(Number.isNaN(a.key)) - Number(Number.isNaN(b.key));
      return descending ? b.key - a.key : a.key - b.key;
    })
    .map(({ item }) => item);
}
