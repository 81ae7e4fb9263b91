/**
 * A trainer's state as bytes: magic, header length, header (JSON), the arrays as they lie in memory (little-endian),
 * sha256 of everything before. A file that was cut short or changed does not decode.
 */
import { createHash } from 'node:crypto';
import type { TrainerState } from '../engine/messages.js';

const MAGIC = Buffer.from('PENTACK1', 'latin1');
const HASH_BYTES = 32;

type ArrayName = 'parameters' | 'firstMoment' | 'secondMoment' | 'generator' | 'baseline';

interface Header extends Omit<TrainerState, ArrayName> {
  runId: string;
  /** In the order in which they follow. */
  arrays: { name: ArrayName; length: number }[];
}

const ARRAY_NAMES: readonly ArrayName[] = ['parameters', 'firstMoment', 'secondMoment', 'generator', 'baseline'];

/** The parts of the file, in order; kept apart so that large arrays are not copied. */
export function encodeCheckpoint(runId: string, state: TrainerState): Uint8Array[] {
  const { configHash, engine, kernels, epoch, seconds } = state;
  const arrays = ARRAY_NAMES.map((name) => ({ name, length: state[name].length }));
  const facts = { runId, configHash, engine, ...(kernels !== undefined && { kernels }), epoch, seconds, arrays };
  const header = Buffer.from(JSON.stringify(facts satisfies Header));
  const headerLength = Buffer.alloc(4);
  headerLength.writeUInt32LE(header.length);
  const parts = [
    MAGIC,
    headerLength,
    header,
    ...ARRAY_NAMES.map((name) => {
      const { buffer, byteOffset, byteLength } = state[name];
      return new Uint8Array(buffer, byteOffset, byteLength);
    }),
  ];
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return [...parts, hash.digest()];
}

/** @throws with the reason when the bytes are no whole checkpoint of `runId`. */
export function decodeCheckpoint(runId: string, bytes: Uint8Array): TrainerState {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fixed = MAGIC.length + 4;
  if (file.length < fixed + HASH_BYTES || !file.subarray(0, MAGIC.length).equals(MAGIC))
    throw new Error('it is not a checkpoint');
  const body = file.subarray(0, -HASH_BYTES);
  if (!createHash('sha256').update(body).digest().equals(file.subarray(-HASH_BYTES)))
    throw new Error('its checksum is wrong');

  let offset = fixed + file.readUInt32LE(MAGIC.length);
  const header = JSON.parse(file.toString('utf8', fixed, offset)) as Header;
  if (header.runId !== runId) throw new Error(`it belongs to run ${header.runId}`);
  const take = (name: ArrayName, bytesPerElement: number): ArrayBuffer => {
    const length = header.arrays.find((array) => array.name === name)?.length ?? 0;
    const start = offset;
    offset += length * bytesPerElement;
    // A copy, because the arrays are not aligned in the file.
    return new Uint8Array(body.subarray(start, offset)).buffer;
  };
  const { configHash, engine, kernels, epoch, seconds } = header;
  return {
    configHash,
    engine,
    ...(kernels !== undefined && { kernels }),
    epoch,
    seconds,
    parameters: new Float32Array(take('parameters', 4)),
    firstMoment: new Float32Array(take('firstMoment', 4)),
    secondMoment: new Float32Array(take('secondMoment', 4)),
    generator: new Uint32Array(take('generator', 4)),
    baseline: new Float64Array(take('baseline', 8)),
  };
}
