/** Runs as they begin: from a sweep's spec, or from a run that is trained once more. Names and ids are given here. */
import { customAlphabet } from 'nanoid';
import type { Run } from '../../shared/run.js';
import { seriesNames } from '../../shared/series.js';
import { expandSweep, type RunConfig, type SweepSpec } from '../../shared/sweep.js';
import type { StoredSweep } from '../store/run-store.js';

/** Short enough to be read out, URL-safe; 36^10 of them. */
export const newId: () => string = customAlphabet('0123456789abcdefghijklmnopqrstuvwxyz', 10);

const MAX_NAME = 200;

export function newSweep(spec: SweepSpec, name: string | undefined, at: string): { sweep: StoredSweep; runs: Run[] } {
  const id = newId();
  const sweep = { id, name: (name?.trim() || nameOfSweep(spec)).slice(0, MAX_NAME), spec, createdAt: at };
  const runs = expandSweep(spec).map((config) => newRun(id, config, nameOfRun(config, spec), at));
  return { sweep, runs };
}

/** Another run of the same config; `run` and its curve stay. */
export function restarted(run: Run, at: string): Run {
  const { sweepId, config, name, tags, attempt } = run;
  return { ...newRun(sweepId, config, name, at), tags, attempt: attempt + 1, previousRunId: run.id };
}

function newRun(sweepId: string | null, config: RunConfig, name: string, at: string): Run {
  return {
    id: newId(),
    source: 'local',
    experiment: 'attention-cv',
    sweepId,
    name,
    notes: '',
    tags: [],
    config,
    status: 'queued',
    step: 0,
    total: config.epochs,
    stepName: 'epoch',
    attempt: 1,
    series: seriesNames(config.heads),
    engine: null,
    createdAt: at,
    seconds: 0,
  };
}

function nameOfSweep({ dims, heads, seeds, lrs }: SweepSpec): string {
  const parts = [`dim ${dims.join(', ')}`, `heads ${heads.join(', ')}`];
  if (seeds.length > 1) parts.push(`${seeds.length} seeds`);
  if (lrs.length > 1) parts.push(`${lrs.length} learning rates`);
  return parts.join(' · ');
}

/** `64 × 4` (dim × heads), with the seed and the learning rate where the sweep has several. */
function nameOfRun({ dim, heads, seed, lr }: RunConfig, { seeds, lrs }: SweepSpec): string {
  const parts = [`${dim} × ${heads}`];
  if (seeds.length > 1) parts.push(`seed ${seed}`);
  if (lrs.length > 1) parts.push(`lr ${lr}`);
  return parts.join(' · ');
}
