/** Event files on the disk become frames of runs over a memory store: in order, once, restarts as branches. */
import { appendFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { ExternalRuns } from '../../server/external/external-runs.js';
import { RunRegistry } from '../../server/runs/run-registry.js';
import { RunStream } from '../../server/runs/run-stream.js';
import { silentLog } from '../../server/runs/service-log.js';
import { StorageHealth } from '../../server/runs/storage-health.js';
import { StoreCommands } from '../../server/service/store-commands.js';
import { createMemoryStore } from '../../server/store/memory-store.js';
import type { RunStore } from '../../server/store/run-store.js';
import { importFolder } from '../../server/tensorboard/import-folder.js';
import { inOrder, runFolders } from '../../server/tensorboard/log-folder.js';
import { RunReader } from '../../server/tensorboard/run-reader.js';
import { serviceSink } from '../../server/tensorboard/run-sink.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { event, fileHead, hparamsValues, WALL_TIME } from './event-files.js';

const base = temporaryFolder();
let logFolder: string;
let count = 0;
let store: RunStore;
let external: ExternalRuns;
let stream: RunStream;

/** What a server begins with, over what is stored. */
function serve(): void {
  const now = (): Date => new Date();
  const registry = new RunRegistry(store);
  stream = new RunStream({ store, registry, tickMs: 1 });
  const health = new StorageHealth(now);
  const commands = new StoreCommands(store, stream, silentLog);
  external = new ExternalRuns({ store, stream, health, commands, excess: () => null, now }, registry.runs());
  const [ownExternal, ownStream] = [external, stream];
  onTestFinished(() => {
    ownExternal.close();
    ownStream.close();
  });
}

beforeEach(() => {
  logFolder = join(base, String((count += 1)));
  mkdirSync(logFolder);
  store = createMemoryStore();
  serve();
});

const name = (begun: number, number = 0): string => `events.out.tfevents.${WALL_TIME + begun}.host.77.${number}`;
const steps = (from: number, to: number, tag = 'loss'): Buffer =>
  Buffer.concat(
    Array.from({ length: to - from }, (_, index) => event({ step: from + index, scalars: { [tag]: from + index } })),
  );

function write(file: string, ...parts: Buffer[]): void {
  writeFileSync(join(logFolder, file), Buffer.concat([fileHead(WALL_TIME + Math.random()), ...parts]));
}

function newReader(): RunReader {
  return new RunReader({ logFolder, name: '.', sink: serviceSink(external) });
}

async function read(reader: RunReader): Promise<void> {
  const [folder] = await runFolders(logFolder);
  expect(await reader.read(logFolder, folder?.files ?? [])).toMatchObject({ ok: true });
}

/** The step and the values of every frame, without its seconds. */
function frames(id = store.runs()[0]!.id): (number | null)[][] {
  const { rows, steps: all, values } = store.frames(id, -1, Infinity);
  const width = rows === 0 ? 0 : values.length / rows;
  return Array.from({ length: rows }, (_, row) => [
    all[row]!,
    ...[...values.subarray(row * width + 1, (row + 1) * width)].map((value) => (Number.isNaN(value) ? null : value)),
  ]);
}

it('merges the points of one step that follow each other, and begins a frame where a tag comes again', async () => {
  write(
    name(0),
    event({ step: 1, wallTime: 5, scalars: { loss: 0.5 } }),
    event({ step: 1, wallTime: 6, scalars: { acc: 0.25 } }),
    event({ step: 2, scalars: { loss: 2 } }),
    event({ step: 2, scalars: { loss: 3 } }),
    event({ step: 1, scalars: { acc: 4 } }),
  );
  await read(newReader());
  expect(frames()).toEqual([
    [1, 0.5, 0.25],
    [2, 2, null],
    [2, 3, null],
    [1, null, 4],
  ]);
  expect(store.frames(store.runs()[0]!.id, -1, 1).times[0]).toBe(5000);
  expect(store.runs()[0]).toMatchObject({
    source: 'external',
    status: 'running',
    series: ['loss', 'acc'],
    accepts: [],
  });
  expect(store.runs()[0]!.seams).toBeUndefined();
});

it('keeps what was there before a restart as a branch', async () => {
  write(name(0), steps(0, 10));
  write(name(50), steps(6, 12));
  write(name(60), steps(12, 14));
  await read(newReader());
  expect(frames().map(([step]) => step)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 6, 7, 8, 9, 10, 11, 12, 13]);
  expect(store.runs()[0]!.seams).toMatchObject([{ seq: 10, step: 9, kind: 'resume' }]);
});

it('takes files that go on, other tags of another file, and late values within one for no restart', async () => {
  write(name(0), steps(0, 5), event({ step: 2, scalars: { loss: 7 } }));
  write(name(1), steps(5, 8));
  write(name(2), steps(0, 3, 'eval'));
  await read(newReader());
  expect(frames()).toHaveLength(12);
  expect(store.runs()[0]!.seams).toBeUndefined();
});

it('orders files by the time in their names, then by their number', () => {
  const files = [name(100, 2), name(100, 10), name(20), 'events.out.tfevents.9.host.1.0.v2', name(100)];
  expect(inOrder(files)).toEqual([files[3], files[2], files[4], files[0], files[1]]);
});

it('goes on after a restart of the server at any place, nothing lost and nothing twice', async () => {
  const parts = [
    ...[fileHead(), steps(0, 3), event({ step: 3, scalars: { loss: 3 } }), event({ step: 3, scalars: { acc: 1 } })],
    ...[event({ step: 3, scalars: { lr: 2 } }), steps(4, 6), event({ step: 6, scalars: { loss: 6, acc: 3 } })],
  ];
  for (const part of parts) {
    appendFileSync(join(logFolder, name(0)), part);
    await read(newReader());
    serve();
  }
  write(name(9), steps(2, 5));
  for (let time = 0; time < 3; time += 1) {
    await read(newReader());
    serve();
  }
  appendFileSync(join(logFolder, name(9)), steps(5, 7));
  await read(newReader());
  const columns = ['loss', 'acc', 'lr'].map((_, index) =>
    frames().flatMap((row) => (row[index + 1] === null ? [] : [[row[0], row[index + 1]]])),
  );
  expect(columns[0]!.map(([step]) => step)).toEqual([0, 1, 2, 3, 4, 5, 6, 2, 3, 4, 5, 6]);
  expect(columns.slice(1)).toEqual([
    [
      [3, 1],
      [6, 3],
    ],
    [[3, 2]],
  ]);
  expect(store.runs()[0]!.seams).toMatchObject([{ kind: 'resume', step: 6 }]);
  expect(store.runs()).toHaveLength(1);
});

it('reads files that grow side by side, are replaced, cut short or deleted', async () => {
  const reader = newReader();
  write(name(0), steps(0, 3));
  write(name(1), steps(0, 3, 'eval'));
  await read(reader);
  appendFileSync(join(logFolder, name(0)), steps(3, 5));
  await read(reader);
  appendFileSync(join(logFolder, name(1)), steps(3, 5, 'eval').subarray(0, 20));
  await read(reader);
  expect(frames()).toHaveLength(8);
  appendFileSync(join(logFolder, name(1)), steps(3, 5, 'eval').subarray(20));
  await read(reader);
  expect(frames()).toHaveLength(10);
  write('other', steps(1, 3));
  renameSync(join(logFolder, 'other'), join(logFolder, name(0)));
  await read(reader);
  expect(
    frames()
      .slice(10)
      .map(([step]) => step),
  ).toEqual([1, 2]);
  expect(store.runs()[0]!.seams).toMatchObject([{ seq: 10 }]);
  rmSync(join(logFolder, name(0)));
  appendFileSync(join(logFolder, name(1)), steps(5, 6, 'eval'));
  await read(reader);
  expect(frames()).toHaveLength(13);
  expect(reader.damaged).toBe(0);
});

it('takes hparams for the config, and counts texts and damage', async () => {
  const broken = event({ step: 1, scalars: { loss: 1 } });
  broken[20]! ^= 255;
  write(name(0), event({ values: hparamsValues({ lr: 0.1, net: 'a' }, 1) }), broken, steps(2, 4));
  const reader = newReader();
  await read(reader);
  expect(store.runs()[0]!.config).toEqual({ lr: 0.1, net: 'a' });
  expect(frames()).toEqual([
    [2, 2],
    [3, 3],
  ]);
  expect([reader.damaged, reader.end]).toEqual([1, 'success']);
});

it('does not bring a run back that was deleted', async () => {
  write(name(0), steps(0, 3));
  const reader = newReader();
  await read(reader);
  const { id } = store.runs()[0]!;
  store.deleteRun(id);
  stream.publishRemoved([id]);
  external.forget([id]);
  write(name(9), steps(1, 3));
  for (const each of [reader, newReader()]) {
    expect(await each.read(logFolder, [name(0), name(9)])).toMatchObject({ ok: false, error: { code: 'not_found' } });
    expect(each.trouble).not.toBeNull();
  }
  expect(store.runs()).toEqual([]);
});

it('imports every folder with event files as a run named by its path, once however often', async () => {
  for (const folder of ['a', 'a/deeper', 'b', 'empty']) mkdirSync(join(logFolder, folder));
  for (const folder of ['a', 'a/deeper', 'b']) write(join(folder, name(0)), steps(0, 4));
  write(join('b', name(7)), steps(2, 5), event({ values: hparamsValues({ lr: 1 }, 2) }));
  const sink = serviceSink(external);
  const first = { runs: 3, points: 15, written: 15, restarts: 1, damaged: 0, others: 0, failures: [] };
  expect(await importFolder(logFolder, { sink })).toEqual({ ok: true, data: first });
  expect(await importFolder(logFolder, { sink })).toEqual({ ok: true, data: { ...first, written: 0 } });
  expect(store.runs().map((run) => [run.name, run.status])).toEqual([
    ['a', 'stopped'],
    ['a/deeper', 'stopped'],
    ['b', 'failed'],
  ]);
  appendFileSync(join(logFolder, 'a', name(0)), steps(4, 6));
  expect(await importFolder(logFolder, { sink })).toMatchObject({ data: { points: 17, written: 2 } });
});
