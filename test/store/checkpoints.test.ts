import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { TrainerState } from '../../server/experiments/trainable.js';
import { removeCheckpoints, writeCheckpoint } from '../../server/checkpoints/checkpoint-file.js';
import { fileAt } from '../../server/checkpoints/file-identity.js';
import { createFileCheckpoints, type CheckpointStore } from '../../server/store/checkpoints.js';
import type { CheckpointRow } from '../../server/store/run-store.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const AT = '2026-01-02T03:04:05.000Z';
const folder = temporaryFolder();

function state(epoch: number): TrainerState {
  const facts = { configHash: 'abc', engine: 'wasm' };
  const arrays = { parameters: Float32Array.of(1 / 7), generator: Uint32Array.of(4_294_967_295) };
  return { seq: epoch, step: epoch, seconds: epoch / 3, facts, arrays };
}

/** As a trainer and then the server do. */
async function save(store: CheckpointStore, runId: string, epoch: number, rows: CheckpointRow[]) {
  const written = await writeCheckpoint(store.place(runId, rows), runId, state(epoch));
  const row = store.row(runId, written, AT, 'wasm');
  await store.prune(row, rows);
  return row;
}

test('a row tells what its file covers, and its place leads to it, the newest first', async () => {
  const store = createFileCheckpoints(join(folder, 'rows'));
  const older = await save(store, 'run', 7, []);
  expect(older).toMatchObject({ runId: 'run', seq: 7, epoch: 7, at: AT, engine: 'wasm', file: 'run/7.ckpt' });
  const newer = await save(store, 'run', 10, [older]);
  const { files, ...place } = store.place('run', [older, newer]);
  expect(place).toEqual({ folder: join(folder, 'rows', 'run'), isDurable: true, home: fileAt(join(folder, 'rows')) });
  expect(files.map(({ file }) => file)).toEqual(['10.ckpt', '7.ckpt']);
  expect(files[0]).toEqual({ file: '10.ckpt', seq: 10, epoch: 10, bytes: newer.bytes, checksum: newer.checksum });
});

test('the files of the rows are kept beside the one whose row is to be committed, and what a trainer may be writing', async () => {
  const store = createFileCheckpoints(join(folder, 'kept'));
  let rows = [await save(store, 'run', 2, [])];
  for (const epoch of [5, 9, 10]) rows = [await save(store, 'run', epoch, rows), rows[0]!];
  const place = store.place('run', rows);
  await writeCheckpoint(place, 'run', state(100));
  mkdirSync(join(place.folder, '99.ckpt.tmp'));
  await store.prune(rows[0]!, rows);
  expect(readdirSync(place.folder).sort()).toEqual(['10.ckpt', '100.ckpt', '9.ckpt', '99.ckpt.tmp']);
});

test('states whose rows were never committed, however many, take the place of none that has its row', async () => {
  const store = createFileCheckpoints(join(folder, 'died'));
  const older = await save(store, 'run', 30, []);
  const newer = await save(store, 'run', 36, [older]);
  const rows = [newer, older];
  // As servers leave them that die, one after another, between the rename and the commit.
  for (const epoch of [40, 44, 38]) await save(store, 'run', epoch, rows);
  const place = store.place('run', rows);
  expect(readdirSync(place.folder)).toEqual(expect.arrayContaining(['30.ckpt', '36.ckpt', '38.ckpt']));
  // As the next trainer does when it begins.
  await removeCheckpoints(
    place.folder,
    place.files.map(({ file }) => file),
  );
  expect(readdirSync(place.folder).sort()).toEqual(['30.ckpt', '36.ckpt']);
});

test('a deleted run leaves nothing; a folder of checkpoints that goes away is not made anew', async () => {
  const path = join(folder, 'gone');
  const store = createFileCheckpoints(path);
  await save(store, 'run', 1, []);
  await store.delete('run');
  expect(readdirSync(path)).toEqual([]);
  rmSync(path, { recursive: true });
  await expect(save(store, 'run', 2, [])).rejects.toMatchObject({ code: 'ENOENT' });
  expect(readdirSync(folder)).not.toContain('gone');
});
