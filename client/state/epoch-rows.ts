/** Which of a run's frames stands for an epoch, where CVs are measured every few epochs only. */
import { isCvColumn } from '../charts/chart-settings.js';
import type { RunColumns } from './run-columns.js';

/** By run: for each of its rows, the newest row up to it that has a CV; −1 = none has. Rows never change. */
const measuredRows = new WeakMap<RunColumns, number[]>();

/**
 * The newest epoch up to `epoch` that has CVs, or of all for null; undefined if the run has no frame of that epoch, or
 * is not there yet.
 */
export function measuredEpoch(columns: RunColumns, epoch: number | null): number | undefined {
  if (epoch !== null && Math.floor(epoch) > columns.lastStep) return undefined;
  const row = epoch === null ? columns.rows - 1 : columns.rowUpTo(epoch);
  if (row < 0) return undefined;
  const held = measuredRows.get(columns) ?? [];
  measuredRows.set(columns, held);
  for (let next = held.length; next < columns.rows; next++)
    held.push(hasCv(columns, next) ? next : (held.at(-1) ?? -1));
  // A run too small for any CV: its frames are as good as measured.
  return columns.step(held[row] === -1 ? row : held[row]!);
}

function hasCv(columns: RunColumns, row: number): boolean {
  return columns.names.some((name) => isCvColumn(name) && !Number.isNaN(columns.inRow(name, row)));
}
