/**
 * One server per data folder. The lock is an open transaction on a small database beside the data: the operating
 * system lets go of it when the process ends, however it ends, so that no stale lock is ever left.
 */
import { lstatSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { storageErrorOf } from './storage-error.js';

export const LOCK_FILE = 'lock.db';
export const PID_FILE = 'server.pid';

export interface FolderLock {
  /** @param isAtHand Whether the folder at the path is still the one that is locked; in another one nothing is removed. */
  release(isAtHand: boolean): void;
}

/** Takes the folder, or says which process holds it where that is known. @throws when the lock cannot be opened. */
export function lockFolder(folder: string): { lock: FolderLock } | { heldBy: number | null } {
  const pidFile = join(folder, PID_FILE);
  const database = new DatabaseSync(join(folder, LOCK_FILE), { timeout: 0 });
  try {
    // Nothing is ever committed. A journal in a file would need room, and so a full disk would keep a server from starting.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    const trouble = storageErrorOf(error);
    if (trouble === 'busy') return { heldBy: readPid(pidFile) };
    if (trouble === 'damaged') throw new Error(`${LOCK_FILE} is no lock of Pentachoron's; remove it`, { cause: error });
    throw error;
  }
  try {
    // Made anew: what lies there may be no file at all, and opening a pipe would wait for its reader.
    rmSync(pidFile, { force: true });
    writeFileSync(pidFile, `${process.pid}\n`, { flag: 'wx' });
  } catch {
    // On a full disk, say: the lock holds all the same, only its holder goes unnamed.
  }
  const release = (isAtHand: boolean): void => {
    if (isAtHand) rmSync(pidFile, { force: true });
    database.close();
  };
  return { lock: { release } };
}

function readPid(file: string): number | null {
  try {
    // Reading a pipe would wait for its writer.
    if (!lstatSync(file).isFile()) return null;
    return Number.parseInt(readFileSync(file, 'utf8'), 10) || null;
  } catch {
    return null;
  }
}
