/**
 * One server per data folder. The lock is an open transaction on a small database beside the data: the operating
 * system lets go of it when the process ends, however it ends, so that no stale lock is ever left.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';

export interface FolderLock {
  release(): void;
}

/** Takes the folder, or says which process holds it where that is known. @throws when the lock cannot be opened. */
export function lockFolder(folder: string): { lock: FolderLock } | { heldBy: number | null } {
  const pidFile = join(folder, 'server.pid');
  const database = new DatabaseSync(join(folder, 'lock.db'), { timeout: 0 });
  try {
    // Nothing is ever committed. A journal in a file would need room, and so a full disk would keep a server from starting.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (isBusy(error)) return { heldBy: readPid(pidFile) };
    throw error;
  }
  try {
    writeFileSync(pidFile, `${process.pid}\n`);
  } catch {
    // On a full disk, say: the lock holds all the same, only its holder goes unnamed.
  }
  const release = (): void => {
    rmSync(pidFile, { force: true });
    database.close();
  };
  return { lock: { release } };
}

const SQLITE_BUSY = 5;

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
}

function readPid(file: string): number | null {
  try {
    return Number.parseInt(readFileSync(file, 'utf8'), 10) || null;
  } catch {
    return null;
  }
}
