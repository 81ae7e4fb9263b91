/** What every `RunStore` does; run by each implementation's test file. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bytesOf, cut, joined, makeValues, noFrames, widened, widthOf } from '../../shared/frames.js';
import type { Dtype, FrameBlock } from '../../shared/frames.js';
import type { Measurement } from '../../shared/measurement.js';
import type { CheckpointRow, RunStore, WriterRow } from '../../server/store/run-store.js';
import { testRun, testSweep } from '../support/test-run.js';

const COLUMNS = 3;

interface Made {
  columns?: number;
  dtype?: Dtype;
  /** Added to every value. */
  offset?: number;
  nan?: FrameBlock['nan'];
}

/** Frames whose every number says its seq and column; thirds are exact in doubles alone. */
export function madeFrames(runId: string, fromSeq: number, rows: number, made: Made = {}): FrameBlock {
  const { columns = COLUMNS, dtype = 'f32', offset = 0, nan = [] } = made;
  const values = makeValues(dtype, rows * columns);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1)
      values[row * columns + column] = fromSeq + row + column / 3 + offset;
  }
  for (const [row, column] of nan) values[row * columns + column] = NaN;
  const steps = Float64Array.from({ length: rows }, (_, row) => 10 * (fromSeq + row));
  const times = Float64Array.from({ length: rows }, (_, row) => 1.7e12 + fromSeq + row);
  return { runId, fromSeq, rows, steps, times, values, ...(nan.length > 0 && { nan }) };
}

/** The same frames; a store may answer them with more columns, without a value. */
export function expectFrames(found: FrameBlock, expected: FrameBlock): void {
  expect(widthOf(found)).toBeGreaterThanOrEqual(widthOf(expected));
  const values = widened(expected, widthOf(found));
  // Long ones are compared as bytes, which takes a hundredth of the time; of a few it is to be seen where they differ.
  if (values.length < 1000) return expect(found).toEqual({ ...expected, values });
  for (const [array, other] of [
    [found.values, values],
    [found.steps, expected.steps],
    [found.times, expected.times],
  ] as const)
    // prettier-ignore
    expect(Buffer.compare(bytesOf(array), bytesOf(other))).toBe(0);
  expect([found.runId, found.fromSeq, found.rows, found.nan]).toEqual([
    ...[expected.runId, expected.fromSeq, expected.rows, expected.nan],
  ]);
}

function measurement(epoch: number, sample: Measurement['sample'], cv: number): Measurement {
  return { epoch, sample, values: { emb: { cv, valid: 10 } } };
}

function checkpoint(runId: string, epoch: number): CheckpointRow {
  return { runId, seq: epoch, epoch, at: 'now', bytes: 8, engine: 'cpu', file: `${runId}/${epoch}.ckpt` };
}

function testWriter(id: string, runId: string): WriterRow {
  return {
    ...{ id, runId, tokenDigest: 'ab', frames: 0, lines: 0, states: 0, endSeq: 0, countedTo: null },
    ...{ values: {}, checkpoints: 0 },
  };
}

export function describeRunStore(name: string, open: () => RunStore): void {
  describe(name, () => {
    let store: RunStore;
    beforeEach(() => {
      store = open();
      store.commit({
        sweeps: [testSweep('s1'), testSweep('s2')],
        runs: [testRun('b', 's1'), testRun('a', 's1', { status: 'completed' }), testRun('c', 's2')],
      });
    });
    afterEach(() => store.close());

    test('sweeps and runs come back as they were kept, in the order of their creation', () => {
      expect(store.run('a')).toEqual(testRun('a', 's1', { status: 'completed' }));
      expect(store.runs().map((run) => run.id)).toEqual(['b', 'a', 'c']);
      expect(store.sweeps()).toEqual([
        { ...testSweep('s1'), runIds: ['b', 'a'], counts: { queued: 1, completed: 1 } },
        { ...testSweep('s2'), runIds: ['c'], counts: { queued: 1 } },
      ]);
      expect(store.sweep('s2')).toEqual(store.sweeps()[1]);
    });

    test('what is not kept is undefined or empty', () => {
      expect(store.run('x')).toBeUndefined();
      expect(store.sweep('x')).toBeUndefined();
      expect(store.fingerprint('a')).toBeUndefined();
      expect(store.requestAnswer('x')).toBeUndefined();
      expect(store.frames('a', -1, 10)).toEqual(noFrames('a', 0));
      expect(store.frames('x', 4, 10)).toEqual(noFrames('x', 5));
      expect([store.nextSeq('x'), store.measurements('x'), store.checkpoints('x'), store.log('x')]).toEqual([
        ...[0, [], [], []],
      ]);
    });

    test('a run is replaced by id, keeps its place, and is found by sweep and status', () => {
      store.commit({ runs: [testRun('b', 's1', { status: 'running', step: 3 })] });
      expect(store.runs({ sweep: 's1' }).map((run) => [run.id, run.step])).toEqual([
        ['b', 3],
        ['a', 0],
      ]);
      expect(store.runs({ status: 'queued' }).map((run) => run.id)).toEqual(['c']);
      expect(store.runs({ sweep: 's2', status: 'running' })).toEqual([]);
      expect(store.sweep('s1')?.counts).toEqual({ running: 1, completed: 1 });
    });

    test('a run that is of no sweep is kept, and no sweep has it', () => {
      const external = testRun('d', null, { source: 'external', experiment: 'mine', total: null, stepName: 'step' });
      store.commit({ runs: [external] });
      store.commit({ runs: [{ ...external, step: 4 }], frames: [madeFrames('d', 0, 1)] });
      expect(store.run('d')).toEqual({ ...external, step: 4 });
      expect(store.runs().map((run) => run.id)).toEqual(['b', 'a', 'c', 'd']);
      expect(store.runs({ status: 'queued' }).map((run) => run.id)).toEqual(['b', 'c', 'd']);
      expect(store.sweeps().flatMap((sweep) => sweep.runIds)).toEqual(['b', 'a', 'c']);
      store.deleteSweep('s1');
      expect(store.nextSeq('d')).toBe(1);
      store.deleteRun('d');
      expect([store.run('d'), store.nextSeq('d')]).toEqual([undefined, 0]);
    });

    test('frames come back in any range, without a value where there was none', () => {
      const begin = madeFrames('a', 0, 3);
      begin.values[4] = NaN;
      store.commit({ frames: [begin, madeFrames('b', 0, 1), madeFrames('a', 3, 4)] });
      const all = madeFrames('a', 0, 7);
      all.values[4] = NaN;
      expect(store.nextSeq('a')).toBe(7);
      expectFrames(store.frames('a', -1, 100), all);
      expect(store.frames('a', -1, Infinity).rows).toBe(7);
      expectFrames(store.frames('a', 1, 2), madeFrames('a', 2, 2));
      expect(store.frames('a', 6, 10)).toEqual(noFrames('a', 7));
      expect(store.frames('a', -1, 0)).toEqual(noFrames('a', 0));
      expect(store.frames('a', 99, 10).rows).toBe(0);
      expectFrames(store.frames('b', -1, 10), madeFrames('b', 0, 1));
    });

    test('frames that are stored already stay as they are', () => {
      store.commit({ frames: [madeFrames('a', 0, 3)] });
      store.commit({ frames: [madeFrames('a', 1, 4, { offset: 0.5 })] });
      store.commit({ frames: [madeFrames('a', 0, 2, { offset: 0.5 }), madeFrames('a', 5, 0)] });
      const all = madeFrames('a', 0, 5);
      all.values.set(madeFrames('a', 3, 2, { offset: 0.5 }).values, 9);
      expectFrames(store.frames('a', -1, 10), all);
    });

    test('steps may repeat and go back, and times be unknown', () => {
      const frames = { ...madeFrames('a', 0, 5), steps: Float64Array.of(1, 1, 7.5, 2 ** 53, -3) };
      frames.times.set([NaN, 1.7e12 + 0.25], 1);
      store.commit({ frames: [frames] });
      expectFrames(store.frames('a', -1, 10), frames);
    });

    test('columns may be added in mid-run: frames of before have no value in them', () => {
      const parts = [1, 2, 5].map((columns, place) => madeFrames('a', 2 * place, 2, { columns }));
      for (const part of parts) store.commit({ frames: [part] });
      const all = madeFrames('a', 0, 6, { columns: 5 });
      all.values.fill(NaN, 1, 5).fill(NaN, 6, 10).fill(NaN, 12, 15).fill(NaN, 17, 20);
      expectFrames(store.frames('a', -1, 10), all);
      expectFrames(store.frames('a', 0, 2), {
        ...madeFrames('a', 1, 2, { columns: 2 }),
        values: Float32Array.of(1, NaN, 2, 2 + 1 / 3),
      });
    });

    test('doubles come back exactly, also in a run that began with less', () => {
      const doubles = madeFrames('a', 0, 4, { dtype: 'f64' });
      store.commit({ frames: [doubles] });
      expectFrames(store.frames('a', -1, 10), doubles);
      expect(store.frames('a', 3, 10)).toEqual(noFrames('a', 4, 'f64'));
      store.commit({ frames: [madeFrames('b', 0, 1)] });
      store.commit({ frames: [madeFrames('b', 1, 2, { dtype: 'f64' })] });
      const values = Float64Array.of(
        ...madeFrames('b', 0, 1).values,
        ...madeFrames('b', 1, 2, { dtype: 'f64' }).values,
      );
      expectFrames(store.frames('b', -1, 10), { ...madeFrames('b', 0, 3), values });
    });

    test('a cell that was logged as NaN is told from one without a value', () => {
      const first = madeFrames('a', 0, 3, { nan: [[1, 2]] });
      first.values[0] = NaN;
      const second = madeFrames('a', 3, 2, { columns: 4, nan: [[0, 3], [1, 0]] }); // prettier-ignore
      store.commit({ frames: [first] });
      store.commit({ frames: [second] });
      // A repeated frame may say what it likes.
      store.commit({ frames: [madeFrames('a', 0, 2, { nan: [[0, 1]] })] });
      expect(store.frames('a', -1, 10).nan).toEqual([
        [1, 2],
        [3, 3],
        [4, 0],
      ]);
      expect(store.frames('a', 0, 3).nan).toEqual([
        [0, 2],
        [2, 3],
      ]);
      expectFrames(store.frames('a', 1, 1), madeFrames('a', 2, 1));
    });

    test.each([
      { columns: 4, rows: 9500, each: 700 },
      { columns: 131, rows: 2300, each: 90 },
    ])('a history of $rows rows and up to $columns columns comes back in any part', ({ columns, rows, each }) => {
      const parts: FrameBlock[] = [];
      for (let seq = 0, width = columns - 3; seq < rows; seq += each, width = Math.min(columns, width + 1)) {
        const count = Math.min(each, rows - seq);
        const nan = [[0, 0] as const, [count - 1, width - 1] as const];
        parts.push(madeFrames('a', seq, count, { columns: width, dtype: 'f64', nan }));
      }
      for (const part of parts) store.commit({ frames: [part] });
      // So that whatever a store does bit by bit is done.
      for (let seq = 0; seq < 20; seq += 1) store.commit({ frames: [madeFrames('b', seq, 1)] });
      const all = joined(parts)!;
      for (const [after, limit] of [
        [-1, Infinity],
        [-1, 1],
        [1000, 1],
        [1022, 3],
        [500, 1024],
        [4000, 200],
        [2000, 5000],
        [rows - 3, 9],
      ] as const)
        // prettier-ignore
        expectFrames(store.frames('a', after, limit), cut(all, after + 1, limit));
      const again = store.frames('a', 99, 50);
      again.values.fill(0);
      again.steps.fill(0);
      expectFrames(store.frames('a', 99, 50), cut(all, 100, 50));
      store.deleteRun('a');
      expect([store.nextSeq('a'), store.frames('a', -1, 10)]).toEqual([0, noFrames('a', 0)]);
      store.commit({ runs: [testRun('a', 's1')], frames: [madeFrames('a', 0, 1)] });
      expectFrames(store.frames('a', -1, 10), madeFrames('a', 0, 1));
    });

    test('a commit that would leave a gap, or names an unknown run, does nothing at all', () => {
      const log = [{ runId: 'b', at: 'now', event: 'started' }];
      expect(() => store.commit({ log, frames: [madeFrames('b', 0, 1), madeFrames('a', 1, 1)] })).toThrow(RangeError);
      expect(() => store.commit({ log, frames: [madeFrames('x', 0, 1)] })).toThrow();
      expect(() => store.commit({ log, runs: [testRun('d', 's9')] })).toThrow();
      expect(() => store.commit({ log: [...log, { runId: 'x', at: 'now', event: 'started' }] })).toThrow();
      expect([store.log('b'), store.nextSeq('b'), store.run('d')]).toEqual([[], 0, undefined]);
      store.commit({ frames: [madeFrames('b', 0, 1)] });
      expect(store.nextSeq('b')).toBe(1);
    });

    test('measurements are kept once per epoch and sample, the latest, in order', () => {
      const [script, fixed] = [measurement(0, 'script', 1), measurement(0, 'fixed', 2)];
      const later = measurement(5, 'fixed', 3);
      const all = [later, measurement(0, 'fixed', 9), script, fixed];
      store.commit({ measurements: all.map((one) => ({ runId: 'a', measurement: one })) });
      expect(store.measurements('a')).toEqual([script, fixed, later]);
      expect(store.measurement('a', { epoch: 0, sample: 'fixed' })).toEqual(fixed);
      expect(store.measurement('a', { epoch: 5, sample: 'script' })).toBeUndefined();
      expect(store.measurement('b', { epoch: 0, sample: 'fixed' })).toBeUndefined();
    });

    test('fingerprint, log and answers of requests come back', () => {
      const fingerprint = { x: '1', y: '2', parameters: { emb: '3' } };
      const log = ['created', 'started'].map((event) => ({ runId: 'a', at: 'now', event, details: { epoch: 1 } }));
      store.commit({
        fingerprints: [{ runId: 'a', fingerprint }],
        log,
        requests: [{ requestId: 'r', answer: { a: 1 } }],
      });
      expect(store.fingerprint('a')).toEqual(fingerprint);
      expect(store.log('a')).toEqual(log);
      expect(store.requestAnswer('r')).toEqual({ a: 1 });
    });

    test('writers are replaced by id and found by it, or by their run in the order in which they came', () => {
      const writers = [testWriter('w2', 'a'), testWriter('w1', 'a'), testWriter('w3', 'b')];
      store.commit({ writers });
      store.commit({ writers: [{ ...writers[0]!, frames: 7, values: { lr: 0.1 } }] });
      expect(store.writers('a')).toEqual([{ ...writers[0]!, frames: 7, values: { lr: 0.1 } }, writers[1]]);
      expect(store.writer('w3')).toEqual(writers[2]);
      expect([store.writer('x'), store.writers('x')]).toEqual([undefined, []]);
      store.deleteRun('a');
      expect([store.writer('w1'), store.writers('a'), store.writer('w3')]).toEqual([undefined, [], writers[2]]);
    });

    test('what a program printed is read from any line on, and goes with its run', () => {
      const lines = ['0', '1', '2', '3', '4'].map((text) => ({ text, stream: 'stdout' as const }));
      store.commit({ output: [{ runId: 'a', from: 0, lines: lines.slice(0, 2) }] });
      store.commit({ output: [{ runId: 'a', from: 2, lines: lines.slice(2) }] });
      expect(store.outputLines('a')).toBe(5);
      expect(store.output('a', -1, 100)).toEqual(lines.map((line, n) => ({ n, ...line })));
      expect(store.output('a', 0, 100).map(({ n }) => n)).toEqual([1, 2, 3, 4]);
      expect(store.output('a', 2, 1)[0]).toEqual({ n: 3, ...lines[3]! });
      expect([store.output('a', 4, 1), store.output('b', -1, 1), store.outputLines('b')]).toEqual([[], [], 0]);
      store.deleteRun('a');
      expect(store.outputLines('a')).toBe(0);
    });

    test('of a commit whose frames leave a gap no writer’s count is kept', () => {
      const row = testWriter('w1', 'a');
      store.commit({ writers: [row] });
      expect(() => store.commit({ writers: [{ ...row, frames: 3 }], frames: [madeFrames('a', 4, 1)] })).toThrow('gap');
      expect(store.writer('w1')).toEqual(row);
    });

    test('a checkpoint of an earlier epoch takes the place of later ones, which the run could not use', () => {
      store.commit({ checkpoints: [checkpoint('a', 70), checkpoint('b', 70), checkpoint('a', 80)] });
      store.commit({ checkpoints: [checkpoint('a', 4)] });
      expect(store.checkpoints('a')).toEqual([checkpoint('a', 4)]);
      expect(store.checkpoints('b')).toEqual([checkpoint('b', 70)]);
    });

    test('the two newest checkpoints of a run stay, the newest first', () => {
      store.commit({ checkpoints: [checkpoint('a', 1), checkpoint('b', 1), checkpoint('a', 5)] });
      store.commit({ checkpoints: [checkpoint('a', 9)] });
      store.commit({ checkpoints: [{ ...checkpoint('a', 9), bytes: 16 }] });
      expect(store.checkpoints('a')).toEqual([{ ...checkpoint('a', 9), bytes: 16 }, checkpoint('a', 5)]);
      expect(store.checkpoints('b')).toEqual([checkpoint('b', 1)]);
    });

    test('deleting a run or a sweep takes along all that belongs to it', () => {
      const runIds = ['a', 'c'];
      store.commit({
        frames: runIds.map((runId) => madeFrames(runId, 0, 2)),
        log: runIds.map((runId) => ({ runId, at: 'now', event: 'created' })),
        checkpoints: runIds.map((runId) => checkpoint(runId, 1)),
      });
      store.deleteRun('a');
      expect(store.sweep('s1')?.runIds).toEqual(['b']);
      store.deleteSweep('s2');
      expect(store.sweeps().map((sweep) => sweep.id)).toEqual(['s1']);
      for (const runId of runIds) {
        expect(store.run(runId)).toBeUndefined();
        expect([store.nextSeq(runId), store.log(runId), store.checkpoints(runId)]).toEqual([0, [], []]);
      }
      expect(store.run('b')).toBeDefined();
    });

    test('what was handed in or out is the caller’s: changing it does not change the store', () => {
      const run = testRun('d', 's1', { tags: ['one'] });
      store.commit({ runs: [run] });
      run.tags.push('two');
      store.run('d')?.tags.push('three');
      expect(store.run('d')?.tags).toEqual(['one']);
    });
  });
}
