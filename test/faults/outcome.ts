/** What a run leaves behind, and how it differs from what it should have left. `seconds` alone may differ. */
import { createHash } from 'node:crypto';
import { LEADING_COLUMNS } from '../../shared/frames.js';
import type { RunStore } from '../../server/store/run-store.js';
import { readNewestCheckpoint } from '../../server/experiment/checkpoint-file.js';
import type { CheckpointStore } from '../../server/store/checkpoints.js';
import { type Findings, noFindings } from './campaign.js';

const SECONDS = LEADING_COLUMNS.indexOf('seconds');
const EPOCH = LEADING_COLUMNS.indexOf('epoch');

export interface Outcome {
  /** A frame each, `seconds` zeroed. */
  frames: Float32Array[];
  measurements: string[];
  /** sha256 of the newest checkpoint's parameters, moments, generator and baseline. */
  state: string;
}

export async function outcomeOf(store: RunStore, checkpoints: CheckpointStore, runId: string): Promise<Outcome> {
  const { rows, values } = store.frames(runId, -1, Infinity);
  const columns = values.length / rows;
  const frames = Array.from({ length: rows }, (_, row) => {
    const frame = values.slice(row * columns, (row + 1) * columns);
    frame[SECONDS] = 0;
    return frame;
  });
  const place = checkpoints.place(runId, store.checkpoints(runId));
  const state = await readNewestCheckpoint(place, runId, () => undefined);
  const hash = createHash('sha256').update(String(state?.epoch));
  if (state !== null) {
    const { parameters, firstMoment, secondMoment, generator, baseline } = state;
    for (const { buffer, byteOffset, byteLength } of [parameters, firstMoment, secondMoment, generator, baseline])
      hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  const measurements = store.measurements(runId).map((measurement) => JSON.stringify(measurement));
  return { frames, measurements, state: hash.digest('hex') };
}

/** One case's findings. */
export function compareOutcomes(expected: Outcome, actual: Outcome): Findings {
  const findings = { ...noFindings(), cases: 1 };
  findings.lost = Math.max(0, expected.frames.length - actual.frames.length);
  findings.duplicated = Math.max(0, actual.frames.length - expected.frames.length);
  actual.frames.forEach((frame, seq) => {
    const other = expected.frames[seq];
    if (frame[EPOCH] !== seq) findings.outOfOrder += 1;
    else if (other !== undefined && !sameBits(frame, other)) findings.differing += 1;
  });
  const epochs = Math.max(expected.measurements.length, actual.measurements.length);
  for (let index = 0; index < epochs; index += 1)
    if (expected.measurements[index] !== actual.measurements[index]) findings.differing += 1;
  if (expected.state !== actual.state) findings.differing += 1;
  return findings;
}

/** As bytes: NaN equals NaN, and 0 is not −0. */
export function sameBits(a: Float32Array, b: Float32Array): boolean {
  const bytes = (values: Float32Array): Buffer => Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return bytes(a).equals(bytes(b));
}
