/** How many CVs of each head size are in the band. */
import { type Band, judge } from '../../charts/band.js';
import type { ErrorIfKnown } from '../../data/standard-error.js';

export interface BandCount {
  headDim: number;
  inside: number;
  undecided: number;
  /** Whose errors are not here yet. */
  unjudged: number;
  of: number;
}

/** How many of the values of each head size are in the band, smallest head first. */
export function bandCounts(
  values: readonly { headDim: number; value: number; error: ErrorIfKnown }[],
  band: Band,
): BandCount[] {
  const counts = new Map<number, BandCount>();
  for (const { headDim, value, error } of values) {
    const count = counts.get(headDim) ?? { headDim, inside: 0, undecided: 0, unjudged: 0, of: 0 };
    count.of += 1;
    const judgement = judge(value, error, band);
    if (judgement === 'in') count.inside += 1;
    if (judgement === 'undecided') count.undecided += 1;
    if (judgement === undefined) count.unjudged += 1;
    counts.set(headDim, count);
  }
  return [...counts.values()].sort((a, b) => a.headDim - b.headDim);
}
