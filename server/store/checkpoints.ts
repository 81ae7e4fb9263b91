/** Where trainers' states are kept, so that a run goes on where it was: in files beside the store, or in memory. */
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { TrainerState } from '../engine/messages.js';
import { messageOf } from '../message-of.js';
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint-format.js';
import type { CheckpointRow } from './run-store.js';

export interface CheckpointStore {
  /**
   * Keeps `state`; of the run's others, those that `rows` do not point to are forgotten. When it resolves the state is
   * durable, and the row that points to it may be committed. Rejects when it cannot be written; what was kept before
   * stays.
   * @param at ISO 8601, UTC.
   * @param rows The run's rows that are committed or about to be.
   */
  save(runId: string, state: TrainerState, at: string, rows: readonly CheckpointRow[]): Promise<CheckpointRow>;
  /**
   * The newest state that `rows` (newest first) point to and that is whole; null when there is none.
   * @param damaged Hears of each one that had to be passed over.
   */
  loadLatest(
    rows: readonly CheckpointRow[],
    damaged?: (row: CheckpointRow, reason: string) => void,
  ): Promise<TrainerState | null>;
  /** Forgets all states of a run. */
  delete(runId: string): Promise<void>;
}

/** Checkpoints as `<folder>/<runId>/<epoch>.ckpt`; rows name files relative to `folder`, so that it can be moved. */
export function createFileCheckpoints(folder: string): CheckpointStore {
  return {
    async save(runId, state, at, rows) {
      const runFolder = join(folder, runId);
      await mkdir(runFolder, { recursive: true });
      const parts = encodeCheckpoint(runId, state);
      const bytes = parts.reduce((sum, part) => sum + part.byteLength, 0);
      const name = `${state.epoch}.ckpt`;
      // Renamed only when it is on the disk, so that the name never stands for half a file.
      const temporary = join(runFolder, `${name}.tmp`);
      const handle = await open(temporary, 'w');
      try {
        const { bytesWritten } = await handle.writev(parts);
        if (bytesWritten !== bytes) throw diskFull(`only ${bytesWritten} of ${bytes} bytes could be written`);
        await handle.sync();
      } catch (error) {
        // On a full disk the room is needed.
        await rm(temporary, { force: true }).catch(() => undefined);
        throw error;
      } finally {
        await handle.close();
      }
      await rename(temporary, join(runFolder, name));
      await syncFolder(runFolder);
      await prune(runFolder, [name, ...rows.map(({ file }) => basename(file))]);
      return rowOf(runId, state, at, bytes, `${runId}/${name}`);
    },

    async loadLatest(rows, damaged) {
      for (const row of rows) {
        try {
          return decodeCheckpoint(row.runId, await readFile(join(folder, row.file)));
        } catch (error) {
          damaged?.(row, messageOf(error));
        }
      }
      return null;
    },

    async delete(runId) {
      await rm(join(folder, runId), { recursive: true, force: true });
    },
  };
}

/** A write that is cut short is what is told of a full disk; the next one would say so by this code. */
function diskFull(message: string): Error {
  return Object.assign(new Error(message), { code: 'ENOSPC' });
}

/** Makes the rename durable. Windows cannot open folders and does not need it. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Removes what no row points to. The number of files would not do: each time a process ends between a rename and the
 * commit of its row, a file is left that would take the place of one that counts.
 */
async function prune(runFolder: string, kept: readonly string[]): Promise<void> {
  const names = await readdir(runFolder);
  // A process that ended while it wrote has left half a file.
  const old = names.filter((name) => /^\d+\.ckpt(\.tmp)?$/.test(name) && !kept.includes(name));
  await Promise.all(old.map((name) => rm(join(runFolder, name), { force: true })));
}

/** Most bytes of states held in memory, over all runs. */
const MEMORY_BYTES = 256 * 2 ** 20;

/**
 * The newest state of each run, in memory. Past `maxBytes` the oldest are forgotten: their runs would begin again at
 * epoch 0 and come to the same numbers.
 */
export function createMemoryCheckpoints(maxBytes = MEMORY_BYTES): CheckpointStore {
  // In the order in which they were saved.
  const states = new Map<string, { state: TrainerState; bytes: number }>();
  let heldBytes = 0;
  const forget = (runId: string): void => {
    heldBytes -= states.get(runId)?.bytes ?? 0;
    states.delete(runId);
  };
  return {
    save(runId, state, at) {
      const arrays = [state.parameters, state.firstMoment, state.secondMoment, state.generator, state.baseline];
      const bytes = arrays.reduce((sum, array) => sum + array.byteLength, 0);
      forget(runId);
      states.set(runId, { state, bytes });
      heldBytes += bytes;
      for (const other of [...states.keys()]) {
        if (heldBytes <= maxBytes) break;
        forget(other);
      }
      return Promise.resolve(rowOf(runId, state, at, bytes, ''));
    },
    loadLatest(rows) {
      const [newest] = rows;
      return Promise.resolve((newest && states.get(newest.runId)?.state) ?? null);
    },
    delete(runId) {
      forget(runId);
      return Promise.resolve();
    },
  };
}

function rowOf(runId: string, state: TrainerState, at: string, bytes: number, file: string): CheckpointRow {
  const { epoch, engine } = state;
  // seq 0 is epoch 0.
  return { runId, seq: epoch, epoch, at, bytes, engine, file };
}
