/** A run in words: what it is called, how it stands, what it is made of, and what goes with it. */
import { hasEnded, type Run } from '../../shared/run.js';
import type { Fact } from '../experiments/experiment.js';
import { experimentOf } from '../experiments/experiments.js';
import { programLine } from './program-words.js';
import { counted, formatDuration, formatTaken, formatTime } from '../ui/numbers.js';

/** Why no checkpoint of a run is kept, and whether one will be. */
export function noCheckpoints(run: Run | undefined): string {
  if (run === undefined || !hasEnded(run))
    return 'none yet: one is written every few seconds of training, and when it is paused or ends';
  const ended = `none: the run ${run.status === 'stopped' ? 'was stopped' : run.status === 'completed' ? 'is completed' : `has ${run.status}`}`;
  return run.step === 0 ? `${ended} before its first ${run.stepName}` : `${ended} and none is kept`;
}

/** Parameters, then what became of the run. */
export function runFacts(run: Run, now: Date = new Date()): Fact[] {
  return [...experimentOf(run).parameters(run), ...lifeFacts(run, now)];
}

/** What became of the run. */
export function lifeFacts(run: Run, now: Date = new Date()): Fact[] {
  const time = (at: string | undefined): string | undefined => (at === undefined ? undefined : formatTime(at, now));
  const rest: [string, string | undefined][] = [
    ['engine', run.engine ?? undefined],
    ['trained for', run.seconds > 0 ? formatTaken(run.seconds) : undefined],
    ['created', time(run.createdAt)],
    ['started', time(run.startedAt)],
    ['ended', time(run.endedAt)],
    ['id', run.id],
  ];
  return rest.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}

/**
 * Where the run stands and what comes next, as half a sentence.
 * @param step as far as frames have arrived
 * @param online whether the server is there: if not, nobody knows how long it will take
 */
export function statusLine(run: Run, step: number, online = true): string {
  const { stepName, total } = run;
  const at = stepWords(run, step);
  if (run.source === 'external') return programLine(run, at, online);
  switch (run.status) {
    case 'queued': {
      const { place, etaSeconds } = run;
      const inLine = online && place !== undefined ? `, number ${place} in line` : '';
      const done = online && etaSeconds !== undefined ? `, done in about ${formatDuration(etaSeconds)}` : '';
      const waits = `waits for a free slot${inLine}${done}`;
      return step === 0 ? `${waits}; its curves begin with the first ${stepName}` : `${at}, ${waits}`;
    }
    case 'running':
      return run.etaSeconds === undefined || !online ? at : `${at}, ${formatDuration(run.etaSeconds)} left`;
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

/** `64 × 4 · seed 7`, where a run's label stands alone. */
export function fullLabel({ main, more }: { main: string; more: string }): string {
  return [main, more].filter((part) => part !== '').join(' · ');
}

/** How much of a run is done, 0 to 1; 0 where nobody knows how long it will be. @param step as far as it is known */
export function shareDone({ status, total }: Pick<Run, 'status' | 'total'>, step: number): number {
  if (total === null) return 0;
  return total === 0 ? Number(status === 'completed') : step / total;
}

/** What is left of a run that ended on its own, and what to do about it. */
export function keptLine({
  status,
  step,
  stepName,
  error,
}: Pick<Run, 'status' | 'step' | 'stepName' | 'error'>): string {
  const progress = step === 0 ? `no ${stepName} was trained` : `${stepName}s up to ${step} are kept`;
  // Its reason says what helps, which is not to go on: what differs, or another engine, would end it again.
  if (error?.code === 'mismatch' || error?.code === 'conflict') return progress;
  // Whoever ran the program can run it again.
  if (error?.code === 'program_failed') return progress;
  return status === 'failed' ? `${progress}, resume goes on` : progress;
}

/** `epoch 12 of 50`, or `step 12` where nobody knows how many there will be. @param step as far as it is known */
export function stepWords({ stepName, total }: Pick<Run, 'stepName' | 'total'>, step: number): string {
  return `${stepName} ${step}${total === null ? '' : ` of ${total}`}`;
}

/** What goes when a run is deleted, as a sentence. */
export function lossOfRun({
  source,
  step,
  stepName,
}: Pick<Run, 'step' | 'stepName'> & Partial<Pick<Run, 'source'>>): string {
  if (source === 'external')
    return 'The run, its curves, output and log are deleted for everybody, from the disk too; what its program still sends is refused.';
  const what =
    step === 0 ? 'The run and its log' : `Its curve of ${counted(step, stepName)}, measurements, checkpoints and log`;
  return `${what} are deleted for everybody, from the disk too.`;
}

/** What goes when a sweep is deleted, as a sentence. */
export function lossOfSweep(runs: readonly Pick<Run, 'step'>[]): string {
  const epochs = runs.reduce((sum, { step }) => sum + step, 0);
  const what = `${counted(runs.length, 'run')} of ${counted(epochs, 'epoch')} in all`;
  return `It goes with its ${what}, their curves, measurements, checkpoints and logs, for everybody, from the disk too.`;
}
