/**
 * Turns for work that takes milliseconds: one piece in a round of the event loop, in the order in which they were asked
 * for, so that whatever arrives meanwhile is read between two. Who has one piece in line at a time gets a fair share.
 */
export class Turns {
  readonly #waiting: (() => void)[] = [];

  /** Resolves when the caller may do one piece of work, which it does at once. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.#waiting.length === 1) setImmediate(this.#grant);
    });
  }

  readonly #grant = (): void => {
    this.#waiting.shift()!();
    if (this.#waiting.length > 0) setImmediate(this.#grant);
  };
}
