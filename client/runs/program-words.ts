/** A run that another program trains, in words: how it stands, and what is waited for. */
import { plainText } from '../../shared/plain-text.js';
import { hasEnded, type Run, type RunAction } from '../../shared/run.js';
import { counted, formatDuration, formatTaken, formatTime } from '../ui/numbers.js';

type Program = Pick<Run, 'source' | 'status' | 'requested' | 'silentSince' | 'accepts'>;

const MOST_OF_LINE = 200;

/** `12:03`; the date, too, unless it is that of `now`. */
export function shortTime(at: string, now?: Date): string {
  return formatTime(at, now).slice(0, -':00'.length);
}

/** What stands for its status: what was asked of it and is not confirmed, too. */
export function stateWord({ status, requested }: Pick<Run, 'status' | 'requested'>): string {
  return requested === 'resume' ? 'asked to resume' : status;
}

/** `silent since 12:03`; '' while its program is heard, or has ended. */
export function silentWords(run: Program, now?: Date): string {
  return run.silentSince === undefined || hasEnded(run) ? '' : `silent since ${shortTime(run.silentSince, now)}`;
}

/** As `statusLine`. @param at `step 12 of 50` */
export function programLine(run: Run, at: string, online: boolean): string {
  const { status, requested, etaSeconds, seconds, accepts = [], step, stepName } = run;
  // Whatever it was asked, it has not heard of it.
  if (silentWords(run) !== '') return `${at}; what it sends when it is heard again is kept`;
  if (requested === 'resume') return `${at}, goes on when its program hears of it`;
  switch (status) {
    case 'pausing':
      return `${at}, pauses when its program says so`;
    case 'stopping':
      return `${at}, stops when its program says so`;
    case 'paused':
      return accepts.includes('resume') ? `${at}; resume goes on from there` : `${at}; its program goes on by itself`;
    case 'completed':
      return `${counted(step, stepName)} in ${formatTaken(seconds)}`;
    case 'stopped':
      return `${at}; its program may go on with it`;
    case 'failed':
      return `${at}; what it has sent is kept`;
    default:
      return etaSeconds === undefined || !online ? at : `${at}, ${formatDuration(etaSeconds)} left`;
  }
}

const TITLES: Partial<Record<RunAction, string>> = {
  pause: 'pause: its program waits where it is',
  resume: 'resume: its program goes on from where it is',
  stop: 'stop: its program ends; what was trained stays',
};

/** What a command does to it, for a button's hint. */
export function programTitle(action: RunAction, run: Program): string {
  const silent = silentWords(run);
  if (action === 'stop' && silent !== '') return `stop: ${silent}, counts as stopped at once …`;
  return TITLES[action] ?? action;
}

/** What is asked before a run is stopped whose program nobody hears. */
export function stopSilentText(run: Program): string {
  const since = run.silentSince === undefined ? '' : ` since ${shortTime(run.silentSince)}`;
  return `Nothing was heard of its program${since}, so it counts as stopped at once. If the program still trains, it is told to stop when it is heard again, and what it sends until then is kept.`;
}

/** The last line of a traceback, which says what went wrong. */
export function errorLine(message: string): string {
  const lines = plainText(message, true).split(/\r\n|\r|\n/);
  const last = lines.findLast((line) => line.trim() !== '')?.trim() ?? '';
  return last.length > MOST_OF_LINE ? `${last.slice(0, MOST_OF_LINE)}…` : last;
}
