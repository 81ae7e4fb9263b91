/** What a run leaves behind, and how it differs from what it should have left. `seconds` alone may differ. */
import { DEFAULT_EXPERIMENT } from '../../server/experiments/registry.js';
import { createHash } from 'node:crypto';
import { bytesOf, type FrameValues, SECONDS_COLUMN, widthOf } from '../../shared/frames.js';
import { readNewestCheckpoint } from '../../server/checkpoints/checkpoint-file.js';
import type { CheckpointStore } from '../../server/store/checkpoints.js';
import type { RunHistories } from '../../server/store/run-store.js';
import { type Findings, noFindings } from './campaign.js';

export interface Outcome {
  /** A frame each, `seconds` zeroed. */
  frames: FrameValues[];
  steps: number[];
  measurements: string[];
  /** sha256 of the newest checkpoint's parameters, moments, generator and baseline. */
  state: string;
}

export async function outcomeOf(store: RunHistories, checkpoints: CheckpointStore, runId: string): Promise<Outcome> {
  const block = store.frames(runId, -1, Infinity);
  const columns = widthOf(block);
  const frames = Array.from({ length: block.rows }, (_, row) => {
    const frame = block.values.slice(row * columns, (row + 1) * columns);
    frame[SECONDS_COLUMN] = 0;
    return frame;
  });
  const place = checkpoints.place(runId, store.checkpoints(runId));
  const state = await readNewestCheckpoint(place, runId, DEFAULT_EXPERIMENT.stateArrays, () => undefined);
  const hash = createHash('sha256').update(String(state?.seq));
  if (state !== null) {
    for (const { buffer, byteOffset, byteLength } of Object.values(state.arrays))
      hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  const measurements = store.measurements(runId).map((measurement) => JSON.stringify(measurement));
  return { frames, steps: [...block.steps], measurements, state: hash.digest('hex') };
}

/** One case's findings. */
export function compareOutcomes(expected: Outcome, actual: Outcome): Findings {
  const findings = { ...noFindings(), cases: 1 };
  findings.lost = Math.max(0, expected.frames.length - actual.frames.length);
  findings.duplicated = Math.max(0, actual.frames.length - expected.frames.length);
  actual.frames.forEach((frame, seq) => {
    const other = expected.frames[seq];
    if (actual.steps[seq] !== seq) findings.outOfOrder += 1;
    else if (other !== undefined && !sameBits(frame, other)) findings.differing += 1;
  });
  const epochs = Math.max(expected.measurements.length, actual.measurements.length);
  for (let index = 0; index < epochs; index += 1)
    if (expected.measurements[index] !== actual.measurements[index]) findings.differing += 1;
  if (expected.state !== actual.state) findings.differing += 1;
  return findings;
}

/** As bytes: NaN equals NaN, and 0 is not −0. */
export function sameBits(a: FrameValues, b: FrameValues): boolean {
  return Buffer.from(bytesOf(a)).equals(Buffer.from(bytesOf(b)));
}
