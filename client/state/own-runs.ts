/** Runs that no sweep has made: listed and chosen together, as if they were one. */
import type { Run, Sweep } from '../../shared/run.js';

/** No sweep's id is so short. */
export const OWN_RUNS = 'own';

/** What stands for their sweep. One object, so that nothing is drawn anew for it. */
export const OWN_GROUP: Sweep = {
  id: OWN_RUNS,
  name: 'runs of their own',
  spec: {},
  runIds: [],
  createdAt: '',
  counts: {},
};

/** The id of the sweep that a run is listed with. */
export function groupOf({ sweepId }: Pick<Run, 'sweepId'>): string {
  return sweepId ?? OWN_RUNS;
}
