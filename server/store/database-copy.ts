/**
 * The copy of a database that is made before it is brought to another schema, and kept until a server has worked with
 * the result and closed it: whoever needs the version of before again finds what it left.
 */
import {
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { storageErrorOf } from './storage-error.js';

const MIDDLE = '.schema-';

/**
 * Writes `<file>.schema-<version>`; it is there whole or not at all.
 * @param database Open on `file`, which nobody else writes.
 * @throws when there is no room for it, or it cannot be written
 */
export function copyDatabase(file: string, database: DatabaseSyncInstance, version: number): void {
  const copy = `${file}${MIDDLE}${version}`;
  const unfinished = `${copy}.part`;
  try {
    // What is in the log alone would be missing from a copy of the file.
    const [done] = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all() as { busy: number }[];
    if (done?.busy === 1) throw Object.assign(new Error('its log is being read'), { code: 'SQLITE_BUSY' });
    // Where the file system can, they share their blocks.
    copyFileSync(file, unfinished, constants.COPYFILE_FICLONE);
    sync(unfinished);
    renameSync(unfinished, copy);
    sync(dirname(file));
  } catch (error) {
    rmSync(unfinished, { force: true });
    if (storageErrorOf(error) !== 'full') throw error;
    const megabytes = Math.ceil(statSync(file).size / 1e6);
    const message = `there is no room for a copy of its database (${megabytes} MB), which is kept while its schema changes`;
    throw Object.assign(new Error(message, { cause: error }), { code: 'ENOSPC' });
  }
}

/** @throws nothing: one that stays does no harm. */
export function removeCopies(file: string): void {
  const folder = dirname(file);
  try {
    for (const name of readdirSync(folder)) {
      if (name.startsWith(`${basename(file)}${MIDDLE}`)) rmSync(join(folder, name), { force: true });
    }
  } catch {
    // The next one to close the folder tries again.
  }
}

function sync(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
