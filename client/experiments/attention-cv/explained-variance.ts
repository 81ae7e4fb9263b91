/** How much of the differences between runs is explained by what the runs have in common: dim, head size or heads. */

/**
 * ε², the adjusted share of variance that a grouping explains: 1 − (SSw / (n−k)) / (SSt / (n−1)) for n values in k
 * groups, SSw the squares within the groups and SSt all of them; at least 0. Unlike the plain η² it does not grow with
 * the number of groups: six head sizes among twelve runs would explain 45 % of pure noise.
 * Undefined where the question has no answer: one group, no group with two values, or values that are all alike.
 * @see Kelley, An unbiased correlation ratio measure, PNAS 21 (1935).
 */
export function explainedShare(values: readonly number[], groups: readonly number[]): number | undefined {
  const byGroup = new Map<number, number[]>();
  for (const [index, value] of values.entries()) {
    const group = byGroup.get(groups[index]!);
    if (group === undefined) byGroup.set(groups[index]!, [value]);
    else group.push(value);
  }
  const n = values.length;
  const k = byGroup.size;
  if (k < 2 || n <= k) return undefined;
  const all = squares(values);
  // Values of equal weights differ by float32's rounding alone.
  if (all / n < 1e-12) return undefined;
  const within = [...byGroup.values()].reduce((sum, group) => sum + squares(group), 0);
  return Math.max(0, 1 - within / (n - k) / (all / (n - 1)));
}

function squares(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}

export const FACTORS = ['dim', 'headDim', 'heads'] as const;
export type Factor = (typeof FACTORS)[number];

export interface FactorValue extends Record<Factor, number> {
  value: number;
}

export interface Explained {
  /** Of how many values: of CVs those above 0, since shares are of the variance of their logarithms. */
  n: number;
  /** Each factor's share when it is asked alone; they overlap, and need not add up to 1. */
  shares: Record<Factor, number | undefined>;
  /** What explains most: at least half, and clearly more than the others. */
  decides: Factor | undefined;
  /** Two factors group these runs alike, so that no number can tell them apart. */
  alike: readonly [Factor, Factor] | undefined;
}

/** What decides must explain this much of all, and this much more than the next. */
const LEAST_SHARE = 0.5;
const LEAST_LEAD = 0.1;

/** @param scale `log`: of log₂ of the values above 0, since CVs of different sizes differ by factors. */
export function explain(runs: readonly FactorValue[], scale: 'log' | 'linear' = 'log'): Explained {
  const counted = scale === 'log' ? runs.filter(({ value }) => value > 0) : runs;
  const scaled = counted.map(({ value }) => (scale === 'log' ? Math.log2(value) : value));
  const groups = (factor: Factor): number[] => counted.map((run) => run[factor]);
  const shares = {
    dim: explainedShare(scaled, groups('dim')),
    headDim: explainedShare(scaled, groups('headDim')),
    heads: explainedShare(scaled, groups('heads')),
  };
  const alike = PAIRS.find(([one, other]) => sameGrouping(groups(one), groups(other)));
  const [first, second] = FACTORS.filter((factor) => shares[factor] !== undefined).sort(
    (a, b) => shares[b]! - shares[a]!,
  );
  const lead = first === undefined ? 0 : shares[first]! - (second === undefined ? 0 : shares[second]!);
  const decides =
    first !== undefined && alike === undefined && shares[first]! >= LEAST_SHARE && lead >= LEAST_LEAD
      ? first
      : undefined;
  return { n: counted.length, shares, decides, alike };
}

const PAIRS: readonly (readonly [Factor, Factor])[] = [
  ['dim', 'headDim'],
  ['headDim', 'heads'],
  ['dim', 'heads'],
];

function sameGrouping(one: readonly number[], other: readonly number[]): boolean {
  const pairs = new Set(one.map((group, index) => `${group} ${other[index]}`)).size;
  return pairs > 1 && new Set(one).size === pairs && new Set(other).size === pairs;
}
