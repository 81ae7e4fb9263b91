/** Finds the rows of a step where steps repeat and go back, as those of a program do that began again. */

export class StepIndex {
  readonly #newest = new Map<number, number>();
  /** Of each row, the one before it that has the same step; −1 where there is none. */
  readonly #before: number[] = [];

  /** @param steps of all rows; those that are known are passed over */
  read(steps: readonly number[]): void {
    for (let row = this.#before.length; row < steps.length; row++) {
      const step = steps[row]!;
      this.#before.push(this.newest(step));
      this.#newest.set(step, row);
    }
  }

  /** −1 if there is none. */
  newest(step: number): number {
    return this.#newest.get(step) ?? -1;
  }

  before(row: number): number {
    return this.#before[row] ?? -1;
  }
}
