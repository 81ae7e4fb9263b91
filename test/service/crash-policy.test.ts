/** What becomes of runs whose trainers die, hang or grow; the children are those of test/execution/fixtures. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createMemoryStore } from '../../server/store/memory-store.js';
import { CrashCount } from '../../server/scheduling/execution.js';
import { MISMATCH_ADVICE } from '../../server/runs/replay-check.js';
import { silentLog } from '../../server/runs/service-log.js';
import type { SweepService } from '../../server/service/sweep-service.js';
import {
  create,
  epochsStored,
  events,
  reached,
  runOf,
  start,
  testCheckpoints,
  until,
  upTo,
} from '../support/fixture-service.js';
import { testBlock } from '../support/test-frames.js';
import { testRun, testSweep } from '../support/test-run.js';

/** Rows of one event in a run's log. */
const rowsOf = (service: SweepService, runId: string, event: string) =>
  service.histories.log(runId).filter((row) => row.event === event);

const secondsStored = (service: SweepService, runId: string, epoch: number): number =>
  service.histories.frames(runId, epoch - 1, 1).values[0] ?? NaN;

test('crashes are counted anew after each new frame: the fourth without one is the last', () => {
  const count = new CrashCount();
  expect([0, 0, 0].map((nextSeq) => count.add(nextSeq))).toEqual([true, true, true]);
  expect([1, 1, 1, 1].map((nextSeq) => count.add(nextSeq))).toEqual([true, true, true, false]);
});

describe('a trainer that dies with a run in hand', () => {
  test('is replaced: the run keeps running and goes on from its checkpoint; its log says why and from where', async () => {
    const service = start({ fixture: 'crash-once', workers: 1 });
    const statuses = new Set<string>();
    service.committed$.subscribe((one) => {
      if (one.type === 'changed') for (const { status } of one.runs) if (status != null) statuses.add(status);
    });
    const runId = create(service).runIds[0]!;
    await reached(service, runId, 'completed');
    expect(epochsStored(service.histories, runId)).toEqual(upTo(10));
    expect([...statuses]).toEqual(['queued', 'running', 'completed']);
    expect(events(service, runId)).toEqual([
      ...['created', 'started', 'checkpoint', 'crashed', 'recovered', 'checkpoint', 'completed'],
    ]);
    expect(rowsOf(service, runId, 'crashed')).toMatchObject([
      { cause: 'the trainer ended with exit code 139; its last output: segmentation fault', details: { epoch: 6 } },
    ]);
    expect(rowsOf(service, runId, 'recovered')).toMatchObject([
      { cause: 'another trainer goes on from the state of epoch 4', details: { epoch: 4 } },
    ]);
  });

  test('takes none of its time: what its successor trains again is counted once, over a pause, too', async () => {
    // The frames of the first say 0.01 s an epoch, those of the second 1 s, the state of epoch 4 says 0.04 s.
    const service = start({ fixture: 'crash-once' });
    const runId = create(service).runIds[0]!;
    await reached(service, runId, 'completed');
    const seconds = (): number[] =>
      upTo(runOf(service, runId).step).map((epoch) => secondsStored(service, runId, epoch));
    const expected = [0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 1.06, 2.06, 3.06, 4.06];
    for (const [epoch, value] of seconds().entries()) expect(value, `epoch ${epoch}`).toBeCloseTo(expected[epoch]!, 5);
    expect(runOf(service, runId).seconds).toBeCloseTo(4.06, 5);

    // Its state says 0.1 s, the frame that is kept 4.06 s; the next frame says 11 s.
    service.control({ runId, action: 'extend', total: 12 });
    await reached(service, runId, 'completed');
    expect(seconds()[11]).toBeCloseTo(11 + 4.06 - 0.1, 5);
  });

  test('keeps its slot for its run while others wait', async () => {
    const service = start({ fixture: 'crash-once', workers: 1 });
    const { runIds } = create(service, { dims: [16, 8] });
    const ended: string[] = [];
    service.committed$.subscribe((one) => {
      if (one.type === 'changed')
        ended.push(...one.runs.filter((run) => run.status === 'completed').map(({ id }) => id));
    });
    await until(service, () => ended.length === 2);
    expect(ended).toEqual(runIds);
  });

  test('is replaced as often as it takes while there are new epochs', async () => {
    const service = start({ fixture: 'crash-always' });
    const runId = create(service, { epochs: 6 }).runIds[0]!;
    await reached(service, runId, 'completed');
    expect(epochsStored(service.histories, runId)).toEqual(upTo(6));
    expect(rowsOf(service, runId, 'crashed')).toHaveLength(6);
  });

  test('four times without a new epoch fails the run; all four crashes are in its log', async () => {
    const service = start({ fixture: 'crash-mid-run' });
    const runId = create(service).runIds[0]!;
    await reached(service, runId, 'failed');
    const again = ['crashed', 'recovered'];
    expect(events(service, runId)).toEqual(['created', 'started', ...again, ...again, ...again, 'crashed', 'failed']);
    expect(rowsOf(service, runId, 'recovered')[0]?.cause).toBe('another trainer begins again at epoch 0');
  });

  test('before it was ready is replaced, too, and in the end fails the run that waits for it', async () => {
    const service = start({ fixture: 'crash-before-ready' });
    const runId = create(service).runIds[0]!;
    await reached(service, runId, 'failed');
    expect(runOf(service, runId).error?.message).toMatch(/after 3 restarts .* exit code 7 before it was ready/);
    expect(events(service, runId)).toEqual(['created', 'crashed', 'crashed', 'crashed', 'crashed', 'failed']);
  });

  test('leaves its run paused if that was asked for', async () => {
    const service = start({ fixture: 'hang', silenceMs: 400 });
    const runId = create(service).runIds[0]!;
    await until(service, () => service.histories.nextSeq(runId) === 3);
    expect(service.control({ runId, action: 'pause' }, 'http')).toMatchObject({ data: { status: 'pausing' } });
    await reached(service, runId, 'paused');
    expect(events(service, runId)).toEqual(['created', 'started', 'crashed', 'paused']);
    expect(rowsOf(service, runId, 'paused')).toMatchObject([{ by: 'http' }]);
  });
});

test('a trainer that hangs is killed and replaced, and after four times its run has failed', async () => {
  const service = start({ fixture: 'hang', silenceMs: 200 });
  const runId = create(service).runIds[0]!;
  await reached(service, runId, 'failed');
  expect(runOf(service, runId).error?.message).toMatch(
    /after 3 restarts .*: the trainer reported nothing for 0.25 s; its last output: stuck/,
  );
  expect(rowsOf(service, runId, 'crashed')).toHaveLength(4);
});

test('a trainer that holds more memory than allowed is replaced; the run goes on as long as it gets further', async () => {
  const service = start({ fixture: 'grow-memory', maxRssBytes: 150 * 2 ** 20 });
  const runId = create(service, { epochs: 1000 }).runIds[0]!;
  await until(service, () => rowsOf(service, runId, 'recovered').length > 0);
  expect(rowsOf(service, runId, 'crashed')[0]?.cause).toMatch(/held \d+ MB of memory, and --max-rss allows 150/);
});

test('closing while a trainer is being replaced leaves the run in line for the next server', async () => {
  const store = createMemoryStore();
  let crashed: (() => void) | undefined;
  const hasCrashed = new Promise<void>((resolve) => (crashed = resolve));
  const log = {
    ...silentLog,
    warn: (_details: object, message: string) => message === 'a trainer crashed' && crashed?.(),
  };
  const service = start({ store, log, fixture: 'crash-once' });
  const runId = create(service).runIds[0]!;
  await hasCrashed;
  await service.close();
  expect(store.run(runId)?.status).toBe('queued');
});

describe('what is trained again', () => {
  test('[W7] must come out as it is stored: a frame that differs fails the run, and the stored one stays', async () => {
    const service = start({ fixture: 'crash-once' });
    const runId = create(service, { lr: 8 }).runIds[0]!;
    await reached(service, runId, 'failed');
    const message =
      'epoch 5 was trained again and came out different: loss is 5.5, and 5 is stored; the stored value stays';
    expect(runOf(service, runId).error).toEqual({ code: 'mismatch', message: `${message}; ${MISMATCH_ADVICE}` });
    expect(rowsOf(service, runId, 'mismatch')).toMatchObject([
      { cause: message, details: { epoch: 5, column: 'loss', stored: 5, trained: 5.5 } },
    ]);
    const frame = service.histories.frames(runId, 4, 1).values;
    expect([...frame]).toEqual([Math.fround(0.05), ...Array.from({ length: frame.length - 1 }, () => 5)]);
    expect(epochsStored(service.histories, runId)).toEqual(upTo(6));
  });

  test('once it differed, resuming compares anew and mixes nothing; restart begins another run', async () => {
    const service = start({ fixture: 'crash-once' });
    const runId = create(service, { lr: 8 }).runIds[0]!;
    await reached(service, runId, 'failed');
    const stored = service.histories.frames(runId, -1, Infinity).values;
    expect(service.control({ runId, action: 'resume' })).toMatchObject({ ok: true });
    await until(service, () => rowsOf(service, runId, 'failed').length === 2);
    expect(runOf(service, runId)).toMatchObject({ status: 'failed', error: { code: 'mismatch' } });
    expect(service.histories.frames(runId, -1, Infinity).values).toEqual(stored);
    expect(service.control({ runId, action: 'restart' })).toMatchObject({ ok: true, data: { previousRunId: runId } });
  });

  test('so must measurements', async () => {
    const service = start({ fixture: 'crash-once' });
    const runId = create(service, { sampleSeed: 2 }).runIds[0]!;
    await reached(service, runId, 'failed');
    expect(rowsOf(service, runId, 'mismatch')).toMatchObject([
      { details: { epoch: 5, column: 'emb (fixed sample)', stored: 0.2, trained: 0.25 } },
    ]);
    expect(service.histories.measurements(runId)).toMatchObject([{ epoch: 5, values: { emb: { cv: 0.2 } } }]);
  });
});

describe('on another engine', () => {
  /** A run of which epochs 0 to 6 are stored as another engine made them, its last state of epoch 4. */
  function begunOnWasm(epochs: number) {
    const [store, checkpoints] = [createMemoryStore(), testCheckpoints()];
    const startedAt = '2026-01-02T03:04:05.000Z';
    const run = testRun('r', 's', { status: 'paused', startedAt, engine: 'wasm', step: 6, total: epochs });
    store.commit({ sweeps: [testSweep('s')], runs: [{ ...run, config: { ...run.config, epochs } }] });
    const values = Float32Array.from({ length: 7 * 18 }, (_, at) => Math.floor(at / 18) + 0.25);
    const { folder } = checkpoints.place('r', []);
    mkdirSync(folder);
    writeFileSync(join(folder, '4.ckpt'), JSON.stringify({ epoch: 4, seconds: 1 }));
    const row = checkpoints.row('r', { file: '4.ckpt', seq: 4, epoch: 4, bytes: 1 }, startedAt, 'wasm');
    store.commit({ frames: [testBlock('r', 0, 7, values)], checkpoints: [row] });
    return { store, checkpoints };
  }

  test('a run is not resumed: it fails and says how to go on; nothing of it changes', async () => {
    const { store, checkpoints } = begunOnWasm(10);
    const service = start({ store, checkpoints });
    service.control({ runId: 'r', action: 'resume' });
    await reached(service, 'r', 'failed');
    expect(runOf(service, 'r')).toMatchObject({ engine: 'wasm', step: 6, error: { code: 'conflict' } });
    expect(runOf(service, 'r').error?.message).toMatch(/--engine wasm --ops kernels, or with --allow-engine-change/);
    expect(store.nextSeq('r')).toBe(7);
  });

  test('if allowed it goes on: what was stored stays and is not compared, run and log mark the seam for good', async () => {
    const { store, checkpoints } = begunOnWasm(10);
    const service = start({ store, checkpoints, allowEngineChange: true });
    service.control({ runId: 'r', action: 'resume' }, 'viewer');
    await reached(service, 'r', 'completed');
    expect(epochsStored(store, 'r')).toEqual([0.25, 1.25, 2.25, 3.25, 4.25, 5.25, 6.25, 7, 8, 9, 10]);
    expect(runOf(service, 'r').engine).toBe('cpu');
    expect(events(service, 'r')).toEqual(['resumed', 'engine-changed', 'checkpoint', 'completed']);
    const seam = { seq: 7, step: 6, kind: 'engine', from: 'wasm', to: 'cpu' };
    expect(rowsOf(service, 'r', 'engine-changed')).toMatchObject([{ details: seam }]);
    expect(runOf(service, 'r').seams).toMatchObject([seam]);

    expect(service.control({ runId: 'r', action: 'extend', total: 12 })).toMatchObject({ ok: true });
    await service.close();
    const next = start({ store, checkpoints });
    await reached(next, 'r', 'completed');
    expect(runOf(next, 'r')).toMatchObject({ step: 12, seams: [seam] });
    const restarted = next.control({ runId: 'r', action: 'restart' });
    expect(restarted).toMatchObject({ ok: true });
    expect(restarted.ok && restarted.data).not.toHaveProperty('seams');
  });

  test('a crash after the change trains over the seam: only epochs of the present engine are compared', async () => {
    const { store, checkpoints } = begunOnWasm(10);
    const at = '2026-01-03T03:04:05.000Z';
    const details = { seq: 7, step: 6, kind: 'engine', at, from: 'wasm', to: 'cpu' } as const;
    const run = { ...store.run('r')!, engine: 'cpu' as const, seams: [details] };
    const eighth = testBlock('r', 7, 1, new Float32Array(18).fill(7));
    store.commit({ runs: [run], frames: [eighth], log: [{ runId: 'r', at, event: 'engine-changed', details }] });
    const service = start({ store, checkpoints });
    service.control({ runId: 'r', action: 'resume' });
    await reached(service, 'r', 'completed');
    expect(epochsStored(store, 'r').slice(6)).toEqual([6.25, 7, 8, 9, 10]);
    expect(events(service, 'r').filter((event) => event === 'engine-changed')).toHaveLength(1);
  });
});

test('checkpoints that cannot be used are named in the log, and that the run begins at epoch 0', async () => {
  const checkpoints = testCheckpoints();
  const service = start({ checkpoints });
  const runId = create(service, { epochs: 5 }).runIds[0]!;
  await reached(service, runId, 'completed');
  writeFileSync(join(checkpoints.place(runId, []).folder, '5.ckpt'), 'other');
  service.control({ runId, action: 'extend', total: 8 });
  await reached(service, runId, 'completed');
  expect(epochsStored(service.histories, runId)).toEqual(upTo(8));
  expect(events(service, runId)).toEqual([
    ...['created', 'started', 'checkpoint', 'completed', 'extended'],
    ...['checkpoint-damaged', 'begun-again', 'checkpoint', 'completed'],
  ]);
});
