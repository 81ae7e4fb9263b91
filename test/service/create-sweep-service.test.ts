/** The service with real child processes that only play trainer; what they train is in test/execution/fixtures. */
import { join } from 'node:path';
import { filter, firstValueFrom, map } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { createFileCheckpoints } from '../../server/store/checkpoints.js';
import { createMemoryStore } from '../../server/store/memory-store.js';
import { openSqliteStore } from '../../server/store/sqlite-store.js';
import type { Committed } from '../../server/runs/run-stream.js';
import {
  create,
  epochsStored,
  events,
  holds,
  reached,
  runOf,
  start,
  trained,
  until,
  upTo,
} from '../support/fixture-service.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { testBlock } from '../support/test-frames.js';
import { testRun, testSweep } from '../support/test-run.js';

const folder = temporaryFolder();
describe('a run’s life', () => {
  test('created, trained and completed: every frame once and in order, the status after the last of them', async () => {
    const service = start();
    const heard: Committed[] = [];
    service.committed$.subscribe((committed) => heard.push(committed));
    const { runIds } = create(service, { epochs: 30 });
    const runId = runIds[0]!;
    await reached(service, runId, 'completed');

    const seqs = heard.flatMap((one) =>
      one.type === 'frames'
        ? one.blocks.flatMap(({ fromSeq, rows }) => Array.from({ length: rows }, (_, row) => fromSeq + row))
        : [],
    );
    expect(seqs).toEqual(upTo(30));
    const isEnd = (one: Committed): boolean =>
      one.type === 'changed' && one.runs.some((run) => run.status === 'completed');
    expect(heard.findIndex(isEnd)).toBeGreaterThan(heard.findLastIndex((one) => one.type === 'frames'));
    expect(heard.at(-1)).toMatchObject({ type: 'changed', sweeps: [{ counts: { completed: 1 } }] });

    expect(runOf(service, runId)).toMatchObject({ step: 30, total: 30, engine: 'cpu', attempt: 1 });
    expect(runOf(service, runId).seconds).toBeCloseTo(0.3, 6);
    expect(runOf(service, runId)).not.toHaveProperty('etaSeconds');
    expect(service.histories.measurements(runId)).toHaveLength(1);
    expect(service.histories.fingerprint(runId)).toMatchObject({ x: 'x' });
    expect(events(service, runId)).toEqual(['created', 'started', 'checkpoint', 'completed']);
    expect(service.engine()).toEqual({ name: 'cpu', version: 'cpu', threads: 1 });
  });

  test('paused at an epoch’s end, resumed from its checkpoint, completed without a gap', async () => {
    const service = start();
    const { runIds } = create(service, holds);
    const runId = runIds[0]!;
    await trained(service, runId, 4);
    expect(runOf(service, runId).etaSeconds).toBeCloseTo(0.06, 6);
    expect(service.control({ runId, action: 'pause' })).toMatchObject({ ok: true, data: { status: 'pausing' } });
    expect(service.control({ runId, action: 'pause' })).toMatchObject({ ok: true, data: { status: 'pausing' } });
    await reached(service, runId, 'paused');
    const atPause = service.histories.nextSeq(runId);
    expect(service.histories.checkpoints(runId)[0]).toMatchObject({ epoch: atPause - 1, seq: atPause - 1 });

    expect(service.control({ runId, action: 'resume' })).toMatchObject({ ok: true });
    await reached(service, runId, 'completed');
    expect(epochsStored(service.histories, runId)).toEqual(upTo(10));
    expect(events(service, runId)).toEqual([
      ...['created', 'started', 'checkpoint', 'paused', 'resumed', 'checkpoint', 'completed'],
    ]);
  });

  test('a pause that is called off at once loses nothing, whether or not the trainer had taken it', async () => {
    const service = start();
    const runId = create(service, holds).runIds[0]!;
    await trained(service, runId, 4);
    service.control({ runId, action: 'pause' });
    expect(service.control({ runId, action: 'resume' })).toMatchObject({ ok: true, data: { status: 'running' } });
    await reached(service, runId, 'completed');
    expect(epochsStored(service.histories, runId)).toEqual(upTo(10));
  });

  test('stopped, it keeps its frames and can go on', async () => {
    const service = start();
    const runId = create(service, holds).runIds[0]!;
    await trained(service, runId, 4);
    expect(service.control({ runId, action: 'stop' })).toMatchObject({ data: { status: 'stopping' } });
    expect(service.control({ runId, action: 'pause' })).toMatchObject({ error: { code: 'conflict' } });
    await reached(service, runId, 'stopped');
    expect(runOf(service, runId)).toHaveProperty('endedAt');
    service.control({ runId, action: 'resume' });
    await reached(service, runId, 'completed');
    expect(epochsStored(service.histories, runId)).toEqual(upTo(10));
  });

  test('extended, a completed run goes on from its last checkpoint to the new total', async () => {
    const service = start();
    const runId = create(service).runIds[0]!;
    await reached(service, runId, 'completed');
    const extend = { runId, action: 'extend', total: 25, requestId: 'once' } as const;
    expect(service.control(extend)).toMatchObject({ ok: true, data: { total: 25, config: { epochs: 25 } } });
    expect(service.control(extend)).toMatchObject({ ok: true, data: { id: runId, total: 25 } });
    await reached(service, runId, 'completed');
    expect(epochsStored(service.histories, runId)).toEqual(upTo(25));
    expect(service.histories.log(runId).filter((row) => row.event === 'extended')).toHaveLength(1);
    expect(service.histories.log(runId).map((row) => row.event)).not.toContain('begun-again');
    expect(service.control({ runId, action: 'extend', total: 25 })).toEqual({ ok: true, data: runOf(service, runId) });
    expect(service.control({ runId, action: 'extend', total: 24 })).toMatchObject({ error: { code: 'bad_input' } });
  });

  test('restarted, another run of the same config begins and the old one stays', async () => {
    const service = start();
    const { id, runIds } = create(service);
    const runId = runIds[0]!;
    await reached(service, runId, 'completed');
    const again = { runId, action: 'restart', requestId: 'again' } as const;
    const first = service.control(again);
    const second = service.control(again);
    if (!first.ok || !second.ok) throw new Error('refused');
    expect(second.data.id).toBe(first.data.id);
    expect(first.data).toMatchObject({ attempt: 2, previousRunId: runId, sweepId: id });
    await reached(service, first.data.id, 'completed');
    expect(service.runs.sweep(id)?.runIds).toEqual([runId, first.data.id]);
    expect(epochsStored(service.histories, runId)).toEqual(upTo(10));
    expect(epochsStored(service.histories, first.data.id)).toEqual(upTo(10));
  });

  test('diverged, it says so and keeps the frames up to there', async () => {
    const service = start();
    const runId = create(service, { lr: 9 }).runIds[0]!;
    await reached(service, runId, 'diverged');
    expect(runOf(service, runId).error).toEqual({
      code: 'diverged',
      message: 'the loss of epoch 3 is not a finite number',
    });
    expect(epochsStored(service.histories, runId)).toEqual(upTo(3));
  });
});

describe('a whole sweep', () => {
  test('pauses, resumes and stops together; the sweep counts its runs', async () => {
    const service = start({ workers: 1 });
    const { id, runIds } = create(service, { dims: [8, 16, 32], ...holds });
    const dearest = runIds[2]!;
    await trained(service, dearest, 4);
    expect(service.controlSweep(id, 'pause')).toMatchObject({ data: { counts: { paused: 2, pausing: 1 } } });
    await until(service, () => service.runs.sweep(id)?.counts.paused === 3);
    expect(service.histories.nextSeq(runIds[0]!)).toBe(0);
    expect(service.controlSweep(id, 'resume')).toMatchObject({ ok: true });
    await reached(service, dearest, 'completed');
    expect(service.controlSweep(id, 'stop')).toMatchObject({ ok: true });
    await until(service, () => service.runs.sweep(id)?.counts.stopped === 2);
    expect(service.controlSweep('nosuchid', 'stop')).toMatchObject({ error: { code: 'not_found' } });
  });

  test('names its runs by what varies, and the dearest config trains first', async () => {
    const service = start({ workers: 1 });
    const started$ = service.committed$.pipe(
      filter((one) => one.type === 'changed'),
      map(({ runs }) => runs.find((run) => run.status === 'running')?.id),
      map((runId) => runId && runOf(service, runId).name),
      filter((name) => name !== undefined),
    );
    const first = firstValueFrom(started$);
    const { id } = create(service, { dims: [8, 32], heads: [1, 2], seeds: [1, -7], lrs: [0.001, 0.01] });
    expect(service.runs.runs({ sweep: id }).map((run) => run.name)).toContain('8 × 2 · seed -7 · lr 0.01');
    expect(await first).toMatch(/^32 × 2/);
    const plain = create(service, { dims: [8], name: 'mine' });
    expect(service.runs.run(plain.runIds[0]!)?.name).toBe('8 × 1');
    expect(service.runs.sweep(plain.id)?.name).toBe('mine');
  });
});

describe('what is asked wrongly', () => {
  test.each([
    [{ dims: [10], heads: [3] }, 'heads must divide dim: 10 is not divisible by 3'],
    [{ dims: [8], heads: [0] }, 'heads must be a whole number from 1 to 1024'],
    [{ dims: [8], heads: [1], epochs: -1 }, 'epochs must be a whole number from 0 to 100000'],
    [{ dims: [8], heads: [1], epochz: 5 }, 'epochz'],
    ['nonsense', 'object'],
    [null, 'object'],
  ])('%j is refused, naming what is wrong', (request, message) => {
    const result = start().createSweep(request);
    expect(result).toMatchObject({ ok: false, error: { code: 'bad_input' } });
    expect(result).toHaveProperty('error.message', expect.stringContaining(message));
  });

  test('the same requestId makes one sweep, and cannot be used for something else', () => {
    const service = start();
    const one = create(service, { requestId: 'r' });
    expect(create(service, { requestId: 'r' })).toEqual(one);
    expect(service.runs.sweeps()).toHaveLength(1);
    service.control({ runId: one.runIds[0]!, action: 'stop' });
    expect(service.control({ runId: one.runIds[0]!, action: 'restart', requestId: 'r' })).toMatchObject({
      error: { code: 'conflict' },
    });
  });

  test('a run that is not there is not found by any command', () => {
    const service = start();
    const results = [
      service.control({ runId: 'nosuchid', action: 'pause' }),
      service.patchRun('nosuchid', {}),
      service.deleteRun('nosuchid'),
      service.deleteSweep('nosuchid'),
    ];
    for (const result of results) expect(result).toMatchObject({ ok: false, error: { code: 'not_found' } });
  });

  test('name, notes and tags can be changed', () => {
    const service = start();
    const runId = create(service, holds).runIds[0]!;
    const patch = { name: 'n', notes: 'why', tags: ['a', 'b', 'a'] };
    expect(service.patchRun(runId, patch)).toMatchObject({ data: { name: 'n', notes: 'why', tags: ['a', 'b'] } });
    expect(service.patchRun(runId, { notes: '' })).toMatchObject({ data: { name: 'n', notes: '' } });
  });

  test('a run is deleted only when no trainer holds it, and then with all that belongs to it', async () => {
    const service = start();
    const { id, runIds } = create(service, holds);
    const runId = runIds[0]!;
    expect(service.deleteRun(runId)).toMatchObject({ error: { code: 'conflict' } });
    expect(service.deleteSweep(id)).toMatchObject({ error: { code: 'conflict' } });
    await trained(service, runId, 4);
    service.control({ runId, action: 'stop' });
    await reached(service, runId, 'stopped');
    const removed = firstValueFrom(service.committed$);
    expect(service.deleteRun(runId)).toEqual({ ok: true, data: null });
    expect(await removed).toMatchObject({ type: 'changed', removed: [runId], sweeps: [{ id, runIds: [] }] });
    expect(service.runs.run(runId)).toBeUndefined();
    expect(service.deleteSweep(id)).toEqual({ ok: true, data: null });
    expect(service.runs.sweeps()).toEqual([]);
  });
});

describe('trainers that fail', () => {
  test('trainers that die again and again fail their run with the reason and its last words; the frames stay, the next run trains', async () => {
    const service = start({ fixture: 'crash-mid-run', workers: 1 });
    const { runIds } = create(service, { dims: [8, 16] });
    for (const runId of runIds) {
      await reached(service, runId, 'failed');
      expect(runOf(service, runId).error).toEqual({
        code: 'trainer_failed',
        message:
          'crashed again after 3 restarts without a new epoch: ' +
          'the trainer ended with exit code 3; its last output: out of memory',
      });
      expect(service.histories.nextSeq(runId)).toBe(3);
    }
  });

  test('an engine that cannot run fails the run with its reason', async () => {
    const service = start({ fixture: 'unavailable' });
    const runId = create(service).runIds[0]!;
    await reached(service, runId, 'failed');
    expect(runOf(service, runId).error).toEqual({ code: 'unavailable', message: 'there is no GPU' });
    expect(service.engine()).toBeNull();
  });

  test('a run can be paused while it waits for a trainer that is not ready', async () => {
    const service = start({ fixture: 'hang-at-init' });
    const runId = create(service).runIds[0]!;
    expect(service.control({ runId, action: 'pause' })).toMatchObject({ data: { status: 'paused' } });
    await service.close();
    expect(runOf(service, runId).status).toBe('paused');
  });
});

describe('over a restart', () => {
  function openFolder(name: string) {
    const path = join(folder, name);
    const opened = openSqliteStore(path);
    if (!opened.ok) throw new Error(opened.error.message);
    return { store: opened.data, checkpoints: createFileCheckpoints(join(path, 'checkpoints')) };
  }

  test('closing takes a state of each run in hand, and the next service goes on from there without a gap', async () => {
    const first = openFolder('closed');
    const one = start({ ...first, workers: 1 });
    const { runIds } = create(one, { dims: [8, 16], ...holds });
    const [waiting, begun] = runIds as [string, string];
    await trained(one, begun, 4);
    let isComplete = false;
    one.committed$.subscribe({ complete: () => (isComplete = true) });
    await one.close();
    expect(isComplete).toBe(true);
    expect(one.control({ runId: begun, action: 'pause' })).toMatchObject({ error: { code: 'unavailable' } });
    const stored = first.store.nextSeq(begun);
    expect(stored).toBeGreaterThan(4);
    expect(first.store.checkpoints(begun)[0]?.epoch).toBe(stored - 1);
    expect([begun, waiting].map((runId) => first.store.run(runId)?.status)).toEqual(['queued', 'queued']);
    first.store.close();

    const second = openFolder('closed');
    const two = start({ ...second, workers: 1 });
    await reached(two, begun, 'completed');
    expect(epochsStored(second.store, begun)).toEqual(upTo(10));
    expect(events(two, begun)).toEqual(['created', 'started', 'checkpoint', 'recovered', 'checkpoint', 'completed']);
    await until(two, () => second.store.nextSeq(waiting) > 4);
    await two.close();
    second.store.close();
  });

  test('a run whose experiment this program lacks can be looked at, fails where it would train, and hinders no other', async () => {
    const store = createMemoryStore();
    const experiment = 'of-a-later-version';
    store.commit({
      sweeps: [testSweep('s')],
      runs: [
        testRun('done', 's', { experiment, status: 'completed', step: 10, seconds: 1 }),
        testRun('waiting', 's', { experiment }),
        testRun('own', 's'),
      ],
    });
    const service = start({ store });
    expect(runOf(service, 'done').status).toBe('completed');
    expect(runOf(service, 'waiting').error?.message).toBe('this program has no experiment of-a-later-version');
    expect(service.control({ runId: 'done', action: 'restart' })).toMatchObject({ error: { code: 'conflict' } });
    await reached(service, 'own', 'completed');
  });

  test('after a crash: what ran is trained on, what was pausing is paused, what was stopping is stopped', async () => {
    const store = createMemoryStore();
    const statuses = ['running', 'pausing', 'stopping', 'paused', 'completed'] as const;
    store.commit({
      sweeps: [testSweep('s')],
      runs: statuses.map((status) => testRun(status, 's', { status, startedAt: '2026-01-02T03:04:05.000Z', step: 2 })),
      // Frames whose checkpoint was lost: the run begins again and what it repeats is not stored twice.
      frames: [
        testBlock(
          'running',
          0,
          3,
          Float32Array.from({ length: 3 * 18 }, (_, i) => (i / 18) | 0),
        ),
      ],
    });
    const service = start({ store });
    const seqs: number[] = [];
    service.committed$.subscribe((one) => {
      if (one.type === 'frames') seqs.push(...one.blocks.map((block) => block.fromSeq));
    });
    expect(statuses.map((status) => store.run(status)?.status)).toEqual([
      ...['queued', 'paused', 'stopped', 'paused', 'completed'],
    ]);
    await reached(service, 'running', 'completed');
    expect(Math.min(...seqs)).toBe(3);
    expect(epochsStored(store, 'running')).toEqual(upTo(10));
    expect(events(service, 'pausing')).toEqual(['recovered']);
    expect(events(service, 'paused')).toEqual([]);
  });
});
