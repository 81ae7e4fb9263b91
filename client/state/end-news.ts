/** What there is to tell of runs that ended between two states of the list: failures one by one, the rest by sweep. */
import { hasEnded, type Run } from '../../shared/run.js';
import { currentRuns } from './attempts.js';
import { type RunListState, runsOfSweep } from './run-list.js';
import { countsLine } from './sweep-progress.js';
import { groupOf } from './own-runs.js';
import { runLabel } from './run-label.js';
import { fullLabel, keptLine, stepWords } from './wording.js';

export interface EndNews {
  /** News of the same tag stand for each other: the latest is enough. */
  tag: string;
  title: string;
  body: string;
}

export function endNews(before: RunListState, after: RunListState): EndNews[] {
  const ended = [...after.runs.values()].filter((run) => {
    const earlier = before.runs.get(run.id);
    return earlier !== undefined && earlier !== run && !hasEnded(earlier) && hasEnded(run);
  });
  const failed = ended.filter(({ status }) => status === 'failed' || status === 'diverged');
  const news = failed.map((run) => ({
    tag: run.id,
    title: `${nameOf(run, after)} ${run.status}`,
    body: [run.error?.message, keptLine(run)].filter((part) => part !== undefined).join('; '),
  }));
  const own = ended.filter((run) => run.sweepId === null && !failed.includes(run));
  const sweepIds = new Set(ended.flatMap(({ sweepId }) => sweepId ?? []));
  return [
    ...news,
    ...own.map((run) => ({
      tag: run.id,
      title: `${nameOf(run, after)} ${run.status}`,
      body: stepWords(run, run.step),
    })),
    ...[...sweepIds].flatMap((id) => sweepNews(id, ended, after)),
  ];
}

function sweepNews(sweepId: string, ended: readonly Run[], state: RunListState): EndNews[] {
  const name = state.sweeps.get(sweepId)?.name ?? 'sweep';
  const runs = currentRuns(runsOfSweep(state, sweepId));
  if (runs.every(hasEnded)) return [{ tag: sweepId, title: `${name} has ended`, body: countsLine(runs) }];
  const last = ended.findLast(
    (run) => run.sweepId === sweepId && (run.status === 'completed' || run.status === 'stopped'),
  );
  if (last === undefined) return [];
  return [{ tag: sweepId, title: `${nameOf(last, state)} ${last.status}`, body: `${name}: ${countsLine(runs)}` }];
}

function nameOf(run: Run, state: RunListState): string {
  return fullLabel(runLabel(run, state.sweeps.get(groupOf(run))));
}
