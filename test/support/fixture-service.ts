/** The sweep service with real child processes that only play trainer, those of test/execution/fixtures; closed after each test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filter, firstValueFrom, merge, startWith } from 'rxjs';
import { onTestFinished } from 'vitest';
import { widthOf } from '../../shared/frames.js';
import type { Run, RunStatus } from '../../shared/run.js';
import type { SweepRequest } from '../../shared/experiments/attention-cv/sweep.js';
import { type CheckpointStore, createFileCheckpoints } from '../../server/store/checkpoints.js';
import { createMemoryStore } from '../../server/store/memory-store.js';
import type { RunStore } from '../../server/store/run-store.js';
import { createTrainerPool, type TrainerPoolOptions } from '../../server/execution/trainer-pool.js';
import { createSweepService, type SweepServiceOptions } from '../../server/service/create-sweep-service.js';
import type { SweepService } from '../../server/service/sweep-service.js';

/** Checkpoints in a folder of their own, gone after the test. */
export function testCheckpoints(): CheckpointStore {
  const folder = mkdtempSync(join(tmpdir(), 'pentachoron-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return createFileCheckpoints(folder);
}

export type FixtureOptions = Partial<SweepServiceOptions> &
  Partial<Pick<TrainerPoolOptions, 'silenceMs' | 'maxRssBytes'>> & {
    fixture?: string;
    /** Runs trained at a time; 2 unless given. */
    workers?: number;
  };

/** In memory, on the engine cpu, unless told otherwise. */
export function start(options: FixtureOptions = {}): SweepService {
  const { fixture = 'well-behaved', workers: slots = 2, silenceMs, maxRssBytes, ...rest } = options;
  const trainerPath = fileURLToPath(new URL(`../execution/fixtures/${fixture}.mjs`, import.meta.url));
  const limits = { ...(silenceMs && { silenceMs }), ...(maxRssBytes && { maxRssBytes }) };
  const service = createSweepService({
    ...{ store: createMemoryStore(), executor: createTrainerPool({ trainerPath, engine: 'cpu', slots, ...limits }) },
    ...{ checkpoints: rest.checkpoints ?? testCheckpoints() },
    ...rest,
  });
  onTestFinished(() => service.close());
  return service;
}

export function create(service: SweepService, request: Partial<SweepRequest> = {}): { id: string; runIds: string[] } {
  const created = service.createSweep({ dims: [8], heads: [1], epochs: 10, ...request });
  if (!created.ok) throw new Error(created.error.message);
  return created.data;
}

/** With `holds` the fixture waits after the frame of epoch 4 for a pause or a stop. */
export const holds = { sampleSeed: 1 } as const;

/** Resolves when it is so, looking whenever something was committed or the storage's state changed. */
export async function until(service: SweepService, isSo: () => boolean): Promise<void> {
  const news$ = merge(service.committed$, service.storage$);
  await firstValueFrom(news$.pipe(startWith(null), filter(isSo)));
}

export function runOf(service: SweepService, runId: string): Run {
  const run = service.runs.run(runId);
  if (run === undefined) throw new Error(`no run ${runId}`);
  return run;
}

export const reached = (service: SweepService, runId: string, status: RunStatus): Promise<void> =>
  until(service, () => runOf(service, runId).status === status);

export const trained = (service: SweepService, runId: string, epoch: number): Promise<void> =>
  until(service, () => service.histories.nextSeq(runId) > epoch && runOf(service, runId).status === 'running');

/** The fixture's frames say their epoch in every column but `seconds`. */
export function epochsStored(store: Pick<RunStore, 'frames'>, runId: string): number[] {
  const block = store.frames(runId, -1, Infinity);
  return Array.from({ length: block.rows }, (_, row) => block.values[row * widthOf(block) + 2] ?? NaN);
}

export const upTo = (epoch: number): number[] => Array.from({ length: epoch + 1 }, (_, index) => index);
export const events = (service: SweepService, runId: string): string[] =>
  service.histories.log(runId).map((row) => row.event);
