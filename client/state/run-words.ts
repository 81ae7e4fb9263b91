/** One run in words: how it stands, and what it is made of. */
import { hasEnded, type Run } from '../../shared/run.js';
import type { Fact } from '../experiments/experiment.js';
import { experimentOf } from '../experiments/experiments.js';
import { formatTime } from './log-wording.js';
import { counted, formatDuration, formatTaken, keptLine, stepWords } from './wording.js';

/** Why no checkpoint of a run is kept, and whether one will be. */
export function noCheckpoints(run: Run | undefined): string {
  if (run === undefined || !hasEnded(run))
    return 'none yet: one is written every few seconds of training, and when it is paused or ends';
  const ended = `none: the run ${run.status === 'stopped' ? 'was stopped' : run.status === 'completed' ? 'is completed' : `has ${run.status}`}`;
  return run.step === 0 ? `${ended} before its first ${run.stepName}` : `${ended} and none is kept`;
}

/** Parameters, then what became of the run. */
export function runFacts(run: Run, now: Date = new Date()): Fact[] {
  const time = (at: string | undefined): string | undefined => (at === undefined ? undefined : formatTime(at, now));
  const rest: [string, string | undefined][] = [
    ['engine', run.engine ?? undefined],
    ['trained for', run.seconds > 0 ? formatTaken(run.seconds) : undefined],
    ['created', time(run.createdAt)],
    ['started', time(run.startedAt)],
    ['ended', time(run.endedAt)],
    ['id', run.id],
  ];
  return [
    ...experimentOf(run).parameters(run),
    ...rest.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }])),
  ];
}

/**
 * Where the run stands and what comes next, as half a sentence.
 * @param step as far as frames have arrived
 * @param heard whether the server is: if not, nobody knows how long it will take
 */
export function statusLine(run: Run, step: number, heard = true): string {
  const { stepName, total } = run;
  const at = stepWords(run, step);
  switch (run.status) {
    case 'queued': {
      const { place, etaSeconds } = run;
      const inLine = heard && place !== undefined ? `, number ${place} in line` : '';
      const done = heard && etaSeconds !== undefined ? `, done in about ${formatDuration(etaSeconds)}` : '';
      const waits = `waits for a free slot${inLine}${done}`;
      return step === 0 ? `${waits}; its curves begin with the first ${stepName}` : `${at}, ${waits}`;
    }
    case 'running':
      return run.etaSeconds === undefined || !heard ? at : `${at}, ${formatDuration(run.etaSeconds)} left`;
    case 'pausing':
      return `${at}, pauses when the ${stepName} in hand is done`;
    case 'stopping':
      return `${at}, stops when the ${stepName} in hand is done`;
    case 'paused':
      return `${at}; resume goes on from there`;
    case 'stopped':
      return `${at}, ended by hand; resume or extend takes it up again`;
    case 'completed':
      return `${counted(total ?? step, stepName)} in ${formatTaken(run.seconds)}`;
    case 'failed':
    case 'diverged':
      return `${at}; ${keptLine(run)}`;
  }
}
