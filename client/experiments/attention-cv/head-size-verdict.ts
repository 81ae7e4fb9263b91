/** How each head size stands to the band, by the mean over its runs, and whether runs of every dim say the same. */
import { type Band, judge, type Judgement } from '../../charts/band.js';
import { type ErrorIfKnown, meanError } from '../../data/standard-error.js';

export interface SizedValue {
  dim: number;
  headDim: number;
  value: number;
  error: ErrorIfKnown;
}

export interface Verdict {
  mean: number;
  error: ErrorIfKnown;
  /** Undefined while the error is not here yet. */
  judgement: Judgement | undefined;
}

export interface HeadSizeVerdict extends Verdict {
  headDim: number;
  /** Those that have it, ascending. */
  dims: readonly (Verdict & { dim: number })[];
  /** Whether the dims' own means stand differently. */
  differs: boolean;
}

/** Smallest head first. @param values of runs that have one */
export function headSizeVerdicts(values: readonly SizedValue[], band: Band): HeadSizeVerdict[] {
  return groupedBy(values, ({ headDim }) => headDim).map(([headDim, ofSize]) => {
    const dims = groupedBy(ofSize, ({ dim }) => dim).map(([dim, ofDim]) => ({ dim, ...verdict(ofDim, band) }));
    const judgements = new Set(dims.map(({ judgement }) => judgement));
    const differs = judgements.size > 1 && !judgements.has(undefined);
    return { headDim, ...verdict(ofSize, band), dims, differs };
  });
}

function verdict(values: readonly SizedValue[], band: Band): Verdict {
  const mean = meanOf(values.map(({ value }) => value));
  const error = meanError(values.map((each) => each.error));
  return { mean, error, judgement: judge(mean, error, band) };
}

function groupedBy<T>(values: readonly T[], key: (value: T) => number): [number, T[]][] {
  const groups = new Map<number, T[]>();
  for (const value of values) {
    const group = groups.get(key(value));
    if (group === undefined) groups.set(key(value), [value]);
    else group.push(value);
  }
  return [...groups].sort(([a], [b]) => a - b);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
