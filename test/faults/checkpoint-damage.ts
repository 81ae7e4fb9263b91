/** The newest checkpoint is cut short or changed by a bit: it must be noticed, and the one before be used. */
import { randomInt } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { attentionCv } from '../../server/experiments/attention-cv/trainable.js';
import type { TrainerState } from '../../server/experiments/trainable.js';
import {
  type CheckpointFile,
  readNewestCheckpoint,
  writeCheckpoint,
} from '../../server/checkpoints/checkpoint-file.js';
import { type Campaign, type Findings, noFindings } from './campaign.js';

const RUN_ID = 'damaged';

export const checkpointDamage: Campaign = {
  name: 'checkpoint',
  title: 'checkpoint truncated or bit flipped',
  cases: 1000,
  async run(cases) {
    const folder = mkdtempSync(join(tmpdir(), 'pentachoron-faults-'));
    try {
      return await damage(folder, cases);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** @param read how trainers read the newest checkpoint in `folder` */
export async function damage(folder: string, cases: number, read = readNewestCheckpoint): Promise<Findings> {
  const findings = noFindings();
  const [older, newer] = [stateAt(10), stateAt(20)];
  const place = { folder, files: [] as CheckpointFile[], isDurable: true };
  for (const state of [older, newer]) place.files.unshift(await writeCheckpoint(place, RUN_ID, state));
  const [newest] = place.files;
  const file = join(folder, newest!.file);
  const whole = readFileSync(file);

  for (; findings.cases < cases; findings.cases += 1) {
    const { what, bytes } = findings.cases % 2 === 0 ? cut(whole) : flip(whole, findings.cases);
    writeFileSync(file, bytes);
    const passedOver: CheckpointFile[] = [];
    const state = await read(place, RUN_ID, attentionCv.stateArrays, (checkpoint) => passedOver.push(checkpoint));
    if (!isDeepStrictEqual(passedOver, [newest])) findings.failures.push(`${what} was not detected`);
    if (!isDeepStrictEqual(state, older)) findings.differing += 1;
  }

  writeFileSync(file, whole);
  if (!isDeepStrictEqual(await read(place, RUN_ID, attentionCv.stateArrays, () => undefined), newer))
    findings.failures.push('whole again, the newest was not used');
  return findings;
}

function cut(whole: Buffer): { what: string; bytes: Buffer } {
  const length = randomInt(whole.length);
  return { what: `a cut to ${length} of ${whole.length} bytes`, bytes: whole.subarray(0, length) };
}

/** One in four in the first bytes, which say what the others are. */
function flip(whole: Buffer, number: number): { what: string; bytes: Buffer } {
  const position = randomInt(number % 8 === 1 ? Math.min(400, whole.length) : whole.length);
  const bit = randomInt(8);
  const bytes = Buffer.from(whole);
  bytes[position]! ^= 1 << bit;
  return { what: `bit ${bit} of byte ${position} of ${whole.length}`, bytes };
}

function stateAt(epoch: number): TrainerState {
  const floats = (length: number): Float32Array => Float32Array.from({ length }, () => randomInt(2 ** 32) / epoch);
  const arrays = {
    ...{ parameters: floats(1500), firstMoment: floats(1500), secondMoment: floats(1500) },
    generator: Uint32Array.from({ length: 625 }, () => randomInt(2 ** 32)),
    baseline: Float64Array.from({ length: 200 }, (_, index) => (index % 50 === 0 ? NaN : randomInt(2 ** 32) / 7)),
  };
  const facts = { configHash: 'a'.repeat(64), engine: 'wasm' };
  return { seq: epoch, step: epoch, seconds: epoch / 3, facts, arrays };
}
