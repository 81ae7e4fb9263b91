/** How long a run will still take, from the active seconds of its latest epochs. */

/** Fewest epochs that say anything about the next one. */
const FEWEST_EPOCHS = 2;
/** Enough to smooth the machine's other work, few enough to follow a change of load. */
const RECENT_EPOCHS = 20;

export class Pace {
  /** Epochs and active seconds of the latest frames, oldest first. */
  readonly #marks: { epoch: number; seconds: number }[] = [];
  readonly #window: number;

  /** @param every CVs are measured every this many epochs: a window holds cheap and dear epochs in their proportion. */
  constructor(every: number) {
    this.#window = Math.min(1000, Math.max(RECENT_EPOCHS, 2 * every));
  }

  /** How many frames from before are of use to a new `Pace`. */
  get window(): number {
    return this.#window;
  }

  /** Notes a frame; `seconds` is active training time since the run began. */
  add(epoch: number, seconds: number): void {
    this.#marks.push({ epoch, seconds });
    if (this.#marks.length > this.#window + 1) this.#marks.shift();
  }

  /** Mean of the recent epochs times those left; undefined until there are two. */
  etaSeconds(epochs: number): number | undefined {
    const first = this.#marks[0];
    const last = this.#marks.at(-1);
    if (first === undefined || last === undefined || last.epoch - first.epoch < FEWEST_EPOCHS) return undefined;
    const perEpoch = (last.seconds - first.seconds) / (last.epoch - first.epoch);
    return Math.max(0, (epochs - last.epoch) * perEpoch);
  }
}
