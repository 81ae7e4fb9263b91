/** In which order the table lists runs: by one of its columns, either way; runs without a value come last. */
import type { Codec } from '../../data/page-address.js';

export const SORT_COLUMNS = ['config', 'hd', 'progress', 'loss', 'acc', 'act_emb'] as const;
export type SortColumn = (typeof SORT_COLUMNS)[number];

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
    const column = SORT_COLUMNS.find((each) => each === written?.slice(descending ? 1 : 0));
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
