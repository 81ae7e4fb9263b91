/** The table's rows in their order: sweep by sweep, in parts small enough to be left out while they are out of view. */
import type { Sweep } from '../../../shared/run.js';
import { groupOf } from '../../data/run-list.js';
import type { RunLine } from '../run-lines.js';

/** Rows that come and go together. */
export const CHUNK_ROWS = 10;

export interface RunChunk {
  key: string;
  /** Of its first row among all listed rows. */
  start: number;
  lines: readonly RunLine[];
}

export interface RunGroup {
  sweep: Sweep;
  shown: boolean;
  folded: boolean;
  chunks: readonly RunChunk[];
}

/**
 * @param sweeps in the order in which they are listed
 * @param lines those of the shown sweeps that are listed, each sweep's in its order
 */
export function runGroups(
  sweeps: readonly Sweep[],
  lines: readonly RunLine[],
  shownIds: readonly string[],
  foldedIds: readonly string[],
): RunGroup[] {
  let start = 0;
  return sweeps.map((sweep) => {
    const shown = shownIds.includes(sweep.id);
    const folded = foldedIds.includes(sweep.id);
    const own = shown && !folded ? lines.filter(({ run }) => groupOf(run) === sweep.id) : [];
    const chunks: RunChunk[] = [];
    for (let at = 0; at < own.length; at += CHUNK_ROWS) {
      const part = own.slice(at, at + CHUNK_ROWS);
      chunks.push({ key: `${sweep.id} ${at}`, start, lines: part });
      start += part.length;
    }
    return { sweep, shown, folded, chunks };
  });
}
