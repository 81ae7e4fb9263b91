import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { attentionCv } from '../../server/experiments/attention-cv/trainable.js';
import type { TrainerState } from '../../server/experiments/trainable.js';
import {
  type CheckpointPlace,
  readNewestCheckpoint,
  writeCheckpoint,
} from '../../server/checkpoints/checkpoint-file.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();

function state(epoch: number): TrainerState {
  const arrays = {
    parameters: Float32Array.from({ length: 5 }, (_, i) => i / 7),
    firstMoment: Float32Array.from([1e-30, -0]),
    secondMoment: Float32Array.from([3]),
    generator: Uint32Array.from([4_294_967_295, 0]),
    baseline: Float64Array.from([NaN, 1 / 3]),
  };
  const facts = { configHash: 'abc', engine: 'wasm' };
  return { seq: epoch, step: epoch, seconds: epoch / 3, facts, arrays };
}

const types = attentionCv.stateArrays;

/** With checkpoints of these epochs, the last one newest. */
async function placeWith(name: string, ...states: TrainerState[]): Promise<CheckpointPlace> {
  const place: CheckpointPlace = { folder: join(folder, name), files: [], isDurable: true };
  for (const one of states) place.files.unshift(await writeCheckpoint(place, 'run', one));
  return place;
}

const unharmed = (): never => {
  throw new Error('passed over');
};

test('a state comes back bit for bit', async () => {
  const named = { ...state(8), step: 80, facts: { ...state(8).facts, kernels: 'abc' } };
  expect(await readNewestCheckpoint(await placeWith('whole', state(7)), 'run', types, unharmed)).toEqual(state(7));
  expect(await readNewestCheckpoint(await placeWith('named', named), 'run', types, unharmed)).toEqual(named);
});

describe.skipIf(process.platform === 'win32')('a damaged checkpoint is passed over for the one before', () => {
  const harms: [string, RegExp, (file: string) => void][] = [
    ['cut short', /bytes of/, (file) => truncateSync(file, readFileSync(file).length - 9)],
    ['empty', /0 bytes of/, (file) => truncateSync(file, 0)],
    ['missing', /ENOENT/, (file) => rmSync(file)],
    ['another file', /not a checkpoint/, (file) => writeFileSync(file, Buffer.alloc(readFileSync(file).length))],
    ['huge', /bytes of/, (file) => truncateSync(file, 2 ** 40)],
    ['one bit changed', /checksum/, (file) => flipBit(file, (bytes) => bytes - 40)],
    ['a bit of its header changed', /header|checksum/, (file) => flipBit(file, () => 30)],
    ['another checkpoint of the same size', /checksum/, (file) => copyFileSync(join(file, '../other'), file)],
    ['a FIFO', /not a file/, (file) => replaced(file, () => execFileSync('mkfifo', [file]))],
    ['a folder', /not a file/, (file) => replaced(file, () => mkdirSync(file))],
    ['a device', /not a file/, (file) => replaced(file, () => symlinkSync('/dev/zero', file))],
    ['a dangling link', /ENOENT/, (file) => replaced(file, () => symlinkSync('/no/such/file', file))],
    ['a link to itself', /ELOOP/, (file) => replaced(file, () => symlinkSync(file, file))],
  ];
  test.each(harms)('%s', async (name, expected, harm) => {
    const place = await placeWith(name, state(3), { ...state(6), seconds: 1 }, state(6));
    const files = [place.files[0]!, place.files[2]!];
    const other = await placeWith(`${name}, another`, { ...state(6), facts: { configHash: 'abd', engine: 'wasm' } });
    copyFileSync(join(other.folder, '6.ckpt'), join(place.folder, 'other'));
    harm(join(place.folder, '6.ckpt'));
    const damaged: [number, string][] = [];
    const hear = ({ epoch }: { epoch: number }, reason: string) => damaged.push([epoch, reason]);
    expect(await readNewestCheckpoint({ ...place, files }, 'run', types, hear)).toEqual(state(3));
    expect(damaged).toEqual([[6, expect.stringMatching(expected)]]);
    rmSync(join(place.folder, '3.ckpt'));
    expect(await readNewestCheckpoint({ ...place, files }, 'run', types, () => undefined)).toBeNull();
  });
});

test.skipIf(process.platform === 'win32')(
  'whatever lies where one is written is replaced, and waited for by nobody',
  async () => {
    const place = await placeWith('in the way');
    mkdirSync(place.folder);
    for (const name of ['4.ckpt.tmp', '5.ckpt']) execFileSync('mkfifo', [join(place.folder, name)]);
    for (const epoch of [4, 5]) place.files.unshift(await writeCheckpoint(place, 'run', state(epoch)));
    expect(await readNewestCheckpoint(place, 'run', types, unharmed)).toEqual(state(5));
    expect(readdirSync(place.folder).sort()).toEqual(['4.ckpt', '5.ckpt']);
  },
);

test('a checkpoint of another run is not taken for this one’s', async () => {
  expect(await readNewestCheckpoint(await placeWith('foreign', state(3)), 'two', types, () => undefined)).toBeNull();
});

function flipBit(file: string, at: (length: number) => number): void {
  const bytes = readFileSync(file);
  bytes[at(bytes.length)]! ^= 1;
  writeFileSync(file, bytes);
}

function replaced(file: string, make: () => void): void {
  rmSync(file);
  make();
}
