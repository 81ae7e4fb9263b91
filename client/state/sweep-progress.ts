/** How far a sweep is and how long it will take, from its runs alone. */
import type { Run, RunStatus } from '../../shared/run.js';

const ENDED: readonly RunStatus[] = ['stopped', 'completed', 'failed', 'diverged'];
const TO_TRAIN: readonly RunStatus[] = ['queued', 'running', 'pausing'];

/** The trained share of all epochs, 0 to 1; epochs that an ended run never reached count as none. */
export function sweepProgress(runs: readonly Run[]): number {
  const total = runs.reduce((sum, run) => sum + (ENDED.includes(run.status) ? run.epoch : run.epochs), 0);
  const done = runs.reduce((sum, run) => sum + run.epoch, 0);
  if (total > 0) return done / total;
  return runs.every((run) => ENDED.includes(run.status)) ? 1 : 0;
}

/**
 * Seconds until every run that trains or waits is done; paused runs wait for nobody. Undefined before anything is
 * known of the pace. A run without a pace of its own takes that of its dim, else that of all.
 */
export function secondsLeft(runs: readonly Run[]): number | undefined {
  const ahead = runs.filter((run) => TO_TRAIN.includes(run.status));
  const paced = runs.filter((run) => run.epoch > 0 && run.seconds > 0);
  if (ahead.length === 0 || paced.length === 0) return undefined;
  const pace = (some: readonly Run[]): number =>
    some.reduce((sum, run) => sum + run.seconds, 0) / some.reduce((sum, run) => sum + run.epoch, 0);
  const remaining = ahead.map((run) => {
    const own = paced.filter((each) => each.id === run.id);
    const alike = paced.filter((each) => each.config.dim === run.config.dim);
    const known = [own, alike, paced].find((some) => some.length > 0)!;
    return (run.epochs - run.epoch) * pace(known);
  });
  const slots = Math.max(1, runs.filter((run) => run.status === 'running' || run.status === 'pausing').length);
  return Math.max(remaining.reduce((sum, seconds) => sum + seconds, 0) / slots, ...remaining.slice(0, slots));
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
