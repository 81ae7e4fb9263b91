/** What explains the differences between runs: the statistic by hand, and the experiment's effect in its own numbers. */
// @vitest-environment node
import { describe, expect, it } from 'vitest';
import {
  explain,
  explainedShare,
  type FactorValue,
} from '../../../../client/experiments/attention-cv/explained-variance.js';
import { FAMILIES, columnsOf, quantity } from '../../../../client/experiments/attention-cv/quantity.js';
import { golden } from '../../../support/golden.js';

const GRID = [64, 128, 256].flatMap((dim) => [1, 2, 4, 8].map((heads) => ({ dim, heads, headDim: dim / heads })));

interface GoldenTrajectory {
  cv: Record<string, (number | null)[]>;
}

/** A family in the twelve reference runs at an epoch, its heads averaged. */
function reference(family: string, epoch: number): FactorValue[] {
  return GRID.map((run) => {
    const { cv } = golden<GoldenTrajectory>(`trajectory_d${run.dim}_h${run.heads}`);
    const values = columnsOf(quantity(family)!, run.heads).map((name) => cv[name]![epoch]!);
    return { ...run, value: values.reduce((sum, value) => sum + value, 0) / values.length };
  });
}

const share = (family: string, epoch: number): Record<string, number | undefined> =>
  explain(reference(family, epoch)).shares;

describe('the explained share', () => {
  it('is the adjusted share of squares between groups', () => {
    // Means 2 and 5 in groups of three: within 2 + 2, all 17.5; 1 − (4 / 4) / (17.5 / 5).
    expect(explainedShare([1, 2, 3, 4, 5, 6], [0, 0, 0, 1, 1, 1])).toBeCloseTo(1 - 1 / 3.5, 12);
    expect(explainedShare([1, 1, 5, 5], [7, 7, 9, 9])).toBe(1);
    expect(explainedShare([1, 5, 1, 5], [7, 7, 9, 9])).toBe(0);
  });

  it('of noise is nothing on average, however many groups there are', () => {
    // Every assignment of six values to three pairs: the unadjusted share averages (k−1)/(n−1) = 40 %.
    const values = [1, 2, 4, 7, 11, 16];
    const shares: number[] = [];
    const permute = (rest: readonly number[], groups: readonly number[]): void => {
      if (rest.length === 0) shares.push(unclamped(values, groups));
      for (const [index, group] of rest.entries()) permute(rest.toSpliced(index, 1), [...groups, group]);
    };
    permute([0, 0, 1, 1, 2, 2], []);
    expect(shares).toHaveLength(720);
    expect(shares.reduce((sum, each) => sum + each, 0) / shares.length).toBeCloseTo(0, 12);
  });

  it('has no value where there is nothing to compare', () => {
    expect(explainedShare([1, 2, 3], [0, 0, 0])).toBeUndefined();
    expect(explainedShare([1, 2, 3], [0, 1, 2])).toBeUndefined();
    expect(explainedShare([0.1, 0.1, 0.1 + 1e-8], [0, 0, 1])).toBeUndefined();
    expect(explainedShare([], [])).toBeUndefined();
  });
});

describe('what decides in the reference sweep', () => {
  it.each(['emb', 'Q_full', 'K_full', 'V_full', 'out_proj', 'cls_head', 'act_emb', 'act_post_full', 'Q', 'K', 'V'])(
    'is dim for %s, before and after training',
    (family) => {
      for (const epoch of [0, 50]) {
        const { decides, shares, n } = explain(reference(family, epoch));
        expect(n).toBe(12);
        expect(decides).toBe('dim');
        expect(shares.dim).toBeGreaterThan(0.77);
        expect(shares.headDim).toBeLessThan(0.16);
      }
    },
  );

  it.each(['act_Q', 'act_K', 'act_V', 'act_post'])('is head size for the heads of %s before training', (family) => {
    const { decides, shares } = explain(reference(family, 0));
    expect(decides).toBe('headDim');
    expect(shares.headDim).toBeGreaterThan(0.96);
    expect(shares.dim).toBeLessThan(0.35);
  });

  it('stays head size for the heads of act_Q and act_V, and becomes the number of heads for act_K', () => {
    expect(explain(reference('act_Q', 50)).decides).toBe('headDim');
    expect(share('act_Q', 50).headDim).toBeCloseTo(0.96, 2);
    expect(share('act_Q', 50).dim).toBeCloseTo(0.35, 2);
    expect(explain(reference('act_V', 50)).decides).toBe('headDim');
    expect(share('act_V', 50).headDim).toBeCloseTo(0.85, 2);
    expect(explain(reference('act_K', 50)).decides).toBe('heads');
    expect(share('act_K', 50).heads).toBeCloseTo(0.93, 2);
    // Afterwards act_post depends on all of the model: nothing alone explains half of it.
    expect(explain(reference('act_post', 50)).decides).toBeUndefined();
  });

  it('names every family of the experiment', () => {
    const cvFamilies = FAMILIES.filter(({ banded }) => banded).map(({ id }) => id);
    expect(cvFamilies).toHaveLength(15);
    for (const family of cvFamilies) expect(reference(family, 0).every(({ value }) => value > 0)).toBe(true);
  });

  it('cannot be told where every run has one head', () => {
    const oneHead = reference('act_Q', 0).filter(({ heads }) => heads === 1);
    const seeds = [...oneHead, ...oneHead.map((run) => ({ ...run, value: run.value * 1.001 }))];
    expect(explain(seeds).alike).toEqual(['dim', 'headDim']);
    expect(explain(seeds).decides).toBeUndefined();
  });
});

/** ε² before it is cut off at 0, from the plain η². */
function unclamped(values: readonly number[], groups: readonly number[]): number {
  const square = (some: readonly number[]): number => {
    const mean = some.reduce((sum, value) => sum + value, 0) / some.length;
    return some.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  };
  const within = [0, 1, 2].reduce((sum, group) => sum + square(values.filter((_, i) => groups[i] === group)), 0);
  const eta = 1 - within / square(values);
  const adjusted = 1 - ((1 - eta) * 5) / 3;
  // What the page shows is the same, and never below 0.
  expect(explainedShare(values, groups)).toBeCloseTo(Math.max(0, adjusted), 10);
  return adjusted;
}
