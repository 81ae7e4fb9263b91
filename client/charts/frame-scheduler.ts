/** The page's only caller of requestAnimationFrame: whatever asks to be drawn is drawn once, in the next frame. */

export class FrameScheduler {
  readonly #due = new Map<object, () => void>();
  readonly #request: (callback: () => void) => unknown;
  #asked = false;

  constructor(request: (callback: () => void) => unknown = (callback) => requestAnimationFrame(callback)) {
    this.#request = request;
  }

  /** Runs `work` in the next frame; asked again for the same `key` before that, only the last work runs. */
  schedule(key: object, work: () => void): void {
    this.#due.set(key, work);
    if (this.#asked) return;
    this.#asked = true;
    this.#request(() => this.#run());
  }

  cancel(key: object): void {
    this.#due.delete(key);
  }

  #run(): void {
    // Work that asks for more is answered in the frame after: one frame never loops.
    const due = [...this.#due.values()];
    this.#due.clear();
    this.#asked = false;
    for (const work of due) {
      try {
        work();
      } catch (error) {
        // One chart that fails must not stop the others.
        reportError(error);
      }
    }
  }
}

export const frames = new FrameScheduler();
