/** What every `RunStore` does; run by each implementation's test file. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FrameBlock } from '../../shared/frames.js';
import type { Measurement } from '../../shared/measurement.js';
import type { CheckpointRow, RunStore } from '../../server/store/run-store.js';
import { testRun, testSweep } from '../support/test-run.js';

const COLUMNS = 3;

/** Rows of which each value says its run's seq and column. */
function block(runId: string, fromSeq: number, rows: number, offset = 0): FrameBlock {
  const values = Float32Array.from({ length: rows * COLUMNS }, (_, i) => fromSeq * 10 + i / COLUMNS + offset);
  return { runId, fromSeq, rows, values };
}

function measurement(epoch: number, sample: Measurement['sample'], cv: number): Measurement {
  return { epoch, sample, values: { emb: { cv, valid: 10 } } };
}

function checkpoint(runId: string, epoch: number): CheckpointRow {
  return { runId, seq: epoch, epoch, at: 'now', bytes: 8, engine: 'cpu', file: `${runId}/${epoch}.ckpt` };
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
      expect(store.frames('a', -1, 10)).toEqual({ runId: 'a', fromSeq: 0, rows: 0, values: new Float32Array() });
      expect([store.nextSeq('x'), store.measurements('x'), store.checkpoints('x'), store.log('x')]).toEqual([
        ...[0, [], [], []],
      ]);
    });

    test('a run is replaced by id, keeps its place, and is found by sweep and status', () => {
      store.commit({ runs: [testRun('b', 's1', { status: 'running', epoch: 3 })] });
      expect(store.runs({ sweep: 's1' }).map((run) => [run.id, run.epoch])).toEqual([
        ['b', 3],
        ['a', 0],
      ]);
      expect(store.runs({ status: 'queued' }).map((run) => run.id)).toEqual(['c']);
      expect(store.runs({ sweep: 's2', status: 'running' })).toEqual([]);
      expect(store.sweep('s1')?.counts).toEqual({ running: 1, completed: 1 });
    });

    test('frames come back in any range, NaN and all', () => {
      const values = Float32Array.from({ length: 9 }, (_, i) => (i === 4 ? NaN : i / 3));
      store.commit({ frames: [{ runId: 'a', fromSeq: 0, rows: 3, values }, block('b', 0, 1), block('a', 3, 4)] });
      const all = new Float32Array([...values, ...block('a', 3, 4).values]);
      expect(store.nextSeq('a')).toBe(7);
      expect(store.frames('a', -1, 100)).toEqual({ runId: 'a', fromSeq: 0, rows: 7, values: all });
      expect(store.frames('a', -1, Infinity).rows).toBe(7);
      expect(store.frames('a', 1, 2)).toEqual({ runId: 'a', fromSeq: 2, rows: 2, values: all.slice(6, 12) });
      expect(store.frames('a', 6, 10)).toEqual({ runId: 'a', fromSeq: 7, rows: 0, values: new Float32Array() });
      expect(store.frames('a', 99, 10).rows).toBe(0);
      expect(store.frames('b', -1, 10).rows).toBe(1);
    });

    test('frames that are stored already stay as they are', () => {
      store.commit({ frames: [block('a', 0, 3)] });
      store.commit({ frames: [block('a', 1, 4, 0.5)] });
      store.commit({ frames: [block('a', 0, 2, 0.5)] });
      const { rows, values } = store.frames('a', -1, 10);
      expect(rows).toBe(5);
      expect(values.slice(0, 9)).toEqual(block('a', 0, 3).values);
      expect(values.slice(9)).toEqual(block('a', 1, 4, 0.5).values.slice(6));
    });

    test('a commit that would leave a gap, or names an unknown run, does nothing at all', () => {
      const log = [{ runId: 'b', at: 'now', event: 'started' }];
      expect(() => store.commit({ log, frames: [block('b', 0, 1), block('a', 1, 1)] })).toThrow(RangeError);
      expect(() => store.commit({ log, frames: [block('x', 0, 1)] })).toThrow();
      expect(() => store.commit({ log, runs: [testRun('d', 's9')] })).toThrow();
      expect(() => store.commit({ log: [...log, { runId: 'x', at: 'now', event: 'started' }] })).toThrow();
      expect([store.log('b'), store.nextSeq('b'), store.run('d')]).toEqual([[], 0, undefined]);
      store.commit({ frames: [block('b', 0, 1)] });
      expect(store.nextSeq('b')).toBe(1);
    });

    test('measurements are kept once per epoch and sample, in order', () => {
      const [script, fixed] = [measurement(0, 'script', 1), measurement(0, 'fixed', 2)];
      const later = measurement(5, 'fixed', 3);
      const all = [later, fixed, script, measurement(0, 'fixed', 9)];
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
        frames: runIds.map((runId) => block(runId, 0, 2)),
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
