/**
 * An exponential moving average without the pull towards zero that its first values would have, as in TensorBoard:
 * m ← w·m + (1 − w)·v, shown as m / (1 − wⁿ) after n values. A gap stays a gap and moves nothing.
 */
export class Smoother {
  readonly #weight: number;
  #mean = 0;
  #rest = 1;

  /** @param weight of what came before, 0 up to below 1. */
  constructor(weight: number) {
    this.#weight = weight;
  }

  next(value: number): number {
    if (Number.isNaN(value)) return NaN;
    this.#mean = this.#weight * this.#mean + (1 - this.#weight) * value;
    this.#rest *= this.#weight;
    return this.#mean / (1 - this.#rest);
  }
}
