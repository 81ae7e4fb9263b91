/** Runs gathered into cells of the grid, their mean and spread. */
// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { type GridRun, gridCells } from '../../../../client/experiments/attention-cv/grid-cells.js';
import { spreadOf } from '../../../../client/data/statistics.js';
import { heatmapGrid } from '../../../../client/experiments/attention-cv/heatmap-layout.js';

const run = (dim: number, heads: number, value: number, more: Partial<GridRun> = {}): GridRun => ({
  ...{ id: `${dim}-${heads}-${value}`, dim, heads, headDim: dim / heads, lr: 0.001, sweepId: 's', variant: '' },
  ...{ seed: 42, value, error: null },
  ...more,
});

describe('the spread of values', () => {
  it('is their mean and unbiased standard deviation', () => {
    // Squares of −2, 0, 2 over n − 1 = 2: 8 / 2 = 4.
    expect(spreadOf([1, 3, 5])).toEqual({ mean: 3, deviation: 2, n: 3 });
    expect(spreadOf([2, 4, 4, 4, 5, 5, 7, 9])!.deviation).toBeCloseTo(Math.sqrt(32 / 7), 12);
  });

  it('is none for one value, and nothing for none', () => {
    expect(spreadOf([0.25])).toEqual({ mean: 0.25, deviation: null, n: 1 });
    expect(spreadOf([])).toBeUndefined();
  });
});

describe('grid cells', () => {
  it('hold the runs that differ in their seed alone', () => {
    const cells = gridCells([
      run(64, 2, 0.3, { seed: 1 }),
      run(64, 1, 0.1),
      run(64, 2, 0.5, { seed: 2 }),
      run(32, 2, 0.9),
    ]);
    expect(cells.map(({ dim, heads, headDim, runs }) => [dim, heads, headDim, runs.length])).toEqual([
      [32, 2, 16, 1],
      [64, 1, 64, 1],
      [64, 2, 32, 2],
    ]);
    expect(cells[2]!.spread!.mean).toBeCloseTo(0.4, 12);
    expect(cells[2]!.spread!.deviation).toBeCloseTo(Math.sqrt(0.02), 12);
  });

  it('stand beside the mean of what chance gives for their runs, as far as that is told', () => {
    const chance = (cv: number, sd: number): Partial<GridRun> => ({ chance: { cv, sd } });
    const [cell, untold] = gridCells([
      run(64, 1, 0.1, { seed: 1, ...chance(0.2, 0.01) }),
      run(64, 1, 0.2, { seed: 2, ...chance(0.4, 0.03) }),
      run(64, 1, 0.3, { seed: 3 }),
      run(64, 2, 0.3),
    ]);
    expect(cell!.chance!.cv).toBeCloseTo(0.3, 12);
    expect(cell!.chance!.sd).toBeCloseTo(0.02, 12);
    expect(untold!.chance).toBeUndefined();
  });

  it('keep their place without a value, and count those that have one', () => {
    const [partly, without] = gridCells([run(64, 1, 0.2), run(64, 1, NaN, { seed: 7 }), run(64, 2, NaN)]);
    expect(partly!.spread).toEqual({ mean: 0.2, deviation: null, n: 1 });
    expect(partly!.runs).toHaveLength(2);
    expect(without!.spread).toBeUndefined();
  });

  it('keep the runs of two sweeps apart, each sweep in its order', () => {
    const other = { sweepId: 'other', variant: 'Other' };
    const cells = gridCells([run(64, 1, 0.1), run(64, 2, 0.2), run(64, 1, 0.3, other), run(64, 2, 0.4, other)]);
    expect(cells.map(({ variant, heads, spread }) => [variant, heads, spread!.mean])).toEqual([
      ['', 1, 0.1],
      ['', 2, 0.2],
      ['Other', 1, 0.3],
      ['Other', 2, 0.4],
    ]);
    expect(heatmapGrid(cells).rows).toHaveLength(2);
  });

  it('stand in a heatmap by dim and heads, with a row of its own for each learning rate', () => {
    const cells = gridCells([run(64, 4, 1), run(64, 1, 2), run(128, 2, 3), run(64, 4, 4, { lr: 0.01 })]);
    const { heads, rows } = heatmapGrid(cells);
    expect(heads).toEqual([1, 2, 4]);
    expect(rows.map((row) => row.map(({ dim, lr, heads }) => `${dim} ${lr} ${heads}`))).toEqual([
      ['64 0.001 1', '64 0.001 4'],
      ['64 0.01 4'],
      ['128 0.001 2'],
    ]);
  });
});
