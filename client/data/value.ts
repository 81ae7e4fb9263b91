/** A value that tells its listeners when it is replaced: what all state of the page is made of. */

export interface Readable<T> {
  readonly value: T;
  /** Calls `listener` after every replacement, not for the value held now; returns the way to stop. */
  subscribe(listener: () => void): () => void;
}

export class Value<T> implements Readable<T> {
  #value: T;
  readonly #listeners = new Set<() => void>();

  constructor(initial: T) {
    this.#value = initial;
  }

  get value(): T {
    return this.#value;
  }

  /** Setting what is already held tells nobody. */
  set(next: T): void {
    if (Object.is(next, this.#value)) return;
    this.#value = next;
    for (const listener of [...this.#listeners]) listener();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
