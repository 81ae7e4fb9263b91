/** When a trainer with a run in hand is given up: it has been silent for too long, or holds too much memory. */
import { merge, Observable } from 'rxjs';
import { awakeMs } from './awake-clock.js';
import type { TrainerReport } from './messages.js';
import { readFileSync } from 'node:fs';

export interface TrainerLimits {
  /** Longest silence of a trainer that trains, milliseconds; longer where its epochs are slow. */
  silenceMs: number;
  /** Most resident memory; null: as much as there is. */
  maxRssBytes: number | null;
}

/** A silence this many times as long as the slowest epoch is no epoch any more. */
const SLOWEST_EPOCHS = 20;
/** Nothing is known of a run's epochs before its first report, which also has to wait for its data and weights. */
const FIRST_REPORT_FACTOR = 10;
const TICK_MS = 1000;
const MB = 2 ** 20;

/**
 * Emits why the trainer is to be given up, once.
 * @param reports$ All that it reports.
 * @param readRss Its resident memory as the system tells it, bytes; null where it does not.
 */
export function watchTrainer(
  reports$: Observable<TrainerReport>,
  { silenceMs, maxRssBytes }: TrainerLimits,
  readRss: () => number | null,
): Observable<string> {
  return new Observable((subscriber) => {
    let slowestEpochMs: number | null = null;
    let lived = 0;
    let lastReportAt = 0;
    const giveUp = (reason: string): void => {
      subscriber.next(reason);
      subscriber.complete();
    };
    const weigh = (rssBytes: number | null): void => {
      if (maxRssBytes === null || rssBytes === null || rssBytes <= maxRssBytes) return;
      const [resident, allowed] = [rssBytes, maxRssBytes].map((bytes) => Math.round(bytes / MB));
      giveUp(`the trainer held ${resident} MB of memory, and --max-rss allows ${allowed}`);
    };
    const longestSilenceMs = (): number =>
      slowestEpochMs === null ? FIRST_REPORT_FACTOR * silenceMs : Math.max(silenceMs, SLOWEST_EPOCHS * slowestEpochMs);

    subscriber.add(
      merge(reports$, awakeMs(Math.min(TICK_MS, silenceMs / 4))).subscribe((news) => {
        if (typeof news === 'number') {
          lived = news;
          const silent = lived - lastReportAt;
          if (silent > longestSilenceMs()) giveUp(`the trainer reported nothing for ${silent / 1000} s`);
          else weigh(maxRssBytes === null ? null : readRss());
          return;
        }
        lastReportAt = lived;
        // These come before the data and weights are made.
        if (news.type === 'damaged' || news.type === 'begun') return;
        slowestEpochMs ??= 0;
        if (news.type !== 'heartbeat') return;
        slowestEpochMs = Math.max(slowestEpochMs, news.slowestEpochMs);
        weigh(news.rssBytes);
      }),
    );
  });
}

/** Bytes; null where there is no /proc, or no such process any more. */
export function residentBytes(pid: number): number | null {
  if (process.platform !== 'linux') return null;
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) * 1024;
  } catch {
    return null;
  }
}
