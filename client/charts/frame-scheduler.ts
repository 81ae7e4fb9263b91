/**
 * The page's only caller of requestAnimationFrame: whatever asks to be drawn is drawn once, in the next frame, or in the
 * one after if there is too much for one. Scrolling stays smooth then, however many charts have news.
 */

/** Milliseconds of drawing that leave the browser enough of a frame's 16 for its own part. */
const BUDGET_MS = 8;

export class FrameScheduler {
  readonly #due = new Map<object, () => void>();
  readonly #request: (callback: () => void) => unknown;
  readonly #now: () => number;
  #asked = false;

  /** @param now milliseconds */
  constructor(
    request: (callback: () => void) => unknown = (callback) => requestAnimationFrame(callback),
    now: () => number = () => performance.now(),
  ) {
    this.#request = request;
    this.#now = now;
  }

  /** Runs `work` in the next frame; asked again for the same `key` before that, only the last work runs. */
  schedule(key: object, work: () => void): void {
    this.#due.set(key, work);
    this.#ask();
  }

  cancel(key: object): void {
    this.#due.delete(key);
  }

  #ask(): void {
    if (this.#asked) return;
    this.#asked = true;
    this.#request(() => this.#run());
  }

  #run(): void {
    // Work that asks for more is answered in the frame after: one frame never loops.
    const keys = [...this.#due.keys()];
    const end = this.#now() + BUDGET_MS;
    this.#asked = false;
    for (const [index, key] of keys.entries()) {
      // What is left over stands first in the next frame, so that nothing waits for ever.
      if (index > 0 && this.#now() >= end) break;
      const work = this.#due.get(key);
      if (work === undefined) continue;
      this.#due.delete(key);
      try {
        work();
      } catch (error) {
        // One chart that fails must not stop the others.
        reportError(error);
      }
    }
    if (this.#due.size > 0) this.#ask();
  }
}

export const frames = new FrameScheduler();
