/** The newest checkpoint is cut short or changed by a bit: it must be noticed, and the one before be used. */
import { randomInt } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { TrainerState } from '../../server/engine/messages.js';
import { type CheckpointStore, createFileCheckpoints } from '../../server/store/checkpoints.js';
import type { CheckpointRow } from '../../server/store/run-store.js';
import { type Campaign, type Findings, noFindings } from './campaign.js';

const RUN_ID = 'damaged';
const AT = '2026-01-02T03:04:05.000Z';

export const checkpointDamage: Campaign = {
  name: 'checkpoint',
  title: 'checkpoint truncated or bit flipped',
  cases: 1000,
  async run(cases) {
    const folder = mkdtempSync(join(tmpdir(), 'pentachoron-faults-'));
    try {
      return await damage(createFileCheckpoints(folder), folder, cases);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** `checkpoints` keeps its files in `folder`. */
export async function damage(checkpoints: CheckpointStore, folder: string, cases: number): Promise<Findings> {
  const findings = noFindings();
  const [older, newer] = [stateAt(10), stateAt(20)];
  const olderRow = await checkpoints.save(RUN_ID, older, AT, []);
  const rows = [await checkpoints.save(RUN_ID, newer, AT, [olderRow]), olderRow] as const;
  const file = join(folder, rows[0].file);
  const whole = readFileSync(file);

  for (; findings.cases < cases; findings.cases += 1) {
    const { what, bytes } = findings.cases % 2 === 0 ? cut(whole) : flip(whole, findings.cases);
    writeFileSync(file, bytes);
    const passedOver: CheckpointRow[] = [];
    const state = await checkpoints.loadLatest(rows, (row) => passedOver.push(row));
    if (!isDeepStrictEqual(passedOver, [rows[0]])) findings.failures.push(`${what} was not detected`);
    if (!isDeepStrictEqual(state, older)) findings.differing += 1;
  }

  writeFileSync(file, whole);
  if (!isDeepStrictEqual(await checkpoints.loadLatest(rows), newer))
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
  return {
    ...{ configHash: 'a'.repeat(64), engine: 'wasm', epoch, seconds: epoch / 3 },
    ...{ parameters: floats(1500), firstMoment: floats(1500), secondMoment: floats(1500) },
    generator: Uint32Array.from({ length: 625 }, () => randomInt(2 ** 32)),
    baseline: Float64Array.from({ length: 200 }, (_, index) => (index % 50 === 0 ? NaN : randomInt(2 ** 32) / 7)),
  };
}
