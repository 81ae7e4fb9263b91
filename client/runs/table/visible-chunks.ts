/** Knows which parts of a long table are in view, or near it, and how high the others were: those need no rows. */
import type { LitElement, ReactiveController } from 'lit';

/** Fewer rows are all built: then nothing appears late. */
const ALL_BUILT_ROWS = 60;
const AHEAD = '600px';

export class VisibleChunks implements ReactiveController {
  readonly #host: LitElement;
  readonly #built = new Set<string>();
  readonly #heights = new Map<string, number>();
  #observed = new Set<Element>();
  #observer: IntersectionObserver | undefined;
  #arrangement = '';
  #arranged = false;

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    // What scrolls may be the page or the panel around the table: the second margin is for the panel.
    const options = { rootMargin: AHEAD, scrollMargin: AHEAD };
    this.#observer = new IntersectionObserver((entries) => this.#seen(entries), options);
    // The parts are observed after an update, those of a host that comes back, too.
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
    this.#observed.clear();
    this.#arranged = false;
  }

  /** @param keys of the parts that are drawn next: the elements are looked for when these change. */
  arrange(keys: string): void {
    this.#arranged &&= keys === this.#arrangement;
    this.#arrangement = keys;
  }

  hostUpdated(): void {
    if (this.#arranged) return;
    this.#arranged = true;
    const present = new Set(this.#host.renderRoot.querySelectorAll('[data-chunk]'));
    for (const element of this.#observed) if (!present.has(element)) this.#observer?.unobserve(element);
    for (const element of present) if (!this.#observed.has(element)) this.#observer?.observe(element);
    this.#observed = present;
    // Sweeps that are gone are not remembered.
    const keys = new Set([...present].map((element) => (element as HTMLElement).dataset.chunk!));
    for (const cache of [this.#built, this.#heights])
      for (const key of cache.keys()) if (!keys.has(key)) cache.delete(key);
  }

  isBuilt(key: string, allRows: number): boolean {
    return allRows <= ALL_BUILT_ROWS || this.#built.has(key);
  }

  /** CSS pixels; undefined before it was ever seen. */
  heightOf(key: string): number | undefined {
    return this.#heights.get(key);
  }

  /** Builds a part that is about to be scrolled to. */
  reveal(key: string): void {
    if (this.#built.has(key)) return;
    this.#built.add(key);
    this.#host.requestUpdate();
  }

  #seen(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting, boundingClientRect } of entries) {
      const key = (target as HTMLElement).dataset.chunk!;
      if (isIntersecting) this.reveal(key);
      else if (this.#built.delete(key)) {
        this.#heights.set(key, boundingClientRect.height);
        this.#host.requestUpdate();
      }
    }
  }
}
