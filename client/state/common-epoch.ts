/** The epoch at which several runs can be held against one another. */
import { measuredEpoch } from './epoch-rows.js';
import type { RunColumns } from './run-columns.js';

/** The newest epoch, or the newest up to `epoch`, whose CVs all of them have; undefined if there is none. */
export function commonEpoch(all: readonly RunColumns[], epoch: number | null): number | undefined {
  let common = Math.min(...all.map(({ lastStep }) => lastStep), epoch === null ? Infinity : Math.floor(epoch));
  if (!Number.isFinite(common)) return undefined;
  for (;;) {
    const at = common;
    const measured = all.map((columns) => measuredEpoch(columns, at) ?? -1);
    const least = Math.min(...measured);
    if (least < 0) return undefined;
    if (least === common) return common;
    common = least;
  }
}
