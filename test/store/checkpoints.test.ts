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
    const row = await checkpoints.save('run', state(7), AT);
    expect(row).toMatchObject({ runId: 'run', seq: 7, epoch: 7, at: AT, engine: 'wasm' });
    expect(await checkpoints.loadLatest([row])).toEqual(state(7));
  });

  test('no rows, or a deleted run: no state', async () => {
    const checkpoints = create();
    const row = await checkpoints.save('gone', state(1), AT);
    await checkpoints.delete('gone');
    expect(await checkpoints.loadLatest([row])).toBeNull();
    expect(await checkpoints.loadLatest([])).toBeNull();
  });
});

test('the last two files of a run are kept beside the one whose row is to be committed, and no half-written one', async () => {
  const checkpoints = createFileCheckpoints(folder);
  await checkpoints.save('kept', state(2), AT);
  writeFileSync(join(folder, 'kept', '3.ckpt.tmp'), 'half');
  for (const epoch of [5, 9, 10, 100]) await checkpoints.save('kept', state(epoch), AT);
  expect(readdirSync(join(folder, 'kept')).sort()).toEqual(['10.ckpt', '100.ckpt', '9.ckpt']);
});

test('when a run comes to an epoch again, later states, which were passed over, make room for whole ones', async () => {
  const checkpoints = createFileCheckpoints(folder);
  for (const epoch of [70, 80, 90, 4, 6]) await checkpoints.save('again', state(epoch), AT);
  expect(readdirSync(join(folder, 'again')).sort()).toEqual(['4.ckpt', '6.ckpt']);
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
    const older = await checkpoints.save('run', state(3), AT);
    const newer = await checkpoints.save('run', state(6), AT);
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
  const row = await checkpoints.save('one', state(3), AT);
  expect(await checkpoints.loadLatest([{ ...row, runId: 'two' }])).toBeNull();
});

test('in memory, the states saved longest ago are forgotten past the limit', async () => {
  const checkpoints = createMemoryCheckpoints(1000);
  const rows = [];
  for (const runId of ['a', 'b', 'c']) rows.push(await checkpoints.save(runId, state(1, 100), AT));
  const loaded = await Promise.all(rows.map((row) => checkpoints.loadLatest([row])));
  expect(loaded.map((one) => one !== null)).toEqual([false, true, true]);
});
