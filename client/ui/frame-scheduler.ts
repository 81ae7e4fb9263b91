/**
 * The page's only caller of requestAnimationFrame: whatever asks to be drawn is drawn once, in the next frame, or in the
 * one after if there is too much for one. While the page is scrolled, live values wait for what comes into view.
 */

/** Milliseconds of drawing that leave the browser enough of a frame's 16 for its own part. */
const BUDGET_MS = 8;
/** While the page is scrolled, what can wait has less of each frame, and comes for each key at most so often. */
const PATIENT_BUDGET_MS = 4;
const PATIENT_EVERY_MS = 250;
/** A scroll has ended when nothing has moved for so long. */
const SCROLL_END_MS = 150;

interface Due {
  work: () => void;
  patient: boolean;
}

export class FrameScheduler {
  readonly #due = new Map<object, Due>();
  readonly #ranAt = new WeakMap<object, number>();
  readonly #request: (callback: () => void) => unknown;
  readonly #now: () => number;
  #asked = false;
  #scrolledAt = -Infinity;

  /** @param now milliseconds */
  constructor(
    request: (callback: () => void) => unknown = (callback) => requestAnimationFrame(callback),
    now: () => number = () => performance.now(),
  ) {
    this.#request = request;
    this.#now = now;
  }

  /**
   * Runs `work` in the next frame; asked again for the same `key` before that, only the last work runs.
   * @param patient whether it can wait while the page is scrolled: for what follows live values.
   */
  schedule(key: object, work: () => void, patient = false): void {
    this.#due.set(key, { work, patient: patient && this.#due.get(key)?.patient !== false });
    this.#ask();
  }

  cancel(key: object): void {
    this.#due.delete(key);
  }

  /** To be told of every movement of the page. */
  scrolled(): void {
    this.#scrolledAt = this.#now();
  }

  #ask(): void {
    if (this.#asked) return;
    this.#asked = true;
    this.#request(() => this.#run());
  }

  #run(): void {
    const begun = this.#now();
    const scrolling = begun - this.#scrolledAt < SCROLL_END_MS;
    // Work that asks for more is answered in the frame after: one frame never loops.
    const keys = scrolling ? this.#turns(begun) : [...this.#due.keys()];
    this.#asked = false;
    for (const [index, key] of keys.entries()) {
      const due = this.#due.get(key);
      if (due === undefined) continue;
      // What is left over stands first in the next frame, so that nothing waits for ever.
      if (index > 0 && this.#now() - begun >= (scrolling && due.patient ? PATIENT_BUDGET_MS : BUDGET_MS)) break;
      this.#due.delete(key);
      this.#ranAt.set(key, begun);
      try {
        due.work();
      } catch (error) {
        // One chart that fails must not stop the others.
        reportError(error);
      }
    }
    if (this.#due.size > 0) this.#ask();
  }

  /** While the page is scrolled: what comes into view first, then what can wait, as far as it is its turn again. */
  #turns(now: number): object[] {
    const all = [...this.#due];
    const turnOf = (key: object): boolean => now - (this.#ranAt.get(key) ?? -Infinity) >= PATIENT_EVERY_MS;
    return [
      ...all.filter(([, { patient }]) => !patient),
      ...all.filter(([key, { patient }]) => patient && turnOf(key)),
    ].map(([key]) => key);
  }
}

export const frames = new FrameScheduler();
addEventListener('scroll', () => frames.scrolled(), { capture: true, passive: true });
