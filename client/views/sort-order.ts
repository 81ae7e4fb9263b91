/** The order of a table as one word: a column's key, after a `-` from large to small; '' = the table's own. */

export type Direction = 'ascending' | 'descending';

export function directionOf(sort: string, key: string): Direction | undefined {
  if (key === '') return undefined;
  return sort === key ? 'ascending' : sort === `-${key}` ? 'descending' : undefined;
}

/** What a press on the column's head asks for: largest first, then smallest first, then the table's own order. */
export function nextSort(sort: string, key: string, first: Direction = 'descending'): string {
  const orders = first === 'descending' ? [`-${key}`, key] : [key, `-${key}`];
  return key === '' ? '' : (orders[orders.indexOf(sort) + 1] ?? '');
}
