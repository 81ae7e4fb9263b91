import { describe, expect, test } from 'vitest';
import { afterEnd, afterFrames, afterRecovery, afterClaim, withStatus } from '../../server/runs/run-changes.js';
import { testBlock } from '../support/test-frames.js';
import { testRun } from '../support/test-run.js';

const EARLIER = '2026-02-02T00:00:00.000Z';
const AT = '2026-02-03T00:00:00.000Z';

describe('frames', () => {
  /** Three columns: seconds, loss, accuracy. */
  const block = (fromSeq: number, seconds: number[]) =>
    testBlock('r', fromSeq, seconds.length, Float32Array.from(seconds.flatMap((second) => [second, NaN, 0])));

  test('move step and seconds along, with the ETA where there is one', () => {
    const one = afterFrames(testRun('r', 's'), block(0, [0.5, 1]), undefined);
    expect(one).toMatchObject({ step: 1, seconds: 1 });
    expect(one).not.toHaveProperty('etaSeconds');
    expect(afterFrames(one, block(2, [1.5, 2]), 3.5)).toMatchObject({ step: 3, seconds: 2, etaSeconds: 3.5 });
  });
});

describe('a trainer takes the run', () => {
  test('for the first time: it has started', () => {
    const { run, log } = afterClaim(testRun('r', 's'), { engine: 'wasm' }, AT);
    expect(run).toMatchObject({ status: 'running', engine: 'wasm', startedAt: AT });
    expect(log.map((row) => row.event)).toEqual(['started']);
  });

  test('again: its start stays what it was', () => {
    const { run, log } = afterClaim(testRun('r', 's', { startedAt: EARLIER }), { engine: 'wasm' }, AT);
    expect(run.startedAt).toBe(EARLIER);
    expect(log).toEqual([]);
  });

  test('in the place of one that died: a pause that was asked for since then stays asked for', () => {
    const pausing = testRun('r', 's', { status: 'pausing', startedAt: EARLIER, engine: 'wasm' });
    expect(afterClaim(pausing, { engine: 'wasm' }, AT, 3)).toEqual({ run: pausing, log: [] });
  });

  test('on another engine: run and log have both and the last epoch of the first; no frames, no seam', () => {
    const begun = testRun('r', 's', { startedAt: EARLIER, engine: 'wasm', step: 3 });
    const seam = { seq: 4, step: 3, kind: 'engine', at: AT, from: 'wasm', to: 'cpu' };
    expect(afterClaim(begun, { engine: 'cpu' }, AT, 4)).toMatchObject({
      run: { engine: 'cpu', status: 'running', seams: [seam] },
      log: [{ event: 'engine-changed', details: seam }],
    });
    const unchanged = afterClaim(begun, { engine: 'cpu' }, AT, 0);
    expect(unchanged).toMatchObject({ run: { engine: 'cpu' }, log: [] });
    expect(unchanged.run).not.toHaveProperty('seams');
  });

  test('on a third engine: every seam stays, by epoch', () => {
    const first = { seq: 4, step: 3, kind: 'engine', at: EARLIER, from: 'wasm', to: 'cpu' } as const;
    const changed = testRun('r', 's', { startedAt: EARLIER, engine: 'cpu', step: 7, seams: [first] });
    expect(afterClaim(changed, { engine: 'wasm' }, AT, 8).run.seams).toEqual([
      first,
      { seq: 8, step: 7, kind: 'engine', at: AT, from: 'cpu', to: 'wasm' },
    ]);
    expect(afterClaim(changed, { engine: 'cpu' }, AT, 8).run.seams).toEqual([first]);
  });
});

describe('kernels of another build', () => {
  const begun = testRun('r', 's', { startedAt: EARLIER, engine: 'wasm', kernels: 'aaa', step: 3 });

  test('are a seam that names both, on the same engine and beside a change of engine', () => {
    const place = { seq: 4, step: 3, kind: 'engine', at: AT };
    const seam = { ...place, from: 'wasm', to: 'wasm', kernels: { from: 'aaa', to: 'bbb' } };
    expect(afterClaim(begun, { engine: 'wasm', kernels: 'bbb' }, AT, 4)).toMatchObject({
      run: { engine: 'wasm', kernels: 'bbb', seams: [seam] },
      log: [{ event: 'engine-changed', details: seam }],
    });
    const both = afterClaim(begun, { engine: 'cpu', kernels: 'bbb' }, AT, 4).run.seams;
    expect(both).toEqual([{ ...seam, to: 'cpu' }]);
    expect(afterClaim(begun, { engine: 'wasm', kernels: 'aaa' }, AT, 4)).toEqual({
      ...{ run: { ...begun, status: 'running' }, log: [] },
    });
    expect(afterClaim(begun, { engine: 'wasm', kernels: 'bbb' }, AT, 0).run).not.toHaveProperty('seams');
  });

  test('that were not noted are taken for the same', () => {
    const { kernels: _kernels, ...old } = begun;
    const { run, log } = afterClaim(old, { engine: 'wasm', kernels: 'bbb' }, AT, 4);
    expect(run).toMatchObject({ kernels: 'bbb' });
    expect(run).not.toHaveProperty('seams');
    expect(log).toEqual([]);
  });
});

describe('a trainer ends', () => {
  const run = testRun('r', 's', { status: 'running', step: 3, etaSeconds: 9 });

  test('completed: with its end and without an ETA', () => {
    const ended = afterEnd(run, { status: 'completed' }, AT);
    expect(ended.run).toMatchObject({ status: 'completed', endedAt: AT });
    expect(ended.run).not.toHaveProperty('etaSeconds');
    expect(ended.log).toMatchObject([{ event: 'completed', at: AT }]);
  });

  test.each([
    ['failed', 'trainer_failed'],
    ['unavailable', 'unavailable'],
    ['refused', 'conflict'],
    ['mismatch', 'mismatch'],
  ] as const)('%s: failed as %s, with the message', (status, code) => {
    expect(afterEnd(run, { status, message: 'why' }, AT)).toMatchObject({
      run: { status: 'failed', error: { code, message: 'why' }, endedAt: AT },
      log: [{ event: 'failed', cause: 'why' }],
    });
  });

  test('paused or stopped: the log says who asked for it', () => {
    const pausing = { ...run, status: 'pausing' as const };
    expect(afterEnd(pausing, { status: 'paused' }, AT, 'http')).toMatchObject({
      run: { status: 'paused' },
      log: [{ event: 'paused', by: 'http', details: { epoch: 3 } }],
    });
  });

  test('with a pause that was called off: the run is queued again', () => {
    expect(afterEnd(run, { status: 'paused' }, AT)).toMatchObject({ run: { status: 'queued' }, log: [] });
  });

  test('as nobody asked: the run has failed', () => {
    expect(afterEnd(run, { status: 'stopped' }, AT)).toMatchObject({
      run: { status: 'failed', error: { message: 'a run that is running cannot be stopped' } },
    });
  });
});

test('a run that goes on loses its error and its end; one that failed keeps both', () => {
  const failed = testRun('r', 's', { status: 'failed', endedAt: EARLIER, error: { code: 'internal', message: 'x' } });
  expect(withStatus(failed, 'failed', AT)).toEqual(failed);
  const { endedAt: _endedAt, error: _error, ...rest } = failed;
  expect(withStatus(failed, 'queued', AT)).toEqual({ ...rest, status: 'queued' });
});

describe('after a server that ended', () => {
  test.each([
    ['running', 'queued'],
    ['pausing', 'paused'],
    ['stopping', 'stopped'],
  ] as const)('a run that was %s is %s, and its log says why', (status, next) => {
    expect(afterRecovery(testRun('r', 's', { status }), AT)).toMatchObject({
      run: { status: next },
      log: [{ event: 'recovered', cause: `the server ended while the run was ${status}` }],
    });
  });

  test.each(['queued', 'paused', 'completed', 'failed'] as const)('a run that was %s is as it was', (status) => {
    expect(afterRecovery(testRun('r', 's', { status }), AT)).toBeNull();
  });
});
