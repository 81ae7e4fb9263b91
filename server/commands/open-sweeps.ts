/** The sweep service for a command: in memory, or over a data folder. */
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { nanoid } from 'nanoid';
import { firstValueFrom } from 'rxjs';
import { fail, ok, type Result } from '../../shared/errors.js';
import type { EngineChoice, OpsChoice } from '../../shared/engine.js';
import { engines } from '../experiments/registry.js';
import { TRAINER_PATH, type TrainerChild } from '../execution/trainer-child.js';
import type { Executor } from '../execution/executor.js';
import { createTrainerPool } from '../execution/trainer-pool.js';
import { forkTrainer, type TrainerProcess } from '../execution/trainer-process.js';
import { type CheckpointStore, createFileCheckpoints } from '../store/checkpoints.js';
import { createMemoryStore } from '../store/memory-store.js';
import { CHECKPOINT_FOLDER, startTrouble } from '../store/data-folder.js';
import { openSqliteStore } from '../store/sqlite-store.js';
import { createSweepService } from '../service/create-sweep-service.js';
import type { ServiceLog } from '../runs/service-log.js';
import type { ServiceLimits } from '../service/service-limits.js';
import type { SweepService } from '../service/sweep-service.js';

export interface SweepsOptions {
  engine: EngineChoice;
  ops: OpsChoice;
  /** Runs trained at a time. */
  workers: number;
  /** Where runs are kept; without it they end with the process. */
  dataFolder?: string;
  /** Trainers that were started before, of this engine and ops; ended if this fails. */
  children?: readonly TrainerChild[];
  checkpointSeconds?: number;
  maxRssMb?: number;
  allowEngineChange?: boolean;
  limits?: Partial<ServiceLimits>;
  log?: ServiceLog;
}

export interface OpenedSweeps {
  service: SweepService;
  /** Ends the trainers and lets go of the data folder. Answers in words what is not on the disk; null when all is. */
  close: () => Promise<string | null>;
}

/** Fails if an engine asked for by name cannot run, or the data folder cannot be made, written or had for oneself. */
export async function openSweeps({ children = [], ...options }: SweepsOptions): Promise<Result<OpenedSweeps>> {
  const { engine, ops, maxRssMb } = options;
  const trainerOptions = {
    trainerPath: TRAINER_PATH,
    engine,
    ops,
    ...(maxRssMb !== undefined && { maxRssBytes: maxRssMb * 2 ** 20 }),
  };
  const startedBefore = children.length > 0 ? children : [undefined];
  const trainers = startedBefore.map((child) => forkTrainer(trainerOptions, child));
  const executor = createTrainerPool({ ...trainerOptions, slots: options.workers, trainers });
  const trouble = await engineTrouble(engine, trainers[0]!);
  const opened = trouble === null ? openStored(options, executor) : fail('unavailable', trouble);
  if (!opened.ok) await executor.close();
  return opened;
}

/** Why an engine that was asked for by name cannot be had, or null. Nobody waits for those that come with the package. */
async function engineTrouble(engine: EngineChoice, trainer: TrainerProcess): Promise<string | null> {
  if (engine !== 'gpu' && engine !== 'native') return null;
  const readiness = await firstValueFrom(trainer.readiness$);
  if (readiness.ok) return null;
  const { HOW } = await engines();
  const { message } = readiness.error;
  return `the engine ${engine} cannot run here: ${message}; it ${HOW[engine]}. "pentachoron doctor" tells which engines can.`;
}

function openStored(
  { dataFolder, checkpointSeconds, allowEngineChange, limits, log }: Omit<SweepsOptions, 'children'>,
  executor: Executor,
): Result<OpenedSweeps> {
  const folder = dataFolder === undefined ? null : resolve(dataFolder);
  const opened = folder === null ? ok(createMemoryStore()) : openSqliteStore(folder);
  if (!opened.ok) return opened;
  const store = opened.data;
  const { checkpoints, removeTemporary } = openCheckpoints(folder);
  let service: SweepService;
  try {
    service = createSweepService({
      ...{ store, checkpoints, executor },
      ...(checkpointSeconds !== undefined && { checkpointSeconds }),
      ...(allowEngineChange !== undefined && { allowEngineChange }),
      ...(limits !== undefined && { limits }),
      ...(log !== undefined && { log }),
    });
  } catch (error) {
    store.close();
    removeTemporary();
    return fail('unavailable', startTrouble(folder ?? '', error));
  }
  return ok({
    service,
    close: async () => {
      await service.close();
      const word = lastWord(service);
      store.close();
      removeTemporary();
      return word;
    },
  });
}

/**
 * In the data folder, or in one of the system's temporary folder that goes with the process: for the successor of a
 * trainer that dies. Where there is no room for that a run begins again at epoch 0, and comes to the same numbers.
 */
function openCheckpoints(dataFolder: string | null): { checkpoints: CheckpointStore; removeTemporary: () => void } {
  if (dataFolder !== null) {
    const checkpoints = createFileCheckpoints(join(dataFolder, CHECKPOINT_FOLDER));
    return { checkpoints, removeTemporary: () => undefined };
  }
  const folder = join(tmpdir(), `pentachoron-${nanoid()}`);
  const removeTemporary = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  // Also where a second Ctrl-C ends it at once.
  process.once('exit', removeTemporary);
  return { checkpoints: createFileCheckpoints(folder, { isDurable: false }), removeTemporary };
}

/** What is not on the disk at the end, in words; null when all is. */
function lastWord(service: SweepService): string | null {
  const unstored = service.unstored();
  if (unstored === null) return null;
  const { reason, epochs, runs, isLasting } = unstored;
  const count = (number: number, name: string): string => `${number} ${name}${number === 1 ? '' : 's'}`;
  const lost = epochs === 0 ? '' : `; ${count(epochs, 'epoch')} of ${count(runs, 'run')} could not be stored`;
  const next = isLasting ? '' : '; the next start over what was stored before trains on from there';
  return `not all is on the disk: ${reason}${lost}${next}`;
}
