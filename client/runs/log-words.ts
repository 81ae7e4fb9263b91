/** A run's log in words: what happened, to whose wish, and the details that matter. */
import type { LogEntry } from '../data/commands.js';
import { errorLine } from './program-words.js';
import type { Run } from '../../shared/run.js';
import { formatBytes, formatTaken, formatTime } from '../ui/numbers.js';

export type LogTone = 'plain' | 'good' | 'waiting' | 'bad';

export interface LogLine {
  at: string;
  /** `paused by a viewer`. */
  title: string;
  /** Empty where the title says it all. */
  details: string;
  tone: LogTone;
}

/** What programs report, and what is asked of them. */
const PROGRAM_WORDS: Record<string, { title: string; tone?: LogTone }> = {
  created: { title: 'begun' },
  'pause-requested': { title: 'asked to pause', tone: 'waiting' },
  'resume-requested': { title: 'asked to resume' },
  'stop-requested': { title: 'asked to stop', tone: 'waiting' },
  'checkpoint-requested': { title: 'asked for a checkpoint' },
  'set-requested': { title: 'asked to set' },
  silent: { title: 'not heard any more', tone: 'waiting' },
  'heard-again': { title: 'heard again', tone: 'good' },
};

const WORDS: Record<string, { title: string; tone?: LogTone }> = {
  'engine-changed': { title: 'engine changed', tone: 'waiting' },
  'checkpoint-damaged': { title: 'checkpoint damaged', tone: 'bad' },
  'begun-again': { title: 'begun again', tone: 'waiting' },
  paused: { title: 'paused', tone: 'waiting' },
  recovered: { title: 'recovered', tone: 'good' },
  'measure-requested': { title: 'to be measured again' },
  measured: { title: 'measured again', tone: 'good' },
  'not-measured': { title: 'could not be measured again', tone: 'bad' },
  completed: { title: 'completed', tone: 'good' },
  crashed: { title: 'trainer crashed', tone: 'bad' },
  mismatch: { title: 'came out different', tone: 'bad' },
  failed: { title: 'failed', tone: 'bad' },
  diverged: { title: 'diverged', tone: 'bad' },
};

/** Who has no token's name; any other may be one, `constructor` too. */
const WHO: ReadonlyMap<string, string> = new Map([
  ['viewer', 'a viewer'],
  ['http', 'an HTTP call'],
  ['command-line', 'the command line'],
  ['server', 'the server'],
  ['program', 'its program'],
]);

const UNIT_OF: Record<string, (value: unknown) => string> = {
  bytes: (value) => (typeof value === 'number' ? formatBytes(value) : String(value)),
  kernels: (value) => {
    const { from, to } = (typeof value === 'object' ? value : {}) as Record<string, unknown>;
    return `kernels ${from === undefined ? plain(value) : `${plain(from)} → ${plain(to)}`}`;
  },
  seconds: (value) => (typeof value === 'number' ? `${formatTaken(value)} of training` : String(value)),
};

/** One line an event; checkpoints that follow one another make one line. @param entries oldest first */
export function logLines(entries: readonly LogEntry[], source: Run['source'] = 'local'): LogLine[] {
  return grouped(entries).map(({ entry, count, before }) => {
    const { title, tone = 'plain' } = wordsOf(entry, source);
    // That it is heard or not is what the server hears, and nobody's doing.
    const isHearing = entry.event === 'silent' || entry.event === 'heard-again';
    const by = entry.by === undefined || isHearing ? '' : ` by ${WHO.get(entry.by) ?? entry.by}`;
    return {
      at: entry.at,
      title: count === 1 ? `${title}${by}` : `${count} ${title}s`,
      details: detailsLine(entry, count, before),
      tone,
    };
  });
}

function wordsOf({ event, by }: LogEntry, source: Run['source']): { title: string; tone?: LogTone } {
  if (source === 'external') {
    // Its program says that it goes on; anyone else begins another one that does.
    if (event === 'resumed' && by !== 'program') return { title: 'resumed as a new writer', tone: 'waiting' };
    const words = PROGRAM_WORDS[event];
    if (words !== undefined) return words;
  }
  return WORDS[event] ?? { title: event.replaceAll('-', ' ') };
}

interface Group {
  /** Of several the last. */
  entry: LogEntry;
  count: number;
  before: LogEntry | undefined;
}

function grouped(entries: readonly LogEntry[]): Group[] {
  const groups: Group[] = [];
  for (const [index, entry] of entries.entries()) {
    const last = groups.at(-1);
    if (last !== undefined && entry.event === 'checkpoint' && last.entry.event === 'checkpoint') {
      last.entry = entry;
      last.count++;
    } else {
      groups.push({ entry, count: 1, before: entries[index - 1] });
    }
  }
  return groups;
}

function detailsLine({ event, cause, by, details }: LogEntry, count: number, before: LogEntry | undefined): string {
  if (event === 'set-requested') return settingLine(details);
  if (event === 'silent' || event === 'heard-again') return silenceLine(event, details);
  // A failure repeats what the entry before it has said in full.
  const reason = cause === undefined || cause === before?.cause ? '' : cause;
  // The cause of a difference names its epoch and both values.
  const facts = event === 'mismatch' ? '' : factsLine(details);
  const unit = event === 'extended' ? ' epochs' : '';
  return [count > 1 ? `the last at ${facts}` : `${facts}${unit}`, by === 'program' ? errorLine(reason) : reason]
    .filter((part) => part !== '')
    .join(' · ');
}

/** `lr 0.1 → 0.01` */
function settingLine(details: unknown): string {
  const { name, value, before } = (details ?? {}) as Record<string, unknown>;
  return `${plain(name ?? '')} ${before === undefined ? '' : `${plain(before)} → `}${plain(value ?? '')}`;
}

function silenceLine(event: string, details: unknown): string {
  const { silentSince } = (details ?? {}) as Record<string, unknown>;
  if (typeof silentSince !== 'string') return '';
  return event === 'silent' ? `since ${formatTime(silentSince)}` : `silent since ${formatTime(silentSince)}`;
}

function factsLine(details: unknown): string {
  if (details === undefined || details === null) return '';
  if (typeof details !== 'object') return JSON.stringify(details);
  const { from, to, ...rest } = details as Record<string, unknown>;
  const change = from === undefined || to === undefined ? { from, to } : {};
  const facts = Object.entries({ ...change, ...rest }).filter(([, value]) => value !== undefined && value !== null);
  return [
    // The same where only the kernels are others.
    ...(from === undefined || to === undefined || from === to ? [] : [`${plain(from)} → ${plain(to)}`]),
    ...facts.map(([name, value]) => UNIT_OF[name]?.(value) ?? `${name} ${plain(value)}`),
  ].join(' · ');
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
