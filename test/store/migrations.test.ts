/** Data folders of every earlier schema: each opens, with all that was kept in it. */
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DatabaseSync } from '@photostructure/sqlite';
import { describe, expect, test } from 'vitest';
import { LEADING_COLUMNS } from '../../shared/frames.js';
import { seriesNames } from '../../shared/series.js';
import { readNewestCheckpoint } from '../../server/experiment/checkpoint-file.js';
import { createFileCheckpoints } from '../../server/store/checkpoints.js';
import { SCHEMA_VERSION, schemaVersion } from '../../server/store/migrations.js';
import { openSqliteStore } from '../../server/store/sqlite-store.js';
import { temporaryFolder } from '../support/temporary-folder.js';

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

test('schema 2 gives runs the seams that only their logs had, in order', () => {
  const folder = join(root, 'seams');
  cpSync(join(fixtures, 'data-v1'), folder, { recursive: true });
  const database = new DatabaseSync(join(folder, 'pentachoron.db'));
  const { id } = database.prepare('SELECT id FROM runs ORDER BY position').get() as { id: string };
  const seams = [
    { from: 'wasm', to: 'cpu', epoch: 1 },
    { from: 'cpu', to: 'wasm', epoch: 3 },
  ];
  for (const details of seams)
    database
      .prepare('INSERT INTO log (run_id, document) VALUES (?, ?)')
      .run(id, JSON.stringify({ runId: id, at: '2026-01-02T03:04:05.000Z', event: 'engine-changed', details }));
  database.close();
  const opened = openSqliteStore(folder);
  if (!opened.ok) throw new Error(opened.error.message);
  const [changed, unchanged] = opened.data.runs();
  opened.data.close();
  expect(changed).toMatchObject({ id, status: 'completed', engineSeams: seams });
  expect(unchanged).not.toHaveProperty('engineSeams');
});

describe.each(versions)('a data folder of schema %i', (version) => {
  /** A copy, for opening changes it. */
  function copied(name: string): string {
    const folder = join(root, `${version}-${name}`);
    cpSync(join(fixtures, `data-v${version}`), folder, { recursive: true });
    return folder;
  }

  function versionOf(folder: string): number {
    const database = new DatabaseSync(join(folder, 'pentachoron.db'));
    try {
      return schemaVersion(database);
    } finally {
      database.close();
    }
  }

  test('is brought to the present one when it is opened', () => {
    const folder = copied('version');
    expect(versionOf(folder)).toBe(version);
    const opened = openSqliteStore(folder);
    if (!opened.ok) throw new Error(opened.error.message);
    opened.data.close();
    expect(versionOf(folder)).toBe(SCHEMA_VERSION);
  });

  test('has its sweep, runs, frames, measurements, log and checkpoints, and takes new commits', async () => {
    const folder = copied('contents');
    const opened = openSqliteStore(folder);
    if (!opened.ok) throw new Error(opened.error.message);
    const store = opened.data;
    const [sweep] = store.sweeps();
    expect(sweep).toMatchObject({ spec: { dims: [8], heads: [1, 2], epochs: EPOCHS }, counts: { completed: 2 } });
    const runs = store.runs({ sweep: sweep!.id });
    expect(runs.map(({ config }) => config.heads)).toEqual([1, 2]);
    const checkpoints = createFileCheckpoints(join(folder, 'checkpoints'));
    for (const run of runs) {
      expect(run).toMatchObject({ status: 'completed', epoch: EPOCHS, engine: 'wasm', attempt: 1 });
      const columns = LEADING_COLUMNS.length + seriesNames(run.config.heads).length;
      const { rows, values } = store.frames(run.id, -1, Infinity);
      expect([rows, values.length]).toEqual([EPOCHS + 1, (EPOCHS + 1) * columns]);
      expect(Array.from({ length: rows }, (_, row) => values[row * columns])).toEqual([0, 1, 2, 3, 4]);
      expect(values[columns + LEADING_COLUMNS.indexOf('loss')]).toBeCloseTo(Math.log(2), 1);
      expect(store.measurements(run.id).map(({ epoch, sample }) => `${sample} ${epoch}`)).toEqual([
        ...['script 0', 'fixed 0', 'script 2', 'fixed 2', 'script 4', 'fixed 4'],
      ]);
      expect(store.fingerprint(run.id)?.x).toMatch(/^[0-9a-f]{64}$/);
      expect(store.log(run.id).map(({ event }) => event)).toEqual(['created', 'started', 'checkpoint', 'completed']);
      const damaged: string[] = [];
      const place = checkpoints.place(run.id, store.checkpoints(run.id));
      const state = await readNewestCheckpoint(place, run.id, (_file, reason) => damaged.push(reason));
      expect(state).toMatchObject({ epoch: EPOCHS, engine: 'wasm' });
      expect(damaged).toEqual([]);
      store.commit({ runs: [{ ...run, notes: 'kept' }] });
      expect(store.run(run.id)?.notes).toBe('kept');
    }
    store.close();
  });
});
