/** Short messages about what failed, shown for a while. */
import { signal } from '@preact/signals-core';
import type { Readable } from './signals.js';

export interface Notice {
  id: number;
  /** What was tried, in a few words. */
  title: string;
  reason: string;
}

const SHOWN_MS = 9000;
/** Long reasons take longer to read. */
const MS_PER_LETTER = 50;
const MOST = 4;

export class Toasts {
  readonly #list = signal<readonly Notice[]>([]);
  #nextId = 0;
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();

  get list(): Readable<readonly Notice[]> {
    return this.#list;
  }

  add(title: string, reason: string): void {
    const notice = { id: this.#nextId++, title, reason };
    this.#list.value = [...this.#list.value, notice].slice(-MOST);
    this.#schedule(notice);
  }

  /** While somebody reads it, it stays. */
  hold(id: number): void {
    clearTimeout(this.#timers.get(id));
  }

  release(id: number): void {
    const notice = this.#list.value.find((each) => each.id === id);
    if (notice !== undefined) this.#schedule(notice);
  }

  dismiss(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.#list.value = this.#list.value.filter((notice) => notice.id !== id);
  }

  #schedule({ id, reason }: Notice): void {
    clearTimeout(this.#timers.get(id));
    const shownMs = SHOWN_MS + MS_PER_LETTER * reason.length;
    this.#timers.set(
      id,
      setTimeout(() => this.dismiss(id), shownMs),
    );
  }
}
