/** What has to be said of sweeps: which are asked for or were shown and are gone, and which came and were not looked at. */
import { signal } from '@preact/signals-core';
import type { Selection } from './selection.js';
import { isOwn, type RunList } from '../data/run-list.js';
import { type Readable, whenChanged } from '../data/signals.js';

export interface GoneSweep {
  id: string;
  /** Undefined where it was never seen: the link is a dead one. */
  name: string | undefined;
}

export interface SweepNews {
  gone: readonly GoneSweep[];
  /** By id, oldest first; others began them since the page was opened. */
  fresh: readonly string[];
}

export class SweepWatch {
  readonly #runList: RunList;
  readonly #selection: Selection;
  readonly #news = signal<SweepNews>({ gone: [], fresh: [] });
  /** The names of all that were ever here. */
  readonly #names = new Map<string, string>();
  #shown: readonly string[] = [];
  /** Shown without having been asked for, and deleted. */
  #lost: readonly string[] = [];
  #fresh: readonly string[] = [];
  #wasComplete = false;

  constructor(runList: RunList, selection: Selection) {
    this.#runList = runList;
    this.#selection = selection;
    whenChanged(
      () => [runList.state.value, selection.sweepIds.value, selection.wanted.value],
      () => this.#look(),
    );
  }

  get news(): Readable<SweepNews> {
    return this.#news;
  }

  /** It has been read. */
  dismissGone(): void {
    this.#lost = [];
    this.#selection.letGo();
    this.#look();
  }

  dismissFresh(): void {
    this.#fresh = [];
    this.#look();
  }

  #look(): void {
    const { isComplete, sweeps } = this.#runList.state.value;
    if (!isComplete) return;
    const shown = this.#selection.sweepIds.value;
    const begun = this.#wasComplete ? [...sweeps.keys()].filter((id) => !isOwn(id) && !this.#names.has(id)) : [];
    this.#wasComplete = true;
    for (const { id, name } of sweeps.values()) this.#names.set(id, name);
    const here = [...this.#fresh, ...begun].filter((id) => sweeps.has(id));
    // Whoever looks at one has seen that those before it were there.
    this.#fresh = here.slice(here.findLastIndex((id) => shown.includes(id)) + 1);
    const { value: wanted } = this.#selection.wanted;
    this.#lost = [...new Set([...this.#lost, ...this.#shown])].filter((id) => !sweeps.has(id));
    this.#shown = shown;
    const missing = new Set([...wanted.filter((id) => !sweeps.has(id)), ...this.#lost]);
    const gone = [...missing].filter((id) => !isOwn(id));
    const before = this.#news.value;
    if (gone.join() === before.gone.map(({ id }) => id).join() && this.#fresh.join() === before.fresh.join()) return;
    this.#news.value = { gone: gone.map((id) => ({ id, name: this.#names.get(id) })), fresh: this.#fresh };
  }
}
