/** Trainers are killed with -9 in the middle of runs, which must end as if nothing had happened. */
import { randomInt } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { EngineName } from '../../shared/engine.js';
import type { SweepRequest } from '../../shared/experiments/attention-cv/sweep.js';
import { addFindings, type Campaign, type Findings, noFindings } from './campaign.js';
import { compareOutcomes, type Outcome, outcomeOf } from './outcome.js';
import { type BedOptions, TrainingBed } from './training-bed.js';

const SMALL = { vocab: 32, seqLen: 4, classes: 3, samplesPerClass: 10, samples: 50, epochs: 250 };
const REQUESTS: readonly SweepRequest[] = [
  { ...SMALL, dims: [16], heads: [1] },
  { ...SMALL, dims: [16], heads: [4], every: 3, seed: 7 },
  { ...SMALL, dims: [24], heads: [2], lr: 0.01, epochs: 151 },
];
const ENGINES: readonly EngineName[] = ['wasm', 'cpu'];
const CHECKPOINT_SECONDS = 0.05;

export const trainerKills: Campaign = {
  name: 'trainer',
  title: 'trainer killed, 3 configs, wasm and cpu',
  cases: 100,
  async run(cases) {
    const findings = noFindings();
    const parts = await Promise.all(
      ENGINES.map((engine, index) => killTrainers({ engine }, Math.floor((cases + index) / ENGINES.length))),
    );
    parts.forEach((part, index) => addFindings(findings, part, ENGINES[index]!));
    return findings;
  },
};

interface Undisturbed {
  outcome: Outcome;
  /** From its first frame to its end. */
  ms: number;
}

/**
 * `forget` makes the trainers broken ones, to see that it is found.
 * @param isEnough whether what was found so far is what was looked for; all cases are tried unless it is given
 */
export async function killTrainers(
  options: Pick<BedOptions, 'engine' | 'forget'>,
  cases: number,
  {
    requests = REQUESTS,
    isEnough = () => false,
  }: { requests?: typeof REQUESTS; isEnough?: (found: Findings) => boolean } = {},
): Promise<Findings> {
  const findings = noFindings();
  const bed = new TrainingBed({ ...options, checkpointSeconds: CHECKPOINT_SECONDS });
  const undisturbed = new Map<SweepRequest, Undisturbed>();
  const longEnough = [...requests];
  try {
    while (findings.cases < cases && !isEnough(findings)) {
      const at = findings.cases % requests.length;
      const request = longEnough[at]!;
      let expected = undisturbed.get(request);
      if (expected === undefined) undisturbed.set(request, (expected = await train(bed, request)));
      const found = await killOnce(bed, request, expected);
      // A quick machine may be done before the first checkpoint: it gets more to do.
      if (found === null) longEnough[at] = { ...request, epochs: 2 * expected.outcome.frames.length };
      else addFindings(findings, found, `dims ${String(request.dims)} heads ${String(request.heads)}`);
    }
  } finally {
    await bed.close();
  }
  return findings;
}

async function train(bed: TrainingBed, request: SweepRequest): Promise<Undisturbed> {
  const runId = bed.begin(request);
  await bed.until(`the first frame of ${runId}`, () => bed.store.nextSeq(runId) > 0);
  const started = performance.now();
  await bed.reached(runId, 'completed');
  return { ms: performance.now() - started, outcome: await outcomeOf(bed.store, bed.checkpoints, runId) };
}

/** Null when the run had ended before its moment came. */
async function killOnce(
  bed: TrainingBed,
  request: SweepRequest,
  { outcome, ms }: Undisturbed,
): Promise<Findings | null> {
  const runId = bed.begin(request);
  // There must be a checkpoint, or else a trainer that forgets could not be told from one that does not.
  await bed.until(`the first checkpoint of ${runId}`, () => bed.store.checkpoints(runId).length > 0);
  // Near a random epoch, and at a random moment of it.
  const target = randomInt(bed.store.nextSeq(runId), outcome.frames.length + 1);
  await bed.until(`frame ${target} of ${runId}`, () => bed.store.nextSeq(runId) >= target);
  await setTimeout(randomInt(1, 3 + Math.round((2 * ms) / outcome.frames.length)));
  if (bed.run(runId).status !== 'running') {
    await bed.reached(runId, 'completed');
    return null;
  }
  const epoch = bed.run(runId).step;
  for (const pid of bed.trainers()) process.kill(pid, 'SIGKILL');
  const end = await bed.reached(runId, 'completed', 'failed', 'diverged', 'stopped', 'paused');
  const findings = compareOutcomes(outcome, await outcomeOf(bed.store, bed.checkpoints, runId));
  if (end.status !== 'completed')
    findings.failures.push(`killed at epoch ${epoch}, it ended ${end.status}: ${end.error?.message ?? ''}`);
  return findings;
}
