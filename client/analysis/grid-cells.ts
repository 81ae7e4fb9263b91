/** Runs gathered into the cells of their sweep's grid: those that differ in their seed alone are one cell. */
import { type Spread, spreadOf } from './spread.js';

export interface GridRun {
  id: string;
  dim: number;
  heads: number;
  headDim: number;
  lr: number;
  /** Among the other runs of its cell. */
  seed: number;
  /** NaN = none. */
  value: number;
}

export interface GridCell extends Pick<GridRun, 'dim' | 'heads' | 'headDim' | 'lr'> {
  runs: readonly GridRun[];
  /** Over the runs that have a value; undefined if none has. */
  spread: Spread | undefined;
}

/** By dim, learning rate and heads, ascending. */
export function gridCells(runs: readonly GridRun[]): GridCell[] {
  const cells = new Map<string, GridRun[]>();
  for (const run of runs) {
    const key = `${run.dim} ${run.lr} ${run.heads}`;
    const cell = cells.get(key);
    if (cell === undefined) cells.set(key, [run]);
    else cell.push(run);
  }
  return [...cells.values()]
    .map((members) => {
      const { dim, heads, headDim, lr } = members[0]!;
      const values = members.map(({ value }) => value).filter((value) => !Number.isNaN(value));
      return { dim, heads, headDim, lr, runs: members, spread: spreadOf(values) };
    })
    .sort((a, b) => a.dim - b.dim || a.lr - b.lr || a.heads - b.heads);
}
