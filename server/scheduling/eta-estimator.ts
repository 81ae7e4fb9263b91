/** How long a run will still take, from the active seconds of its latest epochs. */
import { type FrameBlock, SECONDS_COLUMN, widthOf } from '../../shared/frames.js';
import type { MeasuredSteps } from '../../shared/experiment.js';

/** Fewest epochs that say anything about the next one. */
const FEWEST_EPOCHS = 2;
/** Enough to smooth the machine's other work, few enough to follow a change of load. */
const RECENT_EPOCHS = 30;
/** Of short epochs more: a busy machine holds a trainer up for longer than 30 of them take. */
const RECENT_SECONDS = 8;
const MOST_EPOCHS = 400;
/** However seldom CVs are measured, no more than so many frames are looked at. */
const MOST_WINDOW = 1000;
/** With as many epochs at hand, the first is left out: code that was just loaded is not yet fast. */
const ENOUGH_EPOCHS = 4;
/**
 * One or two epochs that waited for something else say little about the others: beyond this many medians they count as
 * much as the third longest. What waits more often than that will wait again.
 */
const USUAL_MEDIANS = 1.5;
const RARE_WAITS = 2;
/** Of what epoch 0 takes, which measures in full and sets up: the full measurement's share, and that of the CVs alone. */
const FULL_SHARE = 0.6;
const CV_SHARE = 0.1;

/** It is counted anew after so much training: doing so for each of many short epochs would keep the server busy. */
const COUNT_SECONDS = 0.25;

export class EtaEstimator {
  /** Epochs and active seconds of the latest frames, oldest first. */
  readonly #marks: { epoch: number; seconds: number }[] = [];
  readonly #window: number;
  readonly #measured: MeasuredSteps;
  /** What epoch 0 took; unknown if a resumed run has left it far behind. */
  #start = 0;
  /** As it was counted last. */
  #eta: { epochs: number; marks: number; atSeconds: number; seconds: number } | undefined;

  /** @param measured cheap and dear epochs are counted apart */
  constructor(measured: MeasuredSteps) {
    this.#measured = measured;
    this.#window = Math.min(MOST_WINDOW, Math.max(RECENT_EPOCHS, 2 * measured.every));
  }

  /** How many frames from before are of use to a new `EtaEstimator`. */
  get window(): number {
    return this.#window;
  }

  addFrames(block: FrameBlock): void {
    const columns = widthOf(block);
    for (let row = 0; row < block.rows; row += 1)
      this.add(block.steps[row]!, block.values[row * columns + SECONDS_COLUMN]!);
  }

  /** Notes a frame; `seconds` is active training time since the run began. */
  add(epoch: number, seconds: number): void {
    if (epoch === 0) this.#start = seconds;
    this.#marks.push({ epoch, seconds });
    while (this.#canForget(seconds)) this.#marks.shift();
  }

  /** Active seconds until the last of `epochs` is trained; undefined until two were. */
  etaSeconds(epochs: number): number | undefined {
    const last = this.#marks.at(-1);
    if (last === undefined || last.epoch - this.#marks[0]!.epoch < FEWEST_EPOCHS) return undefined;
    const { length: marks } = this.#marks;
    // The first epochs are few and slow: what was counted from half as many is no better than they are.
    const isOf = this.#eta?.epochs === epochs && marks < 2 * this.#eta.marks;
    const passed = isOf ? last.seconds - this.#eta!.atSeconds : Infinity;
    if (passed < COUNT_SECONDS && last.epoch < epochs) return Math.max(0, this.#eta!.seconds - passed);
    const seconds = this.#count(last.epoch, epochs);
    this.#eta = { epochs, marks, atSeconds: last.seconds, seconds };
    return seconds;
  }

  /** The epochs left, each kind at its recent mean: trained only, measured, measured in full. */
  #count(from: number, epochs: number): number {
    const { full } = this.#measured;
    const { plain, measured, complete } = this.#costs(full);
    const trained = typical(plain.length > 0 ? plain : measured.length > 0 ? measured : complete);
    const start = Math.max(0, this.#start - trained);
    const withCvs = measured.length > 0 ? typical(measured) : trained + CV_SHARE * start;
    const inFull = complete.length > 0 ? Math.max(withCvs, complete.at(-1)!) : withCvs + FULL_SHARE * start;
    const fullLeft = full.filter((epoch) => epoch > from).length;
    const measuredLeft = this.#measuredBetween(from, epochs, full);
    const plainLeft = Math.max(0, epochs - from) - fullLeft - measuredLeft;
    return plainLeft * trained + measuredLeft * withCvs + fullLeft * inFull;
  }

  #canForget(now: number): boolean {
    const { length } = this.#marks;
    if (length <= this.#window + 1) return false;
    return length > MOST_EPOCHS + 1 || now - this.#marks[1]!.seconds > RECENT_SECONDS;
  }

  /** Seconds of the recent epochs, by kind, oldest first. */
  #costs(full: readonly number[]): Record<'plain' | 'measured' | 'complete', number[]> {
    const costs = { plain: [] as number[], measured: [] as number[], complete: [] as number[] };
    const warm = this.#marks.length > ENOUGH_EPOCHS + 1;
    for (const [index, { epoch, seconds }] of this.#marks.entries()) {
      const before = this.#marks[index - 1];
      if (before === undefined || (warm && epoch === 1)) continue;
      const kind = full.includes(epoch) ? 'complete' : epoch % this.#measured.every === 0 ? 'measured' : 'plain';
      costs[kind].push((seconds - before.seconds) / Math.max(1, epoch - before.epoch));
    }
    return costs;
  }

  /** How many epochs after `from` are measured, but not in full. */
  #measuredBetween(from: number, epochs: number, full: readonly number[]): number {
    const { every } = this.#measured;
    const all = Math.max(0, Math.floor(epochs / every) - Math.floor(from / every));
    return all - full.filter((epoch) => epoch > from && epoch % every === 0).length;
  }
}

/** The mean, with rare outliers cut. */
function typical(seconds: readonly number[]): number {
  const sorted = Float64Array.from(seconds).sort();
  const most = Math.max(USUAL_MEDIANS * sorted[Math.floor(sorted.length / 2)]!, sorted.at(-1 - RARE_WAITS) ?? 0);
  return seconds.reduce((sum, each) => sum + Math.min(each, most), 0) / seconds.length;
}
