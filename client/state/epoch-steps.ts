/** The epochs that the scrubber stops at, and the pace at which it walks through them. */
import type { Run } from '../../shared/run.js';
import { experimentOf } from '../experiments/experiments.js';

/** Epochs at which CVs of any of these runs are measured, up to the longest run's last. */
export function epochSteps(runs: readonly Run[]): number[] {
  const steps = new Set<number>(runs.length === 0 ? [] : [0]);
  const done = new Set<string>();
  for (const run of runs) {
    const epochs = run.total;
    const measured = experimentOf(run).measured(run);
    // When another program measures is not known beforehand.
    if (measured === null || epochs === null) continue;
    const { every, full } = measured;
    const key = `${epochs} ${every}`;
    if (done.has(key)) continue;
    done.add(key);
    for (let epoch = 0; epoch <= epochs; epoch += every) steps.add(epoch);
    for (const epoch of full) steps.add(epoch);
  }
  return [...steps].sort((a, b) => a - b);
}

/** The index of the last step up to `epoch`. */
export function stepOf(epoch: number, steps: readonly number[]): number {
  const after = steps.findIndex((step) => step > epoch);
  return Math.max(0, (after === -1 ? steps.length : after) - 1);
}

export interface Pace {
  /** Between two steps. */
  intervalMs: number;
  /** How many of the scrubber's steps one step of the walk takes. */
  stride: number;
}

const WALK_MS = 8000;
const SLOWEST_MS = 400;
const FASTEST_MS = 80;
/** Where less motion is asked for: few pictures, each long enough to be read. */
const STILLS = 6;
const STILL_MS = 1500;

/** A walk takes eight seconds, less if there is little to see; long trainings are walked through in longer strides. */
export function walkPace(steps: number, reducedMotion: boolean): Pace {
  if (reducedMotion) return { intervalMs: STILL_MS, stride: Math.max(1, Math.ceil((steps - 1) / (STILLS - 1))) };
  const stride = Math.max(1, Math.ceil((steps * FASTEST_MS) / WALK_MS));
  return { intervalMs: Math.min(SLOWEST_MS, WALK_MS / Math.max(1, Math.ceil(steps / stride))), stride };
}
