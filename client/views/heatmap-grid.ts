/** How the cells of a sweep stand in a heatmap: a row for each dim and learning rate, a column for each number of heads. */
import type { GridCell } from '../analysis/grid-cells.js';

export interface HeatmapGrid {
  /** Of the columns, ascending. */
  heads: number[];
  rows: GridCell[][];
  /** Whether rows differ in their learning rate, too. */
  lrs: boolean;
}

export function heatmapGrid(cells: readonly GridCell[]): HeatmapGrid {
  const rows = new Map<string, GridCell[]>();
  for (const cell of cells) {
    const key = `${cell.dim} ${cell.lr}`;
    rows.set(key, [...(rows.get(key) ?? []), cell]);
  }
  return {
    heads: [...new Set(cells.map((cell) => cell.heads))].sort((a, b) => a - b),
    rows: [...rows.values()],
    lrs: new Set(cells.map(({ lr }) => lr)).size > 1,
  };
}
