/** The sweep service over a data folder with one real trainer at a time, in the campaign's own process. */
import { createTrainerPool } from '../../server/execution/trainer-pool.js';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filter, firstValueFrom, startWith } from 'rxjs';
import type { EngineName } from '../../shared/engine.js';
import type { Run, RunStatus } from '../../shared/run.js';
import type { SweepRequest } from '../../shared/experiments/attention-cv/sweep.js';
import { type CheckpointStore, createFileCheckpoints } from '../../server/store/checkpoints.js';
import type { RunStore } from '../../server/store/run-store.js';
import { openSqliteStore } from '../../server/store/sqlite-store.js';
import { createSweepService } from '../../server/service/create-sweep-service.js';
import type { SweepService } from '../../server/service/sweep-service.js';
import { within } from './deadline.js';
import { TracedTrainers, type TrainerHabits } from './traced-trainers.js';

export interface BedOptions extends TrainerHabits {
  engine: EngineName;
  checkpointSeconds: number;
}

/** Longest wait for a run to get somewhere, milliseconds. */
const PATIENCE_MS = 60_000;

export class TrainingBed {
  readonly store: RunStore;
  readonly checkpoints: CheckpointStore;
  readonly service: SweepService;
  readonly #folder = mkdtempSync(join(tmpdir(), 'pentachoron-faults-'));
  readonly #trainers: TracedTrainers;

  constructor({ engine, checkpointSeconds, ...habits }: BedOptions) {
    const dataFolder = join(this.#folder, 'data');
    const opened = openSqliteStore(dataFolder);
    if (!opened.ok) throw new Error(opened.error.message);
    this.store = opened.data;
    this.checkpoints = createFileCheckpoints(join(dataFolder, 'checkpoints'));
    this.#trainers = new TracedTrainers(this.#folder, habits);
    this.service = createSweepService({
      ...{ store: this.store, checkpoints: this.checkpoints, checkpointSeconds },
      executor: createTrainerPool({ trainerPath: this.#trainers.path, engine, slots: 1 }),
    });
  }

  /** Creates a sweep of one config; answers its run. */
  begin(request: SweepRequest): string {
    const created = this.service.createSweep(request);
    if (!created.ok) throw new Error(created.error.message);
    return created.data.runIds[0]!;
  }

  run(runId: string): Run {
    const run = this.store.run(runId);
    if (run === undefined) throw new Error(`there is no run ${runId}`);
    return run;
  }

  /** Resolves when `isSo` after some commit, or now. */
  async until(what: string, isSo: () => boolean): Promise<void> {
    await within(PATIENCE_MS, what, firstValueFrom(this.service.committed$.pipe(startWith(null), filter(isSo))));
  }

  /** Resolves with the run when it has one of these statuses. */
  async reached(runId: string, ...statuses: RunStatus[]): Promise<Run> {
    const has = (): boolean => statuses.includes(this.run(runId).status);
    await this.until(`run ${runId} being ${statuses.join(' or ')}`, has);
    return this.run(runId);
  }

  /** Ids of this bed's trainers that live. */
  trainers(): number[] {
    return this.#trainers.alive();
  }

  async close(): Promise<void> {
    await this.service.close();
    this.store.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
