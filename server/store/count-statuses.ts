/** How many of a sweep's runs are in each status; statuses without runs are left out. */
import type { RunStatus, Sweep } from '../../shared/run.js';

export function countStatuses(runs: Iterable<{ status: RunStatus }>): Sweep['counts'] {
  const counts: Sweep['counts'] = {};
  for (const { status } of runs) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
