import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { TrainerState } from '../../server/engine/messages.js';
import { createFileCheckpoints, createMemoryCheckpoints } from '../../server/store/checkpoints.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const AT = '2026-01-02T03:04:05.000Z';
const folder = temporaryFolder();

function state(epoch: number, size = 5): TrainerState {
  return {
    ...{ configHash: 'abc', engine: 'wasm', epoch, seconds: epoch / 3 },
    parameters: Float32Array.from({ length: size }, (_, i) => i / 7),
    firstMoment: Float32Array.from([1e-30, -0]),
    secondMoment: Float32Array.from([3]),
    generator: Uint32Array.from([4_294_967_295, 0]),
    baseline: Float64Array.from([NaN, 1 / 3]),
  };
}

describe.each([
  ['files', () => createFileCheckpoints(join(folder, 'contract'))],
  ['memory', () => createMemoryCheckpoints()],
] as const)('checkpoints in %s', (_name, create) => {
  test('a state comes back bit for bit, and its row tells what it covers', async () => {
    const checkpoints = create();
    const row = await checkpoints.save('run', state(7), AT, []);
    expect(row).toMatchObject({ runId: 'run', seq: 7, epoch: 7, at: AT, engine: 'wasm' });
    expect(await checkpoints.loadLatest([row])).toEqual(state(7));
    const named = await checkpoints.save('run', { ...state(8), kernels: 'abc' }, AT, []);
    expect(await checkpoints.loadLatest([named])).toEqual({ ...state(8), kernels: 'abc' });
  });

  test('no rows, or a deleted run: no state', async () => {
    const checkpoints = create();
    const row = await checkpoints.save('gone', state(1), AT, []);
    await checkpoints.delete('gone');
    expect(await checkpoints.loadLatest([row])).toBeNull();
    expect(await checkpoints.loadLatest([])).toBeNull();
  });
});

test('the files of the rows are kept beside the one whose row is to be committed, no others and no half-written one', async () => {
  const checkpoints = createFileCheckpoints(folder);
  let rows = [await checkpoints.save('kept', state(2), AT, [])];
  writeFileSync(join(folder, 'kept', '3.ckpt.tmp'), 'half');
  for (const epoch of [5, 9, 10, 100]) rows = [await checkpoints.save('kept', state(epoch), AT, rows), rows[0]!];
  expect(readdirSync(join(folder, 'kept')).sort()).toEqual(['10.ckpt', '100.ckpt', '9.ckpt']);
});

test('states whose rows were never committed, however many, take the place of none that has its row', async () => {
  const checkpoints = createFileCheckpoints(folder);
  const older = await checkpoints.save('died', state(30), AT, []);
  const newer = await checkpoints.save('died', state(36), AT, [older]);
  // As servers leave them that die, one after another, between the rename and the commit.
  for (const epoch of [40, 44, 38]) await checkpoints.save('died', state(epoch), AT, [newer, older]);
  expect(await checkpoints.loadLatest([newer])).toEqual(state(36));
  expect(await checkpoints.loadLatest([older])).toEqual(state(30));
  expect(readdirSync(join(folder, 'died')).sort()).toEqual(['30.ckpt', '36.ckpt', '38.ckpt']);
});

describe('a damaged checkpoint is passed over for the one before', () => {
  const harms: [string, (file: string) => void][] = [
    ['cut short', (file) => truncateSync(file, readFileSync(file).length - 9)],
    ['empty', (file) => truncateSync(file, 0)],
    ['missing', (file) => rmSync(file)],
    ['another file', (file) => writeFileSync(file, 'not a checkpoint, but as long as one has to be to be looked at')],
    [
      'one bit changed',
      (file) => {
        const bytes = readFileSync(file);
        bytes[bytes.length - 40]! ^= 1;
        writeFileSync(file, bytes);
      },
    ],
  ];
  test.each(harms)('%s', async (name, harm) => {
    const checkpoints = createFileCheckpoints(join(folder, name));
    const older = await checkpoints.save('run', state(3), AT, []);
    const newer = await checkpoints.save('run', state(6), AT, [older]);
    harm(join(folder, name, newer.file));
    const damaged: number[] = [];
    const loaded = await checkpoints.loadLatest([newer, older], (row) => damaged.push(row.epoch));
    expect(loaded).toEqual(state(3));
    expect(damaged).toEqual([6]);
    harm(join(folder, name, older.file));
    expect(await checkpoints.loadLatest([newer, older])).toBeNull();
  });
});

test('a checkpoint of another run is not taken for this one’s', async () => {
  const checkpoints = createFileCheckpoints(folder);
  const row = await checkpoints.save('one', state(3), AT, []);
  expect(await checkpoints.loadLatest([{ ...row, runId: 'two' }])).toBeNull();
});

test('in memory, the states saved longest ago are forgotten past the limit', async () => {
  const checkpoints = createMemoryCheckpoints(1000);
  const rows = [];
  for (const runId of ['a', 'b', 'c']) rows.push(await checkpoints.save(runId, state(1, 100), AT, []));
  const loaded = await Promise.all(rows.map((row) => checkpoints.loadLatest([row])));
  expect(loaded.map((one) => one !== null)).toEqual([false, true, true]);
});
