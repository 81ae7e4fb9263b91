/** A run is paused and resumed at every single epoch: its curve must be that of the run that was not. */
import type { SweepRequest } from '../../shared/experiments/attention-cv/sweep.js';
import type { Campaign } from './campaign.js';
import { compareOutcomes, type Outcome, outcomeOf } from './outcome.js';
import type { TrainerHabits } from './traced-trainers.js';
import { TrainingBed } from './training-bed.js';

const REQUEST = { dims: [32], heads: [2], vocab: 64, seqLen: 8, classes: 5, samplesPerClass: 20, samples: 100 };

export const pauses: Campaign = {
  name: 'pause',
  title: 'pause and resume at every epoch of a run',
  cases: 50,
  async run(cases) {
    const request = { ...REQUEST, epochs: cases };
    const expected = await inBed({}, (bed) => trainThrough(bed, request));
    const { outcome, pausedAt } = await inBed({ hold: true }, (bed) => pauseAlways(bed, request));
    const findings = { ...compareOutcomes(expected, outcome), cases: pausedAt.length };
    const isEvery = pausedAt.length === cases && pausedAt.every((epoch, index) => epoch === index);
    if (!isEvery) findings.failures.push(`it was paused at the epochs ${pausedAt.join(', ')} of ${cases}`);
    return findings;
  },
};

async function inBed<T>(habits: TrainerHabits, use: (bed: TrainingBed) => Promise<T>): Promise<T> {
  const bed = new TrainingBed({ ...habits, engine: 'wasm', checkpointSeconds: 0 });
  try {
    return await use(bed);
  } finally {
    await bed.close();
  }
}

async function trainThrough(bed: TrainingBed, request: SweepRequest): Promise<Outcome> {
  const runId = bed.begin(request);
  await bed.reached(runId, 'completed');
  return outcomeOf(bed.store, bed.checkpoints, runId);
}

/** Asks for a pause whenever the run trains, until it is complete; answers where it stood each time. */
async function pauseAlways(bed: TrainingBed, request: SweepRequest): Promise<{ outcome: Outcome; pausedAt: number[] }> {
  const pausedAt: number[] = [];
  const runId = bed.begin(request);
  for (;;) {
    await bed.reached(runId, 'running');
    const paused = bed.service.control({ runId, action: 'pause' });
    if (!paused.ok) throw new Error(paused.error.message);
    const { status, step: epoch, error } = await bed.reached(runId, 'paused', 'completed', 'failed');
    if (status === 'failed') throw new Error(`the run failed: ${error?.message ?? ''}`);
    if (status === 'completed') return { outcome: await outcomeOf(bed.store, bed.checkpoints, runId), pausedAt };
    pausedAt.push(epoch);
    const newest = bed.store.checkpoints(runId)[0]?.epoch;
    if (newest !== epoch) throw new Error(`paused at epoch ${epoch}, its checkpoint is of ${newest ?? 'none'}`);
    const resumed = bed.service.control({ runId, action: 'resume' });
    if (!resumed.ok) throw new Error(resumed.error.message);
  }
}
