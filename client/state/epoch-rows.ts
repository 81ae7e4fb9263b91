/** Which row of a run's frames stands for an epoch, where CVs are measured every few epochs only. */
import { LEADING_COLUMNS } from '../../shared/frames.js';
import type { RunColumns } from './run-columns.js';

/** By run: for each of its rows, the newest row up to it that has a CV; −1 = none has. Rows never change. */
const measuredRows = new WeakMap<RunColumns, number[]>();

/**
 * The newest row up to `epoch` that has CVs, or up to the newest row of all for null; undefined if the run has no frame
 * of that epoch.
 */
export function measuredRow(columns: RunColumns, epoch: number | null): number | undefined {
  const row = epoch === null ? columns.rows - 1 : Math.floor(epoch);
  if (row < 0 || row >= columns.rows) return undefined;
  const held = measuredRows.get(columns) ?? [];
  measuredRows.set(columns, held);
  for (let next = held.length; next < columns.rows; next++)
    held.push(hasCv(columns, next) ? next : (held.at(-1) ?? -1));
  // A run too small for any CV: its frames are as good as measured.
  return held[row] === -1 ? row : held[row];
}

function hasCv(columns: RunColumns, row: number): boolean {
  return columns.names.some((name, index) => index >= LEADING_COLUMNS.length && !Number.isNaN(columns.at(name, row)));
}
