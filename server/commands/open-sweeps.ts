/** The sweep service for a command: in memory, or over a data folder. */
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../shared/errors.js';
import type { EngineChoice, OpsChoice } from '../config.js';
import { TRAINER_PATH } from '../engine/trainer-child.js';
import { createFileCheckpoints, createMemoryCheckpoints } from '../store/checkpoints.js';
import { createMemoryStore } from '../store/memory-store.js';
import { openSqliteStore } from '../store/sqlite-store.js';
import { createSweepService } from '../sweep/create-sweep-service.js';
import type { ServiceLog } from '../sweep/service-log.js';
import { storageMessage } from '../sweep/storage-health.js';
import type { SweepService } from '../sweep/sweep-service.js';

export interface SweepsOptions {
  engine: EngineChoice;
  ops: OpsChoice;
  /** Runs trained at a time. */
  workers: number;
  /** Where runs are kept; without it they end with the process. */
  dataFolder?: string;
  /** As for `createSweepService`. */
  children?: readonly ChildProcess[];
  checkpointSeconds?: number;
  maxRssMb?: number;
  allowEngineChange?: boolean;
  log?: ServiceLog;
}

export interface OpenedSweeps {
  service: SweepService;
  /** Ends the trainers and lets go of the data folder. */
  close: () => Promise<void>;
}

/** Fails if the data folder cannot be made, written or had for oneself. */
export function openSweeps({ dataFolder, ...options }: SweepsOptions): Result<OpenedSweeps> {
  const opened = dataFolder === undefined ? ok(createMemoryStore()) : openSqliteStore(dataFolder);
  if (!opened.ok) return opened;
  const store = opened.data;
  const checkpoints =
    dataFolder === undefined ? createMemoryCheckpoints() : createFileCheckpoints(join(dataFolder, 'checkpoints'));
  let service: SweepService;
  try {
    service = createSweepService({ store, checkpoints, trainerPath: TRAINER_PATH, ...options });
  } catch (error) {
    store.close();
    return fail('unavailable', `the runs of the last server cannot be taken up: ${storageMessage(error)}`);
  }
  return ok({
    service,
    close: async () => {
      await service.close();
      store.close();
    },
  });
}
