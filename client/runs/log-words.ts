/** A run's log in words: what happened, to whose wish, and the details that matter. */
import type { LogEntry } from '../data/commands.js';
import { formatBytes, formatTaken } from '../ui/numbers.js';

export type LogTone = 'plain' | 'good' | 'waiting' | 'bad';

export interface LogLine {
  at: string;
  /** `paused by a viewer`. */
  title: string;
  /** Empty where the title says it all. */
  details: string;
  tone: LogTone;
}

const WORDS: Record<string, { title: string; tone?: LogTone }> = {
  'engine-changed': { title: 'engine changed', tone: 'waiting' },
  'checkpoint-damaged': { title: 'checkpoint damaged', tone: 'bad' },
  'begun-again': { title: 'begun again', tone: 'waiting' },
  paused: { title: 'paused', tone: 'waiting' },
  recovered: { title: 'recovered', tone: 'good' },
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
export function logLines(entries: readonly LogEntry[]): LogLine[] {
  return grouped(entries).map(({ entry, count, before }) => {
    const { title, tone = 'plain' } = WORDS[entry.event] ?? { title: entry.event.replaceAll('-', ' ') };
    const by = entry.by === undefined ? '' : ` by ${WHO.get(entry.by) ?? entry.by}`;
    return {
      at: entry.at,
      title: count === 1 ? `${title}${by}` : `${count} ${title}s`,
      details: detailsLine(entry, count, before),
      tone,
    };
  });
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

function detailsLine({ event, cause, details }: LogEntry, count: number, before: LogEntry | undefined): string {
  // A failure repeats what the entry before it has said in full.
  const reason = cause === undefined || cause === before?.cause ? '' : cause;
  // The cause of a difference names its epoch and both values.
  const facts = event === 'mismatch' ? '' : factsLine(details);
  const unit = event === 'extended' ? ' epochs' : '';
  return [count > 1 ? `the last at ${facts}` : `${facts}${unit}`, reason].filter((part) => part !== '').join(' · ');
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
