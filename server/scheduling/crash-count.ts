/** How often a run's trainers have died, and whether the run is given to another one. */

/** Other trainers that a run gets without one new frame between them. */
export const MAX_RESTARTS = 3;

export class CrashCount {
  #crashes = 0;
  #nextSeq = 0;

  /**
   * Counts a crash. True: another trainer goes on with the run.
   * @param nextSeq the seq that the run's next new frame will have: whether there was progress since the last crash
   */
  add(nextSeq: number): boolean {
    this.#crashes = nextSeq > this.#nextSeq ? 1 : this.#crashes + 1;
    this.#nextSeq = nextSeq;
    return this.#crashes <= MAX_RESTARTS;
  }
}
