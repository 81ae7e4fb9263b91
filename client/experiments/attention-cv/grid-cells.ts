/** Runs gathered into the cells of their sweep's grid: those of a sweep that differ in their seed alone are one cell. */
import type { CvNull } from '../../../shared/measurement.js';
import { meanNull } from '../../data/cv-null.js';
import { type Spread, spreadOf } from '../../data/statistics.js';
import { type ErrorIfKnown, meanError } from '../../data/standard-error.js';

export interface GridRun {
  id: string;
  dim: number;
  heads: number;
  headDim: number;
  lr: number;
  sweepId: string;
  /** What tells it from runs of equal dim and heads, but for the seed: `lr 0.01`; '' where nothing has to. */
  variant: string;
  /** Among the other runs of its cell. */
  seed: number;
  /** NaN = none. */
  value: number;
  error: ErrorIfKnown;
  /** What chance gives there, where that is known. */
  chance?: CvNull;
}

export interface GridCell extends Pick<GridRun, 'dim' | 'heads' | 'headDim' | 'lr' | 'sweepId' | 'variant'> {
  runs: readonly GridRun[];
  /** Over the runs that have a value; undefined if none has. */
  spread: Spread | undefined;
  /** Of their mean. */
  error: ErrorIfKnown;
  /** What chance gives, the mean over the runs as the value is: where training drove rows together, theirs differ. */
  chance?: CvNull | undefined;
}

/** By dim, learning rate and heads, ascending; sweeps stay in their order. */
export function gridCells(runs: readonly GridRun[]): GridCell[] {
  const cells = new Map<string, GridRun[]>();
  for (const run of runs) {
    const key = `${run.dim} ${run.heads} ${variantKey(run)}`;
    const cell = cells.get(key);
    if (cell === undefined) cells.set(key, [run]);
    else cell.push(run);
  }
  const sweeps = [...new Set(runs.map(({ sweepId }) => sweepId))];
  return [...cells.values()]
    .map((members) => {
      const { dim, heads, headDim, lr, sweepId, variant } = members[0]!;
      const measured = members.filter(({ value }) => !Number.isNaN(value));
      const spread = spreadOf(measured.map(({ value }) => value));
      const error = meanError(measured.map((run) => run.error));
      return {
        dim,
        heads,
        headDim,
        lr,
        sweepId,
        variant,
        runs: members,
        spread,
        error,
        chance: meanNull(members.flatMap((run) => run.chance ?? [])),
      };
    })
    .sort(
      (a, b) =>
        a.dim - b.dim || a.lr - b.lr || sweeps.indexOf(a.sweepId) - sweeps.indexOf(b.sweepId) || a.heads - b.heads,
    );
}

/** Equal for cells that one line or row joins, whatever their dim. */
export function variantKey({ lr, sweepId }: Pick<GridRun, 'lr' | 'sweepId'>): string {
  return `${lr} ${sweepId}`;
}
