/** Whether a CV is in the band, and when its sampling error leaves that open. */

export interface Band {
  readonly low: number;
  readonly high: number;
}

export type Judgement = 'in' | 'out' | 'undecided';

/**
 * The band without its edges, as the original script has it; closer than one standard error to an edge, on either
 * side, it is undecided.
 * @param standardError null = not known, and then the value alone decides.
 */
export function judge(cv: number, standardError: number | null, { low, high }: Band): Judgement {
  if (standardError !== null && Math.min(Math.abs(cv - low), Math.abs(cv - high)) < standardError) return 'undecided';
  return cv > low && cv < high ? 'in' : 'out';
}

export interface BandCount {
  headDim: number;
  inside: number;
  of: number;
}

/** How many of the values of each head size are in the band, smallest head first. */
export function bandCounts(values: readonly { headDim: number; value: number }[], band: Band): BandCount[] {
  const counts = new Map<number, BandCount>();
  for (const { headDim, value } of values) {
    const count = counts.get(headDim) ?? { headDim, inside: 0, of: 0 };
    count.of += 1;
    if (judge(value, null, band) === 'in') count.inside += 1;
    counts.set(headDim, count);
  }
  return [...counts.values()].sort((a, b) => a.headDim - b.headDim);
}
