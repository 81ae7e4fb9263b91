/** Data folders of every earlier schema: each opens, with all that was kept in it. */
import { attentionConfig } from '../../shared/experiments/attention-cv/sweep.js';
import { attentionCv } from '../../server/experiments/attention-cv/trainable.js';
import { cpSync, existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { valuesOf, widthOf } from '../../shared/frames.js';
import { columnsOf, LOCAL_COLUMNS, type Run } from '../../shared/run.js';
import { seriesNames } from '../../shared/experiments/attention-cv/series.js';
import { readNewestCheckpoint } from '../../server/checkpoints/checkpoint-file.js';
import { createFileCheckpoints } from '../../server/store/checkpoints.js';
import { copyDatabase } from '../../server/store/database-copy.js';
import { startTrouble } from '../../server/store/data-folder.js';
import { SCHEMA_VERSION, schemaTrouble, schemaVersion } from '../../server/store/migrations.js';
import { openSqliteStore } from '../../server/store/sqlite-store.js';
import type { RunStore } from '../../server/store/run-store.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { madeFrames } from './run-store-contract.js';

const fixtures = fileURLToPath(new URL('../fixtures', import.meta.url));
const root = temporaryFolder();
const EPOCHS = 4;

const versions = readdirSync(fixtures)
  .map((name) => /^data-v(\d+)$/.exec(name)?.[1])
  .filter((version) => version !== undefined)
  .map(Number);

test('there is a data folder of every schema that was', () => {
  expect(versions.sort((a, b) => a - b)).toEqual(Array.from({ length: SCHEMA_VERSION }, (_, index) => index + 1));
});

/** The database of a copy of the fixture, for what happens to it before it is opened. */
function withDatabase<T>(folder: string, act: (database: DatabaseSyncInstance) => T): T {
  const database = new DatabaseSync(join(folder, 'pentachoron.db'));
  try {
    return act(database);
  } finally {
    database.close();
  }
}

/** A copy, for opening changes it. */
function copied(version: number, name: string): string {
  const folder = join(root, `${version}-${name}`);
  cpSync(join(fixtures, `data-v${version}`), folder, { recursive: true });
  return folder;
}

function opened(folder: string): RunStore {
  const store = openSqliteStore(folder);
  if (!store.ok) throw new Error(store.error.message);
  onTestFinished(() => store.data.close());
  return store.data;
}

/** What each run's rows held, as they were written. */
function oldRows(database: DatabaseSyncInstance): Map<string, Float32Array[]> {
  const rows = new Map<string, Float32Array[]>();
  const found = database.prepare('SELECT run_id AS id, data FROM frames ORDER BY run_id, seq').all();
  for (const { id, data } of found as { id: string; data: Uint8Array }[])
    rows.set(id, [...(rows.get(id) ?? []), valuesOf(data, 'f32') as Float32Array]);
  return rows;
}

test('runs get the seams that only their logs had, in order, each with the time of its row', () => {
  const folder = copied(1, 'seams');
  const id = withDatabase(folder, (database) => {
    const run = database.prepare('SELECT id FROM runs ORDER BY position').get() as { id: string };
    const insert = database.prepare('INSERT INTO log (run_id, document) VALUES (?, ?)');
    const changes = [
      { from: 'wasm', to: 'cpu', epoch: 1 },
      { from: 'cpu', to: 'cpu', epoch: 3, kernels: { from: 'a', to: 'b' } },
    ];
    for (const [place, details] of changes.entries()) {
      const at = `2026-01-02T03:04:0${place}.000Z`;
      insert.run(run.id, JSON.stringify({ runId: run.id, at, event: 'engine-changed', details }));
    }
    return run.id;
  });
  const [changed, unchanged] = opened(folder).runs();
  expect(changed).toMatchObject({ id, status: 'completed' });
  expect(changed).not.toHaveProperty('engineSeams');
  expect(changed!.seams).toEqual([
    { seq: 2, step: 1, kind: 'engine', at: '2026-01-02T03:04:00.000Z', from: 'wasm', to: 'cpu' },
    {
      ...{ seq: 4, step: 3, kind: 'engine', at: '2026-01-02T03:04:01.000Z', from: 'cpu', to: 'cpu' },
      kernels: { from: 'a', to: 'b' },
    },
  ]);
  expect(unchanged).not.toHaveProperty('seams');
});

test('schema 3 changes of a run what it names otherwise, and nothing else', () => {
  const folder = copied(2, 'documents');
  const before = withDatabase(folder, (database) => {
    // A seam whose row is not in the log, and a run that no engine has taken.
    database.exec(`UPDATE runs SET document = json_set(document, '$.engine', NULL, '$.engineSeams', json(
      '[{"epoch": 2, "from": "wasm", "to": "cpu"}]')) WHERE position = 1`);
    const rows = database.prepare('SELECT document FROM runs ORDER BY position').all() as { document: string }[];
    return rows.map(({ document }) => JSON.parse(document) as Record<string, unknown>);
  });
  const expected = before.map(({ epoch, epochs, engineSeams, ...rest }) => ({
    ...rest,
    ...{ source: 'local', experiment: 'attention-cv', step: epoch, total: epochs, stepName: 'epoch' },
    ...(engineSeams !== undefined && { seams: [{ seq: 3, step: 2, kind: 'engine', from: 'wasm', to: 'cpu' }] }),
  }));
  expect(opened(folder).runs()).toEqual(expected);
});

test('new runs come after those of before, and deleting still takes along all that belongs to a run', () => {
  const folder = copied(2, 'tables');
  withDatabase(folder, (database) => database.exec("UPDATE sqlite_sequence SET seq = 41 WHERE name = 'runs'"));
  const store = opened(folder);
  const [first, second] = store.runs() as [Run, Run];
  store.commit({ runs: [{ ...first, id: 'new', sweepId: null }] });
  store.frames(first.id, -1, 10);
  store.deleteRun(first.id);
  store.deleteSweep(second.sweepId!);
  store.close();
  withDatabase(folder, (database) => {
    const all = (sql: string): unknown[] => database.prepare(sql).all();
    expect(all('SELECT position, id FROM runs')).toMatchObject([{ position: 42, id: 'new' }]);
    for (const table of ['frames', 'tail', 'chunks', 'measurements', 'fingerprints', 'checkpoints', 'log'])
      expect(all(`SELECT * FROM ${table}`)).toEqual([]);
    expect(() => database.exec("PRAGMA foreign_keys = ON; UPDATE runs SET sweep_id = 'none'")).toThrow('FOREIGN KEY');
  });
});

test('a migration that does not come to its end leaves the database as it was, and the copy beside it', () => {
  const folder = copied(2, 'middle');
  const before = withDatabase(folder, (database) => {
    database.exec("PRAGMA foreign_keys = OFF; INSERT INTO frames VALUES ('nobody', 0, x'00000000')");
    return oldRows(database);
  });
  const refused = openSqliteStore(folder);
  expect(refused).toHaveProperty('error.message', expect.stringContaining('frames has rows of runs that are missing'));
  const copy = join(folder, 'pentachoron.db.schema-2');
  for (const file of [join(folder, 'pentachoron.db'), copy]) {
    const database = new DatabaseSync(file);
    expect([schemaVersion(database), schemaTrouble(database)]).toEqual([2, null]);
    expect(oldRows(database)).toEqual(before);
    if (file !== copy) database.exec("DELETE FROM frames WHERE run_id = 'nobody'");
    database.close();
  }
  expect(opened(folder).runs()).toHaveLength(2);
});

describe('the copy of the database of before', () => {
  const copyIn = (folder: string): string => join(folder, 'pentachoron.db.schema-2');

  test('is kept until the folder was closed in order', () => {
    const folder = copied(2, 'copy');
    const store = opened(folder);
    expect(existsSync(copyIn(folder))).toBe(true);
    // As a server that was killed leaves it.
    const killed = `${folder}-killed`;
    cpSync(folder, killed, { recursive: true });
    store.close();
    expect(readdirSync(folder).sort()).toEqual(['ORIGIN.md', 'checkpoints', 'lock.db', 'pentachoron.db']);
    const again = opened(killed);
    expect(existsSync(copyIn(killed))).toBe(true);
    again.close();
    expect(existsSync(copyIn(killed))).toBe(false);
  });

  test('has what only the log of the database had', () => {
    const folder = copied(2, 'log');
    const other = new DatabaseSync(join(folder, 'pentachoron.db'));
    other.exec("PRAGMA journal_mode = WAL; INSERT INTO requests VALUES ('late', '1')");
    expect(statSync(join(folder, 'pentachoron.db-wal')).size).toBeGreaterThan(0);
    const killed = `${folder}-killed`;
    cpSync(folder, killed, { recursive: true });
    other.close();
    opened(killed);
    const copy = new DatabaseSync(copyIn(killed));
    expect(copy.prepare("SELECT answer FROM requests WHERE request_id = 'late'").get()).toEqual({ answer: '1' });
    copy.close();
  });

  test('is not made where nothing changes', () => {
    const folder = join(root, 'new', 'data');
    for (const _time of ['made', 'opened']) {
      const store = opened(folder);
      expect(readdirSync(folder).filter((name) => name.includes('schema'))).toEqual([]);
      store.close();
    }
  });

  test('a disk without room for it is said, and nothing is changed', () => {
    const file = join(copied(2, 'full'), 'pentachoron.db');
    const database = new DatabaseSync(file);
    const full = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
    const refused = { prepare: () => ({ all: () => { throw full; } }) } as unknown as DatabaseSyncInstance; // prettier-ignore
    const copy = (): void => copyDatabase(file, refused, 2);
    expect(copy).toThrow('no room for a copy of its database (1 MB), which is kept while its schema changes');
    try {
      copy();
    } catch (error) {
      expect(startTrouble('x', error)).toMatch(/; make room on its disk, then start again$/);
    }
    expect(schemaVersion(database)).toBe(2);
    expect(existsSync(`${file}.schema-2.part`)).toBe(false);
    database.close();
  });
});

describe.each(versions)('a data folder of schema %i', (version) => {
  test('is brought to the present one when it is opened', () => {
    const folder = copied(version, 'version');
    expect(withDatabase(folder, schemaVersion)).toBe(version);
    opened(folder).close();
    expect(withDatabase(folder, schemaVersion)).toBe(SCHEMA_VERSION);
    expect(withDatabase(folder, schemaTrouble)).toBeNull();
  });

  test('has its sweep, runs, frames, measurements, log and checkpoints, and takes new commits', async () => {
    const folder = copied(version, 'contents');
    const store = opened(folder);
    const [sweep] = store.sweeps();
    expect(sweep).toMatchObject({ spec: { dims: [8], heads: [1, 2], epochs: EPOCHS }, counts: { completed: 2 } });
    const runs = store.runs({ sweep: sweep!.id });
    expect(runs.map(({ config }) => config.heads)).toEqual([1, 2]);
    const checkpoints = createFileCheckpoints(join(folder, 'checkpoints'));
    for (const run of runs) {
      expect(run).toMatchObject({ status: 'completed', step: EPOCHS, total: EPOCHS, stepName: 'epoch' });
      expect(run).toMatchObject({ source: 'local', engine: 'wasm', attempt: 1 });
      expect(run.series).toEqual(seriesNames(attentionConfig(run).heads));
      const frames = store.frames(run.id, -1, Infinity);
      expect([frames.rows, widthOf(frames)]).toEqual([EPOCHS + 1, columnsOf(run).length]);
      expect([...frames.steps]).toEqual([0, 1, 2, 3, 4]);
      expect(frames.times.every(Number.isNaN)).toBe(true);
      expect(frames.values[widthOf(frames) + LOCAL_COLUMNS.indexOf('loss')]).toBeCloseTo(Math.log(2), 1);
      expect(store.measurements(run.id).map(({ epoch, sample }) => `${sample} ${epoch}`)).toEqual([
        ...['script 0', 'fixed 0', 'script 2', 'fixed 2', 'script 4', 'fixed 4'],
      ]);
      expect(store.fingerprint(run.id)?.x).toMatch(/^[0-9a-f]{64}$/);
      expect(store.log(run.id).map(({ event }) => event)).toEqual(['created', 'started', 'checkpoint', 'completed']);
      const damaged: string[] = [];
      const place = checkpoints.place(run.id, store.checkpoints(run.id));
      const state = await readNewestCheckpoint(place, run.id, attentionCv.stateArrays, (_file, reason) =>
        damaged.push(reason),
      );
      expect(state).toMatchObject({ seq: EPOCHS, step: EPOCHS, facts: { engine: 'wasm' } });
      expect(damaged).toEqual([]);
      store.commit({ runs: [{ ...run, notes: 'kept' }] });
      expect(store.run(run.id)?.notes).toBe('kept');
    }
  });
});

test.each([1, 2])('frames of schema %i are what their rows held, whether read or written first', (version) => {
  const folder = copied(version, 'frames');
  const rows = withDatabase(folder, oldRows);
  const store = opened(folder);
  expect(rows.size).toBe(2);
  for (const [place, [id, old]] of [...rows].entries()) {
    expect(store.nextSeq(id)).toBe(old.length);
    const columns = old[0]!.length - 1;
    const added = { ...madeFrames(id, old.length, 1, { columns }), times: Float64Array.of(1.7e12) };
    if (place === 1) store.commit({ frames: [added] });
    const values = Float32Array.from(old.flatMap((row) => [...row.subarray(1)]));
    const steps = Float64Array.from(old, (row) => row[0]!);
    const times = new Float64Array(old.length).fill(NaN);
    const moved = { runId: id, fromSeq: 0, rows: old.length, steps, times, values };
    expect(store.frames(id, -1, old.length)).toEqual(moved);
    if (place === 1) expect(store.frames(id, old.length - 1, 9)).toEqual(added);
    store.commit({ frames: [{ ...moved, values: values.map(() => 0) }] });
    expect(store.frames(id, 0, 2).values).toEqual(values.slice(columns, 3 * columns));
  }
  store.close();
  expect(withDatabase(folder, oldRows).size).toBe(0);
});

test('data-v3 has a run of no sweep, with columns that came later, doubles, and cells logged as NaN', () => {
  const store = opened(copied(3, 'external'));
  const run = store.runs().find(({ sweepId }) => sweepId === null);
  expect(run).toMatchObject({ source: 'external', experiment: 'external', total: null, stepName: 'step' });
  const frames = store.frames(run!.id, -1, Infinity);
  expect([frames.rows, widthOf(frames), frames.values.BYTES_PER_ELEMENT]).toEqual([5000, 3, 8]);
  expect([...frames.values.subarray(0, 6)]).toEqual([0, 1 / 3, NaN, 0.5, 2 / 3, NaN]);
  expect([...frames.values.subarray(14_994)]).toEqual([2499, 4999 / 3, 4998, 2499.5, 5000 / 3, NaN]);
  expect(frames.nan).toEqual([[4999, 2]]);
  expect([frames.steps[4999], frames.times[4999]]).toEqual([2499, 1.7e12 + 4999]);
});

test('data-v4 has a run of another program, with its writer and what it printed', () => {
  const store = opened(copied(4, 'program'));
  expect(store.run('program-run')).toMatchObject({
    accepts: ['pause', 'stop'],
    controls: { lr: 0.1 },
    series: ['loss'],
  });
  expect(store.frames('program-run', -1, 9)).toMatchObject({ rows: 3, steps: Float64Array.of(0, 10, 20) });
  const [writer, ...others] = store.writers('program-run');
  expect(writer).toMatchObject({ id: 'abcdefghij', frames: 3, lines: 2, endSeq: 3, values: { lr: 0.05 } });
  expect(others).toEqual([]);
  expect(store.output('program-run', -1, 9).map(({ text }) => text)).toEqual(['step 0', 'a warning']);
});
