/** What runs and sweeps are called: in their experiment's words. */
import type { Run, Sweep } from '../../shared/run.js';
import { experimentOf, experimentOfSweep } from '../experiments/experiments.js';
import { OWN_RUNS } from './own-runs.js';

/** Its name or what its config says, and what else tells the run from its neighbours. @param seeded whether by its seed, too */
export function runLabel(run: Run, sweep: Sweep | undefined, seeded = true): { main: string; more: string } {
  const { main, more } = experimentOf(run).label(run, sweep, seeded);
  return { main, more: [...more, ...(run.attempt > 1 ? [`attempt ${run.attempt}`] : [])].join(' · ') };
}

/** What a sweep varies. */
export function sweepLine(sweep: Sweep): string {
  return sweep.id === OWN_RUNS ? 'not made by a sweep' : experimentOfSweep(sweep).sweepLine(sweep);
}
