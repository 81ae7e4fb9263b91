/** How cells stand in a heatmap: a row for each dim, learning rate and sweep, a column for each number of heads. */
import { distinct } from '../../analysis/distinct.js';
import { type GridCell, variantKey } from './grid-cells.js';

export interface HeatmapGrid {
  /** Of the columns, ascending. */
  heads: number[];
  rows: GridCell[][];
}

export function heatmapGrid(cells: readonly GridCell[]): HeatmapGrid {
  const rows = new Map<string, GridCell[]>();
  for (const cell of cells) {
    const key = `${cell.dim} ${variantKey(cell)}`;
    rows.set(key, [...(rows.get(key) ?? []), cell]);
  }
  return {
    heads: distinct(cells.map((cell) => cell.heads)),
    rows: [...rows.values()],
  };
}
