/** Short messages about what failed, shown for a while. */
import { type Readable, Value } from './value.js';

export interface Notice {
  id: number;
  /** What was tried, in a few words. */
  title: string;
  reason: string;
}

const SHOWN_MS = 9000;
const MOST = 4;

export class Notices {
  readonly #list = new Value<readonly Notice[]>([]);
  #nextId = 0;

  get list(): Readable<readonly Notice[]> {
    return this.#list;
  }

  add(title: string, reason: string): void {
    const notice = { id: this.#nextId++, title, reason };
    this.#list.set([...this.#list.value, notice].slice(-MOST));
    setTimeout(() => this.dismiss(notice.id), SHOWN_MS);
  }

  dismiss(id: number): void {
    this.#list.set(this.#list.value.filter((notice) => notice.id !== id));
  }
}
