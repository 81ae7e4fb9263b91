/** What a run says of an epoch on either sample, with the golden numbers, and why it says nothing. */
// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { epochOfPoint, scriptReading } from '../../../client/experiments/attention-cv/script-reading.js';
import { fixedReading, LOADING, type RunNumbers } from '../../../client/runs/epoch-reading.js';
import { RunColumns } from '../../../client/data/run-columns.js';
import type { Run } from '../../../shared/run.js';
import { golden } from '../../support/golden.js';
import { referenceLines } from '../../support/reference-lines.js';
import { appendRows } from '../../support/frame-rows.js';

interface Trajectory {
  acc: number[];
  cv: Record<string, number[]>;
  measurements: Record<string, Record<string, { cv: number; se: number; movement: number; movementSe: number }>>;
}
const trajectory = golden<Trajectory>('trajectory_d64_h4');
const script = golden<{ cv_robust: Record<'pre' | 'mid' | 'post', Record<string, number>> }>('d64_h4').cv_robust;

function numbers(rows: number, changes: Partial<Run> = {}): RunNumbers {
  const { lines, columnsOf, measurementsOf } = referenceLines(rows);
  const { run } = lines.find(({ run: { id } }) => id === '64x4')!;
  return { run: { ...run, ...changes }, columns: columnsOf(run.id), measurements: measurementsOf(run.id) };
}

describe('the fixed sample', () => {
  it('has errors and valid samples at the first, middle and last epoch', () => {
    const { epoch, accuracy, full, value } = fixedReading(numbers(51), null);
    expect([epoch, full]).toEqual([50, true]);
    expect(accuracy).toBeCloseTo(trajectory.acc[50]!, 6);
    expect(value('act_Q_h0')).toMatchObject({ ...trajectory.measurements['50']!.act_Q_h0!, valid: 274 });
    // What the README says of this series.
    expect(value('act_Q_h0').movement).toBeCloseTo(0.0958, 4);
    expect(value('act_Q_h0').movementSe).toBeCloseTo(0.0202, 4);
    expect(fixedReading(numbers(51), 25).full).toBe(true);
  });

  it('has the value and the movement alone elsewhere', () => {
    const { epoch, full, value } = fixedReading(numbers(51), 12);
    expect([epoch, full]).toEqual([12, false]);
    const { cv, movement, valid, se, movementSe } = value('act_Q_h0');
    expect(cv).toBeCloseTo(trajectory.cv.act_Q_h0![12]!, 6);
    expect(movement).toBeCloseTo(trajectory.cv.act_Q_h0![12]! - trajectory.cv.act_Q_h0![0]!, 6);
    expect([valid, se, movementSe]).toEqual([null, undefined, undefined]);
  });

  it('says why there is no value', () => {
    const why = (rows: number, epoch: number | null, changes: Partial<Run> = {}) =>
      fixedReading(numbers(rows, changes), epoch).value('emb').reason;
    expect(fixedReading(numbers(51), null).value('Q_h4')).toEqual({ cv: null, valid: null, reason: 'fewer heads' });
    expect(why(11, 30)).toBe('not there yet');
    expect(why(11, 30, { status: 'stopped' })).toBe('stopped at epoch 10');
    expect(why(51, 80)).toBe('ends at epoch 50');
    const unread: RunNumbers = { ...numbers(11), columns: undefined };
    expect(fixedReading(unread, 5).value('emb').reason).toBe(LOADING);
    const before = (status: Run['status']) =>
      fixedReading({ ...unread, run: { ...unread.run, status, step: 0 } }, null).value('emb').reason;
    expect([before('queued'), before('failed')]).toEqual(['not begun', 'nothing trained']);
  });

  it('gives the reason of a matrix that can have no value at any epoch', () => {
    const held = numbers(13);
    const few = { cv: null, valid: null, reason: 'fewer than 5 rows' };
    const measurements = held.measurements!.map((each) => ({ ...each, values: { ...each.values, cls_head: few } }));
    const columns = new RunColumns(held.columns!.names);
    for (let row = 0; row < 13; row++) {
      const values = columns.names.map((name) => (name === 'cls_head' ? NaN : held.columns!.at(name, row)));
      appendRows(columns, values);
    }
    expect(fixedReading({ ...held, columns, measurements }, 7).value('cls_head')).toEqual(few);
  });
});

describe('the script’s draws', () => {
  it('have the values of its three epochs, movements between two draws, and no errors', () => {
    for (const [point, name, epoch] of [
      ['first', 'pre', 0],
      ['middle', 'mid', 25],
      ['last', 'post', 50],
    ] as const) {
      const reading = scriptReading(numbers(51), point);
      expect([reading.epoch, reading.full]).toEqual([epoch, false]);
      const { cv, movement, se } = reading.value('act_Q_h0');
      expect(cv).toBe(script[name].act_Q_h0);
      expect(movement).toBeCloseTo(script[name].act_Q_h0! - script.pre.act_Q_h0!, 12);
      expect(se).toBeUndefined();
    }
  });

  it('are said to be on their way, or why there are none', () => {
    expect(scriptReading({ ...numbers(51), measurements: undefined }, 'last').value('emb').reason).toBe(LOADING);
    expect(scriptReading(numbers(30), 'last').value('emb').reason).toBe('not there yet');
    expect(scriptReading(numbers(51), 'last').value('K_h7').reason).toBe('fewer heads');
  });

  it('have one epoch for all where training has none or one', () => {
    for (const [total, expected] of [
      [0, [0, 0, 0]],
      [1, [0, 0, 1]],
      [7, [0, 3, 7]],
    ] as const)
      expect((['first', 'middle', 'last'] as const).map((point) => epochOfPoint({ step: 0, total }, point))).toEqual(
        expected,
      );
  });
});
