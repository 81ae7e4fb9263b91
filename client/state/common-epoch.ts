/** The epoch at which several runs can be held against one another. */
import { measuredRow } from './epoch-rows.js';
import type { RunColumns } from './run-columns.js';

/** The newest epoch, or the newest up to `epoch`, whose CVs all of them have; undefined if there is none. */
export function commonEpoch(all: readonly RunColumns[], epoch: number | null): number | undefined {
  let row = Math.min(...all.map(({ rows }) => rows - 1), epoch === null ? Infinity : Math.floor(epoch));
  if (!Number.isFinite(row)) return undefined;
  for (;;) {
    const at = row;
    const measured = all.map((columns) => measuredRow(columns, at) ?? -1);
    const least = Math.min(...measured);
    if (least < 0) return undefined;
    if (least === row) return row;
    row = least;
  }
}
