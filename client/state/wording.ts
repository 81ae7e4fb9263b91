/** How the page writes numbers, times and how runs stand: each at a fixed width, so that nothing dances. */
import type { Band } from '../analysis/band-judgement.js';
import type { Run } from '../../shared/run.js';

export const NO_VALUE = '–';

/** Four decimals, as long as that says something. */
export function formatLoss(loss: number): string {
  if (Number.isNaN(loss)) return NO_VALUE;
  if (loss !== 0 && (Math.abs(loss) < 0.0001 || Math.abs(loss) >= 1000)) return loss.toExponential(1).replace('+', '');
  return loss.toFixed(loss >= 10 ? 2 : 4);
}

/** A share as percent without its sign. */
export function formatAccuracy(accuracy: number): string {
  return Number.isNaN(accuracy) ? NO_VALUE : (accuracy * 100).toFixed(1);
}

export function formatCv(cv: number, decimals = 3): string {
  return Number.isNaN(cv) ? NO_VALUE : cv.toFixed(decimals);
}

/** `0.13 – 0.30`; more decimals where an edge has them. */
export function formatBand({ low, high }: Band): string {
  const edge = (value: number): string => (Number(value.toFixed(2)) === value ? value.toFixed(2) : String(value));
  return `${edge(low)} – ${edge(high)}`;
}

/** `3 s`, `4 min 10 s`, `2 h 5 min`, `3 d 4 h`: the two largest units that matter. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return two(whole, 60, 'min', 1, 's');
  if (whole < 86_400) return two(whole, 3600, 'h', 60, 'min');
  return two(whole, 86_400, 'd', 3600, 'h');
}

/** What something took, once it is over: a short time to its tenth. */
export function formatTaken(seconds: number): string {
  return seconds < 9.95 ? `${Math.max(0, seconds).toFixed(1)} s` : formatDuration(seconds);
}

/** One unit alone, for narrow places: `12 s`, `4 min`, `2 h`. */
export function formatShortDuration(seconds: number): string {
  if (seconds < 100) return `${Math.max(0, Math.round(seconds))} s`;
  if (seconds < 6000) return `${Math.round(seconds / 60)} min`;
  return seconds < 200_000 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}

function two(whole: number, unit: number, name: string, small: number, smallName: string): string {
  const rest = Math.floor((whole % unit) / small);
  return `${Math.floor(whole / unit)} ${name}${rest > 0 ? ` ${rest} ${smallName}` : ''}`;
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
  const kept = step === 0 ? `no ${stepName} was trained` : `${stepName}s up to ${step} are kept`;
  // Its reason says what helps, which is not to go on: what differs, or another engine, would end it again.
  if (error?.code === 'mismatch' || error?.code === 'conflict') return kept;
  return status === 'failed' ? `${kept}, resume goes on` : kept;
}

/** `epoch 12 of 50`, or `step 12` where nobody knows how many there will be. @param step as far as it is known */
export function stepWords({ stepName, total }: Pick<Run, 'stepName' | 'total'>, step: number): string {
  return `${stepName} ${step}${total === null ? '' : ` of ${total}`}`;
}

export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** What goes when a run is deleted, as a sentence. */
export function lossOfRun({ step, stepName }: Pick<Run, 'step' | 'stepName'>): string {
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
