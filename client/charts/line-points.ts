/** Points in the order in which a line leads through them. A gap has no y. */
import { Pyramid } from './pyramid.js';

export interface LinePoint {
  epoch: number;
  x: number;
  /** As measured: the value, or the middle of the values that are drawn together. */
  value: number;
  /** NaN while nothing is smoothed. */
  smoothed: number;
  /** How far the values that are drawn together reach; NaN for a single one. */
  low: number;
  high: number;
}

/** What is kept of each point beside its value. */
export interface Shape {
  smoothed: boolean;
  spread: boolean;
  /** Whether x only grows while a run trains. */
  ascends: boolean;
}

export class LinePoints {
  /** Equal lengths. */
  epochs: number[] = [];
  xs: number[] = [];
  ys = new Pyramid();
  /** Undefined while nothing is smoothed. */
  smooth: Pyramid | undefined;
  /** Undefined where every point is one value. */
  lows: Pyramid | undefined;
  highs: Pyramid | undefined;
  /** Whether there is a point to draw: a run that waits or has too few heads has none. */
  empty = true;
  /** Whether x has only grown so far: steps may go back. */
  #isOrdered = true;
  readonly #shape: Shape;

  constructor(shape: Shape) {
    this.#shape = shape;
    this.clear();
  }

  get ascending(): boolean {
    return this.#isOrdered && this.#shape.ascends;
  }

  /** What the eye follows: the smoothed values where there are some. */
  get shown(): Pyramid {
    return this.smooth ?? this.ys;
  }

  point(index: number): LinePoint {
    return {
      epoch: this.epochs[index]!,
      x: this.xs[index]!,
      value: this.ys.values[index]!,
      smoothed: this.smooth?.values[index] ?? NaN,
      low: this.lows?.values[index] ?? NaN,
      high: this.highs?.values[index] ?? NaN,
    };
  }

  /** @param point without x where that is not known: a gap stands where the line is, so that x stays in order */
  add({ epoch, x, value, smoothed, low, high }: LinePoint): void {
    const before = this.xs.at(-1) ?? NaN;
    const place = Number.isNaN(x) ? before : x;
    if (place < before) this.#isOrdered = false;
    this.epochs.push(epoch);
    this.xs.push(place);
    this.ys.push(value);
    this.smooth?.push(smoothed);
    this.lows?.push(low);
    this.highs?.push(high);
    if (!Number.isNaN(value)) this.empty = false;
  }

  /** Lifts the pen. */
  addGap(): void {
    if (this.epochs.length === 0) return;
    this.add({ epoch: this.epochs.at(-1)!, x: NaN, value: NaN, smoothed: NaN, low: NaN, high: NaN });
  }

  clear(): void {
    const { smoothed, spread } = this.#shape;
    this.epochs = [];
    this.xs = [];
    this.ys = new Pyramid();
    this.smooth = smoothed ? new Pyramid() : undefined;
    this.lows = spread ? new Pyramid() : undefined;
    this.highs = spread ? new Pyramid() : undefined;
    this.empty = true;
    this.#isOrdered = true;
  }
}
