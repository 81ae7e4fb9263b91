/** What an attack is: one way to do harm, tried so many times, and what came of it. */

export interface Attack {
  /** For `--only`. */
  name: string;
  /** What is tried, for the table. */
  title: string;
  /** Cases of the full attack. */
  cases: number;
  run(cases: number): Promise<Outcome>;
}

export interface Outcome {
  cases: number;
  /** What should not have been, in words. */
  failures: string[];
  /** What was measured, for the table. */
  measured?: string;
}

export class Report {
  readonly #failures: string[] = [];
  #cases = 0;

  /** Counts a case, and says what was wrong with it unless all is well. */
  expect(isWell: boolean, otherwise: string): void {
    this.#cases += 1;
    if (!isWell) this.#failures.push(otherwise);
  }

  outcome(measured?: string): Outcome {
    return { cases: this.#cases, failures: this.#failures, ...(measured !== undefined && { measured }) };
  }
}
