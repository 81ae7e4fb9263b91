import { describe, expect, test } from 'vitest';
import { cut, type FrameBlock } from '../../shared/frames.js';
import type { Measurement } from '../../shared/measurement.js';
import type { Seam } from '../../shared/run.js';
import { comparableOf, frameMismatch, measurementMismatch, mismatchMessage } from '../../server/runs/replay-check.js';
import { columnsFor, testBlock } from '../support/test-frames.js';

const columns = columnsFor(1);
const columnOf = (name: string): number => columns.indexOf(name);

/** Two frames, of epochs 6 and 7; `values` go into the second. */
function block(values: Record<string, number> = {}): FrameBlock {
  const rows = Float32Array.from({ length: 2 * columns.length }, (_, at) => at / 7);
  for (const [name, value] of Object.entries(values)) rows[columns.length + columnOf(name)] = value;
  return testBlock('r', 6, 2, rows);
}

const compare = (kept: FrameBlock, again: FrameBlock, every = 1) => frameMismatch(kept, again, { columns, every });

describe('frames', () => {
  test('that are the same bit for bit are no mismatch; seconds may differ', () => {
    expect(compare(block(), block())).toBeNull();
    expect(compare(block({ seconds: 1 }), block({ seconds: 2 }))).toBeNull();
  });

  test.each(columns.filter((name) => name !== 'seconds'))('that differ in the last bit of %s are one', (name) => {
    const again = block();
    const bits = new Uint32Array(again.values.buffer);
    bits[columns.length + columnOf(name)]! ^= 1;
    const at = columns.length + columnOf(name);
    const [stored, trained] = [block().values[at], again.values[at]];
    expect(compare(block(), again)).toEqual({ epoch: 7, column: name, stored, trained });
  });

  test('zero and minus zero are not the same; what is not a number is, whatever its bits', () => {
    expect(compare(block({ loss: 0 }), block({ loss: -0 }))).toMatchObject({ column: 'loss' });
    const again = block({ loss: NaN });
    new Uint32Array(again.values.buffer)[columns.length + columnOf('loss')] = 0xffc00001;
    expect(compare(block({ loss: NaN }), again)).toBeNull();
  });

  test('a value that is missing on one side is a mismatch, but for CVs at epochs that are not always measured', () => {
    expect(compare(block({ emb: NaN }), block())).toMatchObject({ column: 'emb', stored: null });
    expect(compare(block({ emb: NaN }), block(), 7)).toMatchObject({ column: 'emb', stored: null });
    expect(compare(block({ emb: NaN }), block(), 2)).toBeNull();
    expect(compare(block(), block({ emb: NaN }), 2)).toBeNull();
    expect(compare(block(), block({ emb: 9 }), 2)).toMatchObject({ column: 'emb', trained: 9 });
    expect(compare(block(), block({ loss: NaN }), 2)).toMatchObject({ column: 'loss', trained: null });
  });

  test('beyond those that are kept are not compared', () => {
    const kept = block();
    expect(compare(cut(kept, 6, 1), block({ loss: 9 }))).toBeNull();
  });
});

test('measurements are compared by the CV of each series', () => {
  const of = (cv: number | null): Measurement => ({ epoch: 5, sample: 'script', values: { emb: { cv, valid: 3 } } });
  expect(measurementMismatch(of(0.2), of(0.2))).toBeNull();
  expect(measurementMismatch(of(null), of(null))).toBeNull();
  const mismatch = { epoch: 5, column: 'emb (script sample)', stored: 0.2, trained: null };
  expect(measurementMismatch(of(0.2), of(null))).toEqual(mismatch);
  expect(mismatchMessage(mismatch)).toBe(
    'epoch 5 was trained again and came out different: emb (script sample) is no value, and 0.2 is stored; ' +
      'the stored value stays',
  );
});

describe('what can be compared', () => {
  const row = (event: string, details?: unknown) => ({ runId: 'r', at: '', event, details });

  test('everything, unless the log tells of a change', () => {
    expect(comparableOf({}, [row('created'), row('started')])).toEqual({
      fromSeq: 0,
      afterStep: -Infinity,
      scriptSample: true,
    });
  });

  test('frames after the last change of engine', () => {
    const seams = [4, 9].map((seq): Seam => ({ seq, step: seq - 1, kind: 'engine' }));
    const all: Seam[] = [...seams, { seq: 11, step: 10, kind: 'resume' }];
    expect(comparableOf({ seams: all }, [row('checkpoint')])).toEqual({ fromSeq: 9, afterStep: 8, scriptSample: true });
  });

  test('the script’s draws only where the total of epochs is the first one', () => {
    expect(comparableOf({}, [row('extended', { from: 5, to: 9 })])).toEqual({
      fromSeq: 0,
      afterStep: -Infinity,
      scriptSample: false,
    });
  });
});
