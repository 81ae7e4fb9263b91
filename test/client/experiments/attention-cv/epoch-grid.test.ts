/** Which row stands for an epoch, the shown runs' values there, and the range of them through training. */
// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { quantity } from '../../../../client/experiments/attention-cv/quantity.js';
import { gridRuns, quantityRange } from '../../../../client/experiments/attention-cv/epoch-grid.js';
import { measuredEpoch } from '../../../../client/runs/epoch-reading.js';
import type { RunColumns } from '../../../../client/data/run-columns.js';
import { golden } from '../../../support/golden.js';
import { referenceLines } from '../../../support/reference-lines.js';
import { appendRows, columnsForHeads } from '../../../support/frame-rows.js';

/** One head; CVs at the given epochs alone, loss at every one. */
function columnsWith(cvs: Record<number, number>, rows: number): RunColumns {
  const columns = columnsForHeads(1);
  for (let epoch = 0; epoch < rows; epoch++) append(columns, epoch, cvs[epoch]);
  return columns;
}

function append(columns: RunColumns, epoch: number, cv = NaN): void {
  const row = columns.names.map((name) => ({ loss: 1 / (epoch + 1), emb: cv })[name] ?? NaN);
  appendRows(columns, row);
}

describe('the measured epoch of an epoch', () => {
  it('is the last one up to it that has CVs', () => {
    const columns = columnsWith({ 0: 0.1, 10: 0.2, 12: 0.3 }, 15);
    expect([0, 3, 9, 10, 11, 12, 14].map((epoch) => measuredEpoch(columns, epoch))).toEqual([0, 0, 0, 10, 10, 12, 12]);
    expect(measuredEpoch(columns, null)).toBe(12);
    expect(measuredEpoch(columns, 15)).toBeUndefined();
    append(columns, 15);
    append(columns, 16, 0.4);
    expect([15, 16, null].map((epoch) => measuredEpoch(columns, epoch))).toEqual([12, 16, 16]);
  });

  it('is that of the epoch itself in a run that is too small for any CV, and none before the first frame', () => {
    expect(measuredEpoch(columnsWith({}, 5), 3)).toBe(3);
    expect(measuredEpoch(columnsWith({}, 0), null)).toBeUndefined();
  });
});

describe('the runs of the grid', () => {
  it('have the golden values at each epoch, and none where they have not got to it', () => {
    const { lines, columnsOf } = referenceLines(13);
    const golden128 = golden<{ cv: Record<string, number[]> }>('trajectory_d128_h2').cv;
    const at = (epoch: number | null, id = 'act_Q') =>
      gridRuns(lines, columnsOf, () => undefined, quantity(id)!, epoch).find((run) => run.id === '128x2')!;
    for (const epoch of [0, 7, 12]) {
      const mean = (golden128.act_Q_h0![epoch]! + golden128.act_Q_h1![epoch]!) / 2;
      expect(at(epoch).value).toBeCloseTo(mean, 6);
    }
    expect(at(null).value).toBe(at(12).value);
    expect(at(13).value).toBeNaN();
    expect(at(0, 'act_Q_h2').value).toBeNaN();
    expect(at(0)).toMatchObject({ dim: 128, heads: 2, headDim: 64, lr: 0.001, seed: 42, variant: '' });
  });

  it('are told apart by their sweep where several are shown, and by their learning rate', () => {
    const { lines, columnsOf } = referenceLines(1);
    const [line] = lines;
    const seeded = {
      ...line!,
      detail: 'seed 7',
      label: { main: '64 × 1', more: 'seed 7 · Other sweep' },
      sweep: 'Other sweep',
    };
    const config = { ...line!.run.config, lr: 0.01 };
    const faster = { ...line!, run: { ...line!.run, config }, detail: 'lr 0.01', label: { main: '', more: 'lr 0.01' } };
    const variants = (some: typeof lines) =>
      gridRuns(some, columnsOf, () => undefined, quantity('emb')!, null).map(({ variant }) => variant);
    expect(variants([line!, seeded])).toEqual(['', 'Other sweep']);
    expect(variants([line!, faster])).toEqual(['lr 0.001', 'lr 0.01']);
  });

  it('leave out one that was trained again', () => {
    const { lines, columnsOf } = referenceLines(2);
    const [first, ...rest] = lines;
    const shown = [{ ...first!, replaced: true }, ...rest];
    expect(gridRuns(shown, columnsOf, () => undefined, quantity('emb')!, null)).toHaveLength(11);
    expect(quantityRange(shown.slice(0, 1), columnsOf, quantity('emb')!)).toBeUndefined();
  });
});

describe('the range of a quantity', () => {
  it('spans what it was at every epoch so far, and grows with the frames', () => {
    const { lines } = referenceLines(1);
    const columns = columnsWith({ 0: 0.25, 1: 0.75, 2: 0.5 }, 3);
    const range = () => quantityRange(lines.slice(0, 1), () => columns, quantity('emb')!);
    expect(range()).toEqual([0.25, 0.75]);
    append(columns, 3, 0.125);
    expect(range()).toEqual([0.125, 0.75]);
    expect(quantityRange(lines, () => undefined, quantity('emb')!)).toBeUndefined();
  });
});
