/** Which run trains next: resumed ones first, then sweep by sweep, within a sweep the most expensive config first. */

/** A run that waits for a slot. */
export interface Waiting {
  runId: string;
  /** Counts up with every resume; null when it waits for its first turn. */
  resumed: number | null;
  /** Order of creation of its sweep. */
  sweepPosition: number;
  cost: number;
}

/** Sorts the line; equals stay in the order in which they joined it. */
export function compareTurns(a: Waiting, b: Waiting): number {
  if (a.resumed !== b.resumed) return (a.resumed ?? Infinity) - (b.resumed ?? Infinity);
  return a.sweepPosition - b.sweepPosition || b.cost - a.cost;
}
