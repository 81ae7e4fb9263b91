/**
 * The rows of a run whose program began again from earlier states, as what counts now and what was gone back behind: each
 * branch counts up to where a later one began.
 */
import type { Seam } from '../../shared/run.js';

export interface Branch {
  /** Rows that count now, in the order of their x. */
  current: number[];
  /** Those that a later branch has taken the place of. */
  former: number[];
}

/** Those at which a program began again, and whose first frame is here. @param rows that are here */
export function resumesWithin(seams: readonly Seam[], rows: number): Seam[] {
  return seams.filter(({ kind, seq }) => kind === 'resume' && seq < rows);
}

/**
 * @param starts the first row of each branch but the first
 * @param placeOf the x of a row; undefined: rows stay in the order in which they came
 */
export function branchesOf(
  rows: number,
  starts: readonly number[],
  stepOf: (row: number) => number,
  placeOf: ((row: number) => number) | undefined,
): Branch[] {
  const bounds = [0, ...starts, rows];
  const branches: Branch[] = [];
  let limit = Infinity;
  for (let index = bounds.length - 2; index >= 0; index--) {
    const branch: Branch = { current: [], former: [] };
    for (let row = bounds[index]!; row < bounds[index + 1]!; row++)
      branch[stepOf(row) < limit ? 'current' : 'former'].push(row);
    branches.unshift(branch);
    limit = Math.min(limit, stepOf(bounds[index]!));
  }
  if (placeOf !== undefined)
    for (const { current, former } of branches) for (const part of [current, former]) inOrder(part, placeOf);
  return branches;
}

/** Sorts in place; late values are few, and what is in order is left as it is. */
export function inOrder(rows: number[], placeOf: (row: number) => number): void {
  if (rows.every((row, index) => index === 0 || !(placeOf(row) < placeOf(rows[index - 1]!)))) return;
  rows.sort((a, b) => placeOf(a) - placeOf(b));
}
