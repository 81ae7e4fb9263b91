/** How far runs are. */
import { hasEnded, type Run, RUN_STATUSES, type RunStatus, type Sweep } from '../../shared/run.js';

/** How a sweep has ended, by the worst of its runs: what was asked for or not. Undefined while one may go on. */
export function sweepEnd(runs: readonly Pick<Run, 'status'>[]): 'completed' | 'stopped' | 'failed' | undefined {
  if (!runs.every(hasEnded)) return undefined;
  if (runs.some(({ status }) => status === 'failed' || status === 'diverged')) return 'failed';
  return runs.some(({ status }) => status === 'stopped') ? 'stopped' : 'completed';
}

/**
 * Shares of all epochs that were asked for, 0 to 1: what an ended run never reached stays missing. A run of which nobody
 * knows how long it will be does not count.
 */
export interface SweepProgress {
  /** Of runs that are completed, or may be yet. */
  trained: number;
  /** Of runs that ended before they were through. */
  stopped: number;
  failed: number;
}

export function sweepProgress(runs: readonly Run[]): SweepProgress {
  const total = runs.reduce((sum, run) => sum + (run.total ?? 0), 0);
  const share = (statuses: readonly RunStatus[]): number => {
    const some = runs.filter(({ status }) => statuses.includes(status));
    // A sweep of no epochs is through as its runs are.
    if (total === 0) return runs.length === 0 ? 0 : some.filter(hasEnded).length / runs.length;
    return some.reduce((sum, run) => sum + (run.total === null ? 0 : run.step), 0) / total;
  };
  const failed: RunStatus[] = ['failed', 'diverged'];
  return {
    trained: share(RUN_STATUSES.filter((status) => status !== 'stopped' && !failed.includes(status))),
    stopped: share(['stopped']),
    failed: share(failed),
  };
}

/** `2 of 12 runs completed, 10 stopped; 34 % of all epochs trained`. */
export function progressWords(runs: readonly Run[]): string {
  const { trained, stopped, failed } = sweepProgress(runs);
  return `${countsLine(runs)}; ${Math.floor((trained + stopped + failed) * 100)} % of all epochs trained`;
}

/** Seconds until all of these sweeps are done, by the server's word; undefined while it has none. */
export function sweepsLeft(sweeps: readonly Pick<Sweep, 'etaSeconds'>[]): number | undefined {
  const known = sweeps.flatMap(({ etaSeconds }) => etaSeconds ?? []);
  return known.length === 0 ? undefined : Math.max(...known);
}

const COUNT_WORDS: [RunStatus[], string][] = [
  [['running', 'pausing', 'stopping'], 'training'],
  [['paused'], 'paused'],
  [['queued'], 'queued'],
  [['stopped'], 'stopped'],
  [['failed'], 'failed'],
  [['diverged'], 'diverged'],
];

/** `8 of 12 done · 2 training · 1 paused`. */
export function countsLine(runs: readonly Run[]): string {
  const count = (statuses: readonly RunStatus[]): number => runs.filter((run) => statuses.includes(run.status)).length;
  const parts = COUNT_WORDS.map(([statuses, word]) => [count(statuses), word] as const).filter(([n]) => n > 0);
  return [`${count(['completed'])} of ${runs.length} done`, ...parts.map(([n, word]) => `${n} ${word}`)].join(' · ');
}
