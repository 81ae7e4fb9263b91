/** Tells through the system of runs and sweeps that end while nobody looks at the page, if that was asked for. */
import { type EndNews, endNews } from './end-news.js';
import { KeptSwitch } from './kept-switch.js';
import type { RunListState } from './run-list.js';
import type { Readable } from './value.js';

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
  readonly #wanted = new KeptSwitch('pentachoron-notify', false);

  constructor(
    runs: Readable<RunListState>,
    notifier: Notifier = browserNotifier,
    isHidden: () => boolean = () => document.hidden,
  ) {
    this.#notifier = notifier;
    let before = runs.value;
    runs.subscribe(() => {
      const after = runs.value;
      if (this.#wanted.value && isHidden()) endNews(before, after).forEach((news) => notifier.show(news));
      before = after;
    });
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
  isPossible: 'Notification' in globalThis,
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
