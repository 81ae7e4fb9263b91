/** What the browser's tab says: how far the shown sweeps are, for whoever looks at something else. */
import { hasEnded } from '../../shared/run.js';
import { currentRuns } from './attempts.js';
import { type RunListState, runsOfSweep } from './run-list.js';
import { sweepProgress } from './sweep-progress.js';

export function pageTitle(state: RunListState, sweepIds: readonly string[]): string {
  const sweeps = sweepIds.flatMap((id) => state.sweeps.get(id) ?? []);
  if (sweeps.length === 0) return 'Pentachoron';
  const runs = currentRuns(sweeps.flatMap(({ id }) => runsOfSweep(state, id)));
  const name = sweeps.length === 1 ? sweeps[0]!.name : `${sweeps.length} sweeps`;
  const failed = runs.filter(({ status }) => status === 'failed' || status === 'diverged').length;
  const { trained, stopped, failed: lost } = sweepProgress(runs);
  const far = runs.every(hasEnded) ? 'done' : `${Math.floor(100 * (trained + stopped + lost))} %`;
  return `${failed > 0 ? `${failed} failed · ` : ''}${far} · ${name} – Pentachoron`;
}
