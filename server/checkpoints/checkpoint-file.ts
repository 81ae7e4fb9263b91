/**
 * A trainer's state in a file: magic, header length, header (JSON), the arrays as they lie in memory (little-endian),
 * sha256 of everything before. A file that was cut short or changed is not read, nor is anything that is no file.
 */
import { createHash, type Hash } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ARRAY_TYPES, type ArrayType, type StateArray, type TrainerState } from '../experiments/trainable.js';
import { messageOf } from '../message-of.js';
import { fileAt } from './file-identity.js';

const MAGIC = Buffer.from('PENTACK1', 'latin1');
const LENGTH_BYTES = 4;
const HASH_BYTES = 32;
/** A header has a few hundred bytes. */
const MAX_HEADER_BYTES = 65_536;
/** Written and read in parts of this size: a call takes 2 GB at most, and what is hashed stands still meanwhile. */
const PART_BYTES = 32 * 2 ** 20;

/** A checkpoint in a run's folder, as it was when it was written. */
export interface CheckpointFile {
  /** Its name in the folder. */
  file: string;
  /** Of the last frame that it covers. */
  seq: number;
  /** The step of that frame, which of runs that train here was always the epoch. */
  epoch: number;
  bytes: number;
  /** sha256 of all before the last 32 bytes, which are the same, hex; absent in rows of versions that did not note it. */
  checksum?: string;
}

/** Where a run's checkpoints are kept. */
export interface CheckpointPlace {
  /** The run's own folder; made if it is missing, but never the one that it is in. */
  folder: string;
  /** Those that count, newest first; other checkpoints there are left over from a server that died. */
  files: CheckpointFile[];
  /** Whether they must outlast a power failure. */
  isDurable: boolean;
  /** Which folder the run's own is in, as of `fileAt`; another one at its path is not written into. */
  home?: string;
}

/** By name, in the order in which they follow. */
export type ArrayTypes = Readonly<Record<string, ArrayType>>;

/** The state's small facts stand in it by their own names. */
interface Header {
  runId: string;
  epoch: number;
  /** Absent in files of versions in which it was always the epoch. */
  seq?: number;
  seconds: number;
  arrays: { name: string; length: number }[];
}

/**
 * Writes `state` into the run's folder. When it resolves, the file is whole under its name, and durable where that is
 * asked for. Rejects with the system's error; what was there before stays.
 */
export async function writeCheckpoint(
  { folder, isDurable, home }: CheckpointPlace,
  runId: string,
  state: TrainerState,
): Promise<CheckpointFile> {
  const file = `${state.seq}.ckpt`;
  const path = join(folder, file);
  // Renamed only when it is on the disk, so that the name never stands for half a file.
  const temporary = `${path}.tmp`;
  expectHome(folder, home);
  const handle = await createIn(folder, temporary);
  let written: { bytes: number; checksum: string };
  try {
    written = await writeState(handle, runId, state);
    if (isDurable) await handle.sync();
  } catch (error) {
    // On a full disk the room is needed.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  } finally {
    await handle.close();
  }
  await rename(temporary, path);
  if (isDurable) await syncFolder(folder);
  return { file, seq: state.seq, epoch: state.step, ...written };
}

function expectHome(folder: string, home?: string): void {
  const above = dirname(folder);
  if (home === undefined || fileAt(above) === home) return;
  throw Object.assign(new Error(`${above} is gone, or another folder`), { code: 'ESTALE' });
}

/** A new file, never what lies there: opening a FIFO would wait for its reader. Makes the folder, not the one above it. */
async function createIn(folder: string, path: string): Promise<FileHandle> {
  const create = async (): Promise<FileHandle> => {
    await rm(path, { recursive: true, force: true });
    return open(path, 'wx');
  };
  try {
    return await create();
  } catch (error) {
    if (!isMissing(error)) throw error;
    await mkdir(folder);
    return create();
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

async function writeState(
  handle: FileHandle,
  runId: string,
  state: TrainerState,
): Promise<{ bytes: number; checksum: string }> {
  const { seq, step, seconds, facts } = state;
  const arrays = Object.entries(state.arrays);
  const lengths = arrays.map(([name, { length }]) => ({ name, length }));
  const head: Header = { runId, epoch: step, seq, seconds, arrays: lengths };
  const header = Buffer.from(JSON.stringify({ ...facts, ...head }));
  const headerLength = Buffer.alloc(LENGTH_BYTES);
  headerLength.writeUInt32LE(header.length);

  const hash = createHash('sha256');
  let bytes = 0;
  const write = async (all: Uint8Array): Promise<void> => {
    for (let from = 0; from < all.length;) {
      const part = all.subarray(from, from + PART_BYTES);
      const { bytesWritten } = await handle.write(part);
      hash.update(part.subarray(0, bytesWritten));
      from += bytesWritten;
    }
    bytes += all.length;
  };
  await write(Buffer.concat([MAGIC, headerLength, header]));
  for (const [, array] of arrays) await write(bytesOf(array));
  const digest = hash.copy().digest();
  await write(digest);
  return { bytes, checksum: digest.toString('hex') };
}

/** Makes the rename durable. Windows cannot open folders and does not need it. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * The newest state that is whole; null when there is none.
 * @param types Of the arrays that a state of the run's experiment has.
 * @param damaged Hears of each one that had to be passed over.
 */
export async function readNewestCheckpoint(
  { folder, files }: CheckpointPlace,
  runId: string,
  types: ArrayTypes,
  damaged: (checkpoint: CheckpointFile, reason: string) => void,
): Promise<TrainerState | null> {
  for (const checkpoint of files) {
    try {
      return await readCheckpoint(folder, runId, types, checkpoint);
    } catch (error) {
      damaged(checkpoint, messageOf(error));
    }
  }
  return null;
}

/** @throws with the reason when there is no whole checkpoint of `runId`. */
async function readCheckpoint(
  folder: string,
  runId: string,
  types: ArrayTypes,
  expected: CheckpointFile,
): Promise<TrainerState> {
  // Without O_NONBLOCK, opening a FIFO waits for its writer, and no process ends that waits so.
  const handle = await open(join(folder, expected.file), constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const status = await handle.stat();
    if (!status.isFile()) throw new Error('it is not a file');
    if (status.size !== expected.bytes) throw new Error(`it has ${status.size} bytes of ${expected.bytes}`);
    return await readState(handle, runId, types, expected);
  } finally {
    await handle.close();
  }
}

async function readState(
  handle: FileHandle,
  runId: string,
  types: ArrayTypes,
  expected: CheckpointFile,
): Promise<TrainerState> {
  const hash = createHash('sha256');
  const start = await read(handle, Buffer.alloc(MAGIC.length + LENGTH_BYTES), hash);
  const headerBytes = start.readUInt32LE(MAGIC.length);
  if (!start.subarray(0, MAGIC.length).equals(MAGIC) || headerBytes > MAX_HEADER_BYTES)
    throw new Error('it is not a checkpoint');
  const text = (await read(handle, Buffer.alloc(headerBytes), hash)).toString();
  const header = headerOf(text, types, expected.bytes - start.length - headerBytes - HASH_BYTES);
  const arrays: Record<string, StateArray> = {};
  for (const { name, length } of header.arrays) {
    const array = new ARRAY_TYPES[types[name]!](length);
    await read(handle, bytesOf(array), hash);
    arrays[name] = array;
  }
  const digest = hash.digest();
  const stored = await read(handle, Buffer.alloc(HASH_BYTES));
  if (!stored.equals(digest) || (expected.checksum ?? digest.toString('hex')) !== digest.toString('hex'))
    throw new Error('its checksum is wrong');
  if (header.runId !== runId) throw new Error(`it belongs to run ${header.runId}`);
  const { runId: _runId, arrays: _arrays, epoch: step, seq = step, seconds, ...facts } = header;
  return { seq, step, seconds, facts, arrays };
}

/** Believed no further than that its arrays have `arrayBytes` together: its checksum is known only when all is read. */
function headerOf(text: string, types: ArrayTypes, arrayBytes: number): Header {
  let header: Header;
  try {
    header = JSON.parse(text) as Header;
  } catch {
    throw new Error('its header cannot be read');
  }
  const { arrays } = header as Partial<Header>;
  const bytesIn = ({ name, length }: Header['arrays'][number]): number =>
    length * ARRAY_TYPES[types[name]!].BYTES_PER_ELEMENT;
  const isExpected = Array.isArray(arrays) && arrays.map(({ name }) => name).join() === Object.keys(types).join();
  if (!isExpected || arrays.reduce((sum, array) => sum + bytesIn(array), 0) !== arrayBytes)
    throw new Error('its header does not fit its size');
  return header;
}

/** Fills `target`. @throws when the file ends before. */
async function read<T extends Uint8Array>(handle: FileHandle, target: T, hash?: Hash): Promise<T> {
  for (let from = 0; from < target.length;) {
    const { bytesRead } = await handle.read(target, from, Math.min(PART_BYTES, target.length - from));
    if (bytesRead === 0) throw new Error('it was cut short');
    hash?.update(target.subarray(from, from + bytesRead));
    from += bytesRead;
  }
  return target;
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/**
 * Removes what no row points to, of servers that died between a rename and the commit of its row, or while they wrote.
 * Their number would not do: such a file would take the place of one that counts.
 * @param keep Names.
 * @param before Only those of seqs before this one: others may be being written.
 */
export async function removeCheckpoints(folder: string, keep: readonly string[], before = Infinity): Promise<void> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const isLeftOver = (name: string): boolean => {
    const seq = /^(\d+)\.ckpt(\.tmp)?$/.exec(name)?.[1];
    return seq !== undefined && Number(seq) < before && !keep.includes(name);
  };
  await Promise.all(names.filter(isLeftOver).map((name) => rm(join(folder, name), { recursive: true, force: true })));
}
