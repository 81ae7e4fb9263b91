/** Tells through the system of runs and sweeps that end while nobody looks at the page, if that was asked for. */
import { featureState } from '../runs/observatory.js';
import { StoredSwitch } from '../data/stored-switch.js';
import { errorLine } from '../runs/program-words.js';
import { type RunListState, runsOfSweep, groupOf } from '../data/run-list.js';
import { type Readable, whenChanged } from '../data/signals.js';
import { hasEnded, type Run } from '../../shared/run.js';
import { currentRuns } from '../data/attempts.js';
import { countsLine } from '../runs/sweep-progress.js';
import { runLabel } from '../runs/run-lines.js';
import { fullLabel, keptLine, stepWords } from '../runs/run-words.js';

/** The browser's part of it. */
export interface Notifier {
  /** False where the browser has no such thing. */
  isPossible: boolean;
  /** Asks the person, if they have not answered yet. */
  ask: () => Promise<boolean>;
  show: (news: EndNews) => void;
}

export class EndNotifications {
  readonly #notifier: Notifier;
  readonly #wanted = new StoredSwitch('pentachoron-notify', false);

  constructor(
    runs: Readable<RunListState>,
    notifier: Notifier = browserNotifier,
    isHidden: () => boolean = () => document.hidden,
  ) {
    this.#notifier = notifier;
    let before = runs.value;
    whenChanged(
      () => runs.value,
      (after) => {
        if (this.#wanted.value && isHidden()) endNews(before, after).forEach((news) => notifier.show(news));
        before = after;
      },
    );
  }

  get isPossible(): boolean {
    return this.#notifier.isPossible;
  }

  get wanted(): Readable<boolean> {
    return this.#wanted;
  }

  /** Turns it on or off; false if the browser does not let it be on. */
  async toggle(): Promise<boolean> {
    if (this.#wanted.value) this.#wanted.set(false);
    else if (await this.#notifier.ask()) this.#wanted.set(true);
    else return false;
    return true;
  }
}

const browserNotifier: Notifier = {
  // By plain http they are there, and never allowed.
  isPossible: 'Notification' in globalThis && isSecureContext,
  ask: async () => (await Notification.requestPermission()) === 'granted',
  show: ({ tag, title, body }) => {
    if (Notification.permission !== 'granted') return;
    try {
      const shown = new Notification(title, { tag, body, icon: new URL('icon.svg', document.baseURI).href });
      shown.onclick = () => {
        window.focus();
        shown.close();
      };
    } catch {
      // Browsers on phones allow it to service workers alone.
    }
  },
};

export const endNotifications = featureState(({ runList }) => new EndNotifications(runList.state));

/** What there is to tell of runs that ended between two states of the list: failures one by one, the rest by sweep. */
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
    body: [run.error === undefined ? undefined : errorLine(run.error.message), keptLine(run)]
      .filter((part) => part !== undefined)
      .join('; '),
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
