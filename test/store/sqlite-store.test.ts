import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { expect, test, vi } from 'vitest';
import { openSqliteStore } from '../../server/store/sqlite-store.js';
import type { RunStore, StoredSweep } from '../../server/store/run-store.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { testRun, testSweep } from '../support/test-run.js';
import { builtFile } from '../faults/built-file.js';
import { describeRunStore, madeFrames } from './run-store-contract.js';

const root = temporaryFolder();
let folders = 0;

function newFolder(): string {
  folders += 1;
  return join(root, String(folders), 'data');
}

function opened(folder: string): RunStore {
  const store = openSqliteStore(folder);
  if (!store.ok) throw new Error(store.error.message);
  return store.data;
}

describeRunStore('sqlite store', () => opened(newFolder()));

test('what was committed is there after reopening', () => {
  const folder = newFolder();
  const first = opened(folder);
  const frames = madeFrames('r', 0, 2, { nan: [[1, 1]] });
  first.commit({ sweeps: [testSweep('s')], runs: [testRun('r', 's')] });
  first.commit({ frames: [frames], requests: [{ requestId: 'q', answer: 1 }] });
  first.close();
  const second = opened(folder);
  expect(second.run('r')).toEqual(testRun('r', 's'));
  expect(second.frames('r', -1, 10)).toEqual(frames);
  expect(second.requestAnswer('q')).toBe(1);
  second.close();
});

test('a sweep of before sweeps named their experiment is of that of its runs', () => {
  const store = opened(newFolder());
  const { experiment: _experiment, ...old } = testSweep('s');
  const { experiment: _other, ...empty } = testSweep('t');
  const run = testRun('r', 's', { experiment: 'walk' });
  store.commit({ sweeps: [old as StoredSweep, empty as StoredSweep], runs: [run] });
  expect(store.sweep('s')).toMatchObject({ id: 's', experiment: 'walk' });
  expect(store.sweeps().map(({ experiment }) => experiment)).toEqual(['walk', 'attention-cv']);
  store.close();
});

test('one measurement is read without the others of its run', () => {
  const store = opened(newFolder());
  const values = { emb: { cv: 0.2, valid: 300 } };
  const all = [0, 25, 50].flatMap((epoch) => [
    { epoch, sample: 'script' as const, values },
    { epoch, sample: 'fixed' as const, values },
  ]);
  store.commit({ sweeps: [testSweep('s')], runs: [testRun('r', 's')] });
  store.commit({ measurements: all.map((measurement) => ({ runId: 'r', measurement })) });
  const parse = vi.spyOn(JSON, 'parse');
  expect(store.measurement('r', { epoch: 25, sample: 'fixed' })).toEqual(all[3]);
  expect(store.measurement('r', { epoch: 26, sample: 'fixed' })).toBeUndefined();
  expect(parse).toHaveBeenCalledTimes(1);
  parse.mockRestore();
  store.close();
});

test('readers beside the server find the database in write-ahead mode', () => {
  const folder = newFolder();
  const store = opened(folder);
  const reader = new DatabaseSync(join(folder, 'pentachoron.db'), { readOnly: true });
  expect(reader.prepare('PRAGMA journal_mode').get()).toMatchObject({ journal_mode: 'wal' });
  reader.close();
  store.close();
});

test('holding a folder writes nothing but its holder: a disk without room for a page can be read', () => {
  const folder = newFolder();
  const store = opened(folder);
  expect(statSync(join(folder, 'lock.db')).size).toBe(0);
  expect(readdirSync(folder)).not.toContain('lock.db-journal');
  store.close();
});

test('closing leaves one file with the data, and closing again does nothing', () => {
  const folder = newFolder();
  const store = opened(folder);
  store.commit({ sweeps: [testSweep('s')] });
  expect(store.sweep('s')).toBeDefined();
  store.close();
  store.close();
  expect(readdirSync(folder).sort()).toEqual(['lock.db', 'pentachoron.db']);
});

test('a folder that is in use is refused, naming it and the process that holds it, until it is let go', () => {
  const folder = newFolder();
  const store = opened(folder);
  const second = openSqliteStore(folder);
  const message = `the data folder ${folder} is in use by another server (process ${process.pid}); end it or choose another folder`;
  const details = { heldBy: process.pid };
  expect(second).toEqual({ ok: false, error: { code: 'unavailable', message, details } });
  store.commit({ sweeps: [testSweep('s')] });
  store.close();
  opened(folder).close();
});

test.each(['pentachoron.db', 'pentachoron.db-wal', 'lock.db'])(
  'a pipe in the place of %s is refused by name',
  (name) => {
    const folder = newFolder();
    mkdirSync(folder, { recursive: true });
    execFileSync('mkfifo', [join(folder, name)]);
    expect(openSqliteStore(folder)).toHaveProperty('error.message', expect.stringContaining(`${name} is not a file`));
    expect(readdirSync(folder)).toEqual([name]);
  },
);

test('a pipe in the place of the holder does not keep the next server from its answer', () => {
  const folder = newFolder();
  const store = opened(folder);
  const pid = join(folder, 'server.pid');
  rmSync(pid);
  execFileSync('mkfifo', [pid]);
  // In a process of its own: one that waited at the pipe would never come to its timeout.
  const script = `
    import { openSqliteStore } from ${JSON.stringify(builtFile('server/store/sqlite-store.js'))};
    console.log(openSqliteStore(${JSON.stringify(folder)}).error.message);`;
  const args = ['--input-type=module', '--eval', script];
  const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 20_000, killSignal: 'SIGKILL' });
  expect(stdout).toContain('is in use by another server;');
  store.close();
});

test('a process that was killed leaves no lock behind', () => {
  const folder = newFolder();
  mkdirSync(folder, { recursive: true });
  const script = `
    import { DatabaseSync } from '@photostructure/sqlite';
    const database = new DatabaseSync(${JSON.stringify(join(folder, 'lock.db'))});
    database.exec('BEGIN EXCLUSIVE');
    process.kill(process.pid, 'SIGKILL');`;
  const { signal } = spawnSync(process.execPath, ['--input-type=module', '--eval', script]);
  expect(signal).toBe('SIGKILL');
  opened(folder).close();
});

test('a folder that cannot be made or read is refused, naming it', () => {
  const file = join(root, 'a-file');
  writeFileSync(file, '');
  const beneathFile = openSqliteStore(join(file, 'data'));
  expect(beneathFile).toMatchObject({ ok: false, error: { code: 'unavailable' } });
  expect(beneathFile).toHaveProperty('error.message', expect.stringContaining(join(file, 'data')));
  for (const folder of [file, join(file, 'data')])
    expect(openSqliteStore(folder)).toHaveProperty('error.message', expect.stringContaining(`${file} is a file`));

  const folder = newFolder();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'pentachoron.db'), 'this is no database, but it is long enough to be taken for one');
  expect(openSqliteStore(folder)).toHaveProperty('error.message', expect.stringMatching(/cannot be used: .*database/));
});

test('a schema of a newer version is refused and left alone', () => {
  const folder = newFolder();
  opened(folder).close();
  const database = new DatabaseSync(join(folder, 'pentachoron.db'));
  database.exec('PRAGMA user_version = 99');
  database.close();
  expect(openSqliteStore(folder)).toHaveProperty(
    'error.message',
    expect.stringMatching(/newer version of Pentachoron \(its schema is 99/),
  );
});
