/**
 * Where the checkpoints of runs lie: `<folder>/<runId>/<seq>.ckpt`. Trainers write and read them
 * (`checkpoints/checkpoint-file.ts`); rows name files relative to `folder`, so that it can be moved.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type CheckpointFile, type CheckpointPlace, removeCheckpoints } from '../checkpoints/checkpoint-file.js';
import { fileAt } from '../checkpoints/file-identity.js';
import type { RunEngine } from '../../shared/engine.js';
import type { CheckpointRow } from './run-store.js';

export interface CheckpointStore {
  /** Whether they must outlast a power failure: then a run waits where they cannot be written. */
  readonly isDurable: boolean;
  /**
   * For the run's next trainer.
   * @param rows The run's rows that are committed or about to be.
   */
  place(runId: string, rows: readonly CheckpointRow[]): CheckpointPlace;
  /** The row that points to a file of the run's folder. */
  row(runId: string, checkpoint: CheckpointFile, at: string, engine: RunEngine): CheckpointRow;
  /** Removes the run's checkpoints from before `newest` that no row points to. */
  prune(newest: CheckpointRow, rows: readonly CheckpointRow[]): Promise<void>;
  /** Removes all checkpoints of a run. */
  delete(runId: string): Promise<void>;
}

/**
 * Makes `folder` once, in the one that it is in; a folder that goes away later is not made anew, for nobody would look
 * for checkpoints there.
 * Without `isDurable` they only serve the successors of trainers that die, and nobody else can read them.
 */
export function createFileCheckpoints(folder: string, { isDurable = true } = {}): CheckpointStore {
  let isMade = false;
  const make = (): void => {
    if (isMade) return;
    try {
      if (!existsSync(folder)) mkdirSync(folder, isDurable ? 0o777 : 0o700);
      isMade = true;
    } catch {
      // On a full disk, say: then writing into it fails, too, which is told and tried again.
    }
  };
  make();
  return {
    isDurable,
    place(runId, rows) {
      make();
      const files = [...rows]
        .sort((one, other) => other.seq - one.seq)
        .map(({ file, seq, epoch, bytes, checksum }) => ({
          ...{ file: basename(file), seq, epoch, bytes },
          ...(checksum !== undefined && { checksum }),
        }));
      const home = fileAt(folder);
      return { folder: join(folder, runId), files, isDurable, ...(home !== null && { home }) };
    },
    row(runId, { file, ...checkpoint }, at, engine) {
      return { runId, at, engine, ...checkpoint, file: `${runId}/${file}` };
    },
    prune(newest, rows) {
      const keep = [newest, ...rows].map(({ file }) => basename(file));
      return removeCheckpoints(join(folder, newest.runId), keep, newest.seq);
    },
    async delete(runId) {
      await rm(join(folder, runId), { recursive: true, force: true });
    },
  };
}
