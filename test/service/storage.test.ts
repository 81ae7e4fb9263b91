/** A disk that refuses writes, at every write there is, and comes back: nothing is lost, doubled or half-written. */
import { describe, expect, test } from 'vitest';
import type { StorageNotice } from '../../shared/protocol.js';
import { createMemoryStore } from '../../server/store/memory-store.js';
import type { Commit, RunStore } from '../../server/store/run-store.js';
import { silentLog } from '../../server/runs/service-log.js';
import { isStorageError, StorageHealth, storageMessage } from '../../server/runs/storage-health.js';
import type { SweepService } from '../../server/service/sweep-service.js';
import { DISK_ERRORS, failingStore, type FailingStore } from '../support/failing-store.js';
import {
  create,
  epochsStored,
  events,
  holds,
  reached,
  runOf,
  start,
  testCheckpoints,
  trained,
  until,
  upTo,
} from '../support/fixture-service.js';

const retryMs = 20;
const EPOCHS = 12;

/** A store that is mended after its third refusal. */
function brokenFor3(
  failFrom: number,
  error: () => Error = DISK_ERRORS.ENOSPC,
  inner: RunStore = createMemoryStore(),
): FailingStore {
  const store = failingStore(inner, failFrom, () => {
    if (store.refusals === 3) setImmediate(() => (store.isBroken = false));
    return error();
  });
  return store;
}

function noticesOf(service: SweepService): (StorageNotice | null)[] {
  const notices: (StorageNotice | null)[] = [];
  service.storage$.subscribe((notice) => notices.push(notice));
  return notices;
}

/** Published frames, by run: from where to where. */
function framesOf(service: SweepService): Map<string, number[]> {
  const seqs = new Map<string, number[]>();
  service.committed$.subscribe((one) => {
    if (one.type !== 'frames') return;
    for (const { runId, fromSeq, rows } of one.blocks) {
      // What is shown is stored.
      expect(service.histories.nextSeq(runId)).toBeGreaterThanOrEqual(fromSeq + rows);
      const known = seqs.get(runId) ?? [];
      seqs.set(runId, [...known, ...Array.from({ length: rows }, (_, row) => fromSeq + row)]);
    }
  });
  return seqs;
}

/** Two runs from their creation to their end, the creation repeated until it is accepted. */
async function trainTwo(service: SweepService): Promise<string[]> {
  let created = service.createSweep({ dims: [8, 16], heads: [1], epochs: EPOCHS });
  if (!created.ok) {
    expect(created.error.code).toBe('unavailable');
    await until(service, () => service.storage() === null);
    created = service.createSweep({ dims: [8, 16], heads: [1], epochs: EPOCHS });
  }
  if (!created.ok) throw new Error(created.error.message);
  for (const runId of created.data.runIds) await reached(service, runId, 'completed');
  return created.data.runIds;
}

describe('a disk that refuses a write', () => {
  /** Fewest writes that two runs take: creation, a start and an end each. */
  const indexes = [0, 1, 2, 3, 4];
  const cases = indexes.flatMap((index) =>
    Object.entries(DISK_ERRORS).map(([name, error]) => [name, index, error] as const),
  );

  test.each(cases)(
    'by %s at write %i: all is told, every frame is kept once and in order, the runs end',
    async (_name, index, error) => {
      // Before them all the service looks whether it can write.
      const store = brokenFor3(1 + index, error);
      const service = start({ store, retryMs });
      const notices = noticesOf(service);
      const seqs = framesOf(service);
      const runIds = await trainTwo(service);
      expect(store.refusals).toBeGreaterThanOrEqual(3);
      expect(notices).toEqual([null, { message: storageMessage(error()), since: expect.any(String) as string }, null]);
      for (const runId of runIds) {
        expect(epochsStored(store, runId)).toEqual(upTo(EPOCHS));
        expect(seqs.get(runId)).toEqual(upTo(EPOCHS));
        expect(store.measurements(runId)).toHaveLength(1);
        const once = events(service, runId).filter((event) => !['checkpoint', 'paused', 'resumed'].includes(event));
        expect(once).toEqual(['created', 'started', 'completed']);
      }
    },
  );

  test('at every single write, each accepted only when it is tried again: the runs end all the same', async () => {
    const failing = failingStore(createMemoryStore(), Infinity, () => {
      setImmediate(() => (failing.isBroken = false));
      return DISK_ERRORS.ENOSPC();
    });
    const store = Object.assign(Object.create(failing) as RunStore, {
      commit(commit: Commit): void {
        failing.commit(commit);
        // Not yet by the first, with which the service looks whether it can write.
        failing.isBroken = failing.writes > 1;
      },
    });
    const service = start({ store, retryMs });
    const seqs = framesOf(service);
    for (const runId of await trainTwo(service)) {
      expect(epochsStored(store, runId)).toEqual(upTo(EPOCHS));
      expect(seqs.get(runId)).toEqual(upTo(EPOCHS));
    }
    expect(2 * failing.refusals + 2).toBeGreaterThanOrEqual(failing.writes);
  });

  test('pauses what trains, and only that goes on by itself when the disk is back', async () => {
    const store = brokenFor3(Infinity);
    const service = start({ store, retryMs, workers: 2 });
    const [byUser, running] = create(service, { ...holds, dims: [16, 8] }).runIds as [string, string];
    await trained(service, byUser, 4);
    await trained(service, running, 4);
    service.control({ runId: byUser, action: 'pause' }, 'viewer');
    await reached(service, byUser, 'paused');

    store.isBroken = true;
    const refused = service.patchRun(running, { name: 'other' });
    const full = 'the disk is full: training waits, nothing is lost, and it goes on by itself once there is room again';
    expect(refused).toMatchObject({ error: { code: 'unavailable' } });
    expect(refused).toHaveProperty('error.message', expect.stringContaining(`nothing was changed: ${full}`));
    expect(service.storage()?.message).toContain(full);
    await reached(service, running, 'completed');
    expect(service.storage()).toBeNull();
    expect(runOf(service, running).name).toBe('8 × 1');
    expect(runOf(service, byUser).status).toBe('paused');
    expect(epochsStored(store, running)).toEqual(upTo(10));
    const cause = storageMessage(DISK_ERRORS.ENOSPC());
    const logged = store.log(running).filter(({ event }) => event === 'paused' || event === 'resumed');
    expect(logged).toMatchObject([
      { event: 'paused', by: 'server', cause },
      { event: 'resumed', by: 'server', cause: 'the runs can be stored again' },
    ]);
    expect(store.log(byUser).find(({ event }) => event === 'paused')).toMatchObject({ by: 'viewer' });
  });

  test('gives no turn to runs that wait for one', async () => {
    const store = brokenFor3(Infinity);
    const service = start({ store, retryMs, workers: 1 });
    const [dear, cheap] = create(service, { ...holds, dims: [16, 8] }).runIds as [string, string];
    await trained(service, dear, 4);
    store.isBroken = true;
    service.patchRun(dear, { name: 'other' });
    await reached(service, dear, 'completed');
    expect(store.nextSeq(cheap)).toBe(0);
  });

  test('with nothing in hand stays told until a write succeeds', async () => {
    const store = brokenFor3(0);
    const service = start({ store, retryMs });
    expect(service.createSweep({ dims: [8], heads: [1] })).toMatchObject({ error: { code: 'unavailable' } });
    expect(service.storage()).not.toBeNull();
    await until(service, () => service.storage() === null);
    expect(store.refusals).toBe(3);
    expect(store.sweeps()).toEqual([]);
  });

  test('closing while it refuses ends, and leaves what is stored whole: the next server trains the rest', async () => {
    const memory = createMemoryStore();
    const checkpoints = testCheckpoints();
    const broken = failingStore(memory, Infinity);
    const first = start({ store: broken, checkpoints, retryMs });
    const epochs = 4000;
    const runId = create(first, { epochs }).runIds[0]!;
    await trained(first, runId, 4);
    broken.isBroken = true;
    first.patchRun(runId, { name: 'other' });
    await first.close();
    const stored = epochsStored(memory, runId);
    expect(stored).toEqual(upTo(stored.length - 1));
    expect(memory.run(runId)).toMatchObject({ status: 'running', step: stored.length - 1 });
    const second = start({ store: memory, checkpoints });
    await reached(second, runId, 'completed');
    expect(epochsStored(memory, runId)).toEqual(upTo(epochs));
  });
});

describe('a server that starts while the disk refuses', () => {
  test.each(['ENOSPC', 'EIO', 'SQLITE_FULL'] as const)(
    'by %s comes up with what is stored, says so, and trains the rest once it can',
    async (code) => {
      const [memory, checkpoints] = [createMemoryStore(), testCheckpoints()];
      const first = start({ store: memory, checkpoints, retryMs });
      const epochs = 4000;
      const runId = create(first, { epochs }).runIds[0]!;
      await trained(first, runId, 4);
      await first.close();
      // As one leaves it that was killed.
      const left = { ...memory.run(runId)!, status: 'running' as const };
      memory.commit({ runs: [left] });

      const store = brokenFor3(0, DISK_ERRORS[code], memory);
      const service = start({ store, checkpoints, retryMs });
      expect(service.storage()?.message).toBe(storageMessage(DISK_ERRORS[code]()));
      expect(service.runs.runs()).toEqual([left]);
      await reached(service, runId, 'completed');
      expect(service.storage()).toBeNull();
      expect(epochsStored(memory, runId)).toEqual(upTo(epochs));
      expect(events(service, runId)).toContain('recovered');
    },
  );

  test('and has no run in hand says so, too', async () => {
    const store = brokenFor3(0);
    const service = start({ store, retryMs });
    expect(service.storage()?.message).toMatch(/^the disk is full/);
    await until(service, () => service.storage() === null);
    expect(store.refusals).toBe(3);
  });
});

test('[H1] what is refused for no reason of the disk is told by an id; the log alone says what it was', () => {
  const logged: object[] = [];
  const error = (details: object): void => void logged.push(details);
  const store = failingStore(createMemoryStore(), 0, () => new Error('odd'));
  const service = start({ store, log: { ...silentLog, error } });
  const answer = service.createSweep({ dims: [8], heads: [1] });
  expect(answer).toMatchObject({ ok: false, error: { code: 'internal' } });
  const { id } = logged.find((details): details is { id: string } => 'id' in details)!;
  expect(answer).toHaveProperty('error.message', `unexpected error ${id}; the server's log says more`);
  expect(service.runs.sweeps()).toEqual([]);
});

test('a checkpoint that the disk refuses is written when it can be; until then its run waits', async () => {
  const service = start({ retryMs });
  const notices = noticesOf(service);
  const runId = create(service, { ...holds, lr: 6 }).runIds[0]!;
  await trained(service, runId, 4);
  service.control({ runId, action: 'pause' });
  await reached(service, runId, 'paused');
  expect(notices).toMatchObject([null, { message: expect.stringMatching('disk is full') as string }, null]);
  expect(service.histories.checkpoints(runId)).toMatchObject([{ epoch: 5 }]);
});

test('closing waits for no checkpoint that the disk refuses', async () => {
  const store = createMemoryStore();
  const service = start({ store, retryMs: 600_000 });
  const runId = create(service, { ...holds, lr: 6 }).runIds[0]!;
  await trained(service, runId, 4);
  service.control({ runId, action: 'pause' });
  await until(service, () => service.storage() !== null);
  await service.close();
  expect(store.run(runId)?.status).toBe('paused');
  expect(service.storage()).toBeNull();
});

test('where checkpoints only serve a trainer’s successor, no run waits for one that is refused', async () => {
  const service = start({ retryMs: 600_000, checkpoints: { ...testCheckpoints(), isDurable: false } });
  const runId = create(service, { lr: 6 }).runIds[0]!;
  await reached(service, runId, 'completed');
  expect(service.storage()).toBeNull();
});

describe('what is told', () => {
  test('the first trouble, then what is left of them, until the last one is over', () => {
    const health = new StorageHealth(() => new Date('2026-01-02T03:04:05.000Z'));
    const notices: (string | null)[] = [];
    health.notice$.subscribe((notice) => notices.push(notice && `${notice.since} ${notice.message.slice(0, 19)}`));
    health.refused('a', DISK_ERRORS.ENOSPC());
    health.refused('b', DISK_ERRORS.EIO());
    health.refused('a', DISK_ERRORS.ENOSPC());
    health.accepted('a');
    health.accepted('b');
    health.accepted('b');
    const since = '2026-01-02T03:04:05.000Z';
    expect(notices).toEqual([null, `${since} the disk is full: t`, `${since} the disk of the dat`, null]);
  });

  test('is what to do about it', () => {
    expect(storageMessage(DISK_ERRORS.SQLITE_FULL())).toMatch(
      /^the disk is full: .*room again where the data folder is/,
    );
    expect(storageMessage(DISK_ERRORS.SQLITE_IOERR())).toMatch(
      /^the disk of the data folder fails \(disk I\/O error\)/,
    );
    expect(storageMessage(new Error('odd'))).toMatch(/^the runs cannot be stored \(odd\)/);
    expect(Object.values(DISK_ERRORS).map((error) => isStorageError(error()))).toEqual([true, true, true, true]);
    expect([new Error('odd'), 'ENOSPC', null].map(isStorageError)).toEqual([false, false, false]);
  });
});
