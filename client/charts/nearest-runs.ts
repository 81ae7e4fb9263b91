/** Which runs the tooltip shows: those whose lines pass nearest to the pointer, sorted by value. */

export interface Candidate {
  value: number;
  /** Where its line is at the pointer's epoch, in CSS pixels from the plot's top. */
  topPx: number;
}

export interface Nearest<C extends Candidate> {
  /** At most `most`, largest value first, so that they stand in the order of the lines. */
  rows: C[];
  /** How many have a value there, too. */
  more: number;
  /** The line that is pointed at; undefined if none is near enough. */
  pointed: C | undefined;
}

const REACH_PX = 22;

export function nearestRuns<C extends Candidate>(
  candidates: readonly C[],
  pointerTopPx: number,
  most: number,
): Nearest<C> {
  const distance = (each: C): number => Math.abs(each.topPx - pointerTopPx);
  const near = [...candidates].sort((a, b) => distance(a) - distance(b)).slice(0, most);
  const [first] = near;
  return {
    rows: near.sort((a, b) => b.value - a.value),
    more: candidates.length - near.length,
    pointed: first !== undefined && distance(first) <= REACH_PX ? first : undefined,
  };
}
