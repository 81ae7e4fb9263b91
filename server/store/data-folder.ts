/** Opening a data folder: it is made if it is missing, and refused with what helps if it cannot be used. */
import { accessSync, constants, existsSync, lstatSync, mkdirSync, readdirSync, readlinkSync, rmdirSync } from 'node:fs';
import { rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { fail, ok, type Result } from '../../shared/errors.js';
import { messageOf } from '../message-of.js';
import { copyDatabase } from './database-copy.js';
import { DATABASE_FILE, FolderDatabase, openDatabase } from './folder-database.js';
import { LOCK_FILE, lockFolder, type FolderLock } from './folder-lock.js';
import { migrate, SCHEMA_VERSION, schemaTrouble, schemaVersion } from './migrations.js';
import { DamageError, storageErrorOf } from './storage-error.js';

/** Older ones can lose a WAL that is reset while another connection reads it. */
const OLDEST_SQLITE = '3.51.3';

/** Of a database's own name and of those that SQLite makes beside it. */
const ENDINGS = ['', '-wal', '-shm', '-journal'];

export const CHECKPOINT_FOLDER = 'checkpoints';

/** Answers `unavailable`, naming the folder and, in `details`, who holds it (`heldBy`); then nothing is left behind that was not there before. */
export function openDataFolder(path: string): Result<FolderDatabase> {
  // Absolute: what begins with "file:" is an address to SQLite.
  const folder = resolve(path);
  const made: string[] = [];
  let lock: FolderLock | undefined;
  let database: DatabaseSyncInstance | undefined;
  const giveUp = (message: string, details?: { heldBy: number | null }): Result<FolderDatabase> => {
    database?.close();
    lock?.release(true);
    removeMade(folder, made);
    return fail('unavailable', message, details);
  };
  try {
    makeFolder(folder, made);
    expectFiles(folder);
    expectDatabase(folder);
    const locked = lockFolder(folder);
    if ('heldBy' in locked) {
      const holder = locked.heldBy === null ? 'another server' : `another server (process ${locked.heldBy})`;
      return giveUp(`the data folder ${folder} is in use by ${holder}; end it or choose another folder`, locked);
    }
    lock = locked.lock;
    database = openDatabase(folder);
    const sqlite = (database.prepare('SELECT sqlite_version() AS version').get() as { version: string }).version;
    if (isOlder(sqlite, OLDEST_SQLITE)) return giveUp(`SQLite ${sqlite} is too old: ${OLDEST_SQLITE} is needed`);
    const version = schemaVersion(database);
    if (version > SCHEMA_VERSION) {
      return giveUp(
        `the data folder ${folder} was written by a newer version of Pentachoron (its schema is ${version}, ` +
          `this version knows ${SCHEMA_VERSION}); use that version or another folder`,
      );
    }
    const trouble = schemaTrouble(database);
    if (trouble !== null) throw new DamageError(trouble);
    // An older schema cannot be read, nor a new database be made, without writing: then room is needed first.
    if (version > 0 && version < SCHEMA_VERSION) copyDatabase(join(folder, DATABASE_FILE), database, version);
    migrate(database);
    return ok(new FolderDatabase(folder, lock, database));
  } catch (error) {
    return giveUp(startTrouble(folder, error));
  }
}

/** Why a server cannot start over the folder, and what helps. */
export function startTrouble(folder: string, error: unknown): string {
  const cannot = `the data folder ${resolve(folder)} cannot be used`;
  const reason = messageOf(error);
  switch (storageErrorOf(error)) {
    case 'full':
      return `${cannot}: ${reason}; make room on its disk, then start again`;
    case 'busy':
      return `${cannot}: another program holds its database (${reason}); end that one, then start again`;
    case 'damaged':
      return `${cannot}: its database is damaged (${reason}); put a copy in its place, or use another folder`;
    default:
      return `${cannot}: ${denialOf(folder) ?? reason}`;
  }
}

/** SQLite says no more than that it cannot open a file. */
function denialOf(folder: string): string | null {
  try {
    if (statSync(folder).isDirectory()) accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return null;
  } catch (error) {
    return storageErrorOf(error) === 'failing' ? messageOf(error) : null;
  }
}

/**
 * Step by step: Node's own `recursive` never returns where the system lets nothing be made, as below /proc.
 * @param made Is told of each folder that was made.
 */
function makeFolder(folder: string, made: string[]): void {
  if (existsSync(folder)) {
    if (!statSync(folder).isDirectory()) throw new Error(`${folder} is a file`);
    return;
  }
  if (dirname(folder) !== folder) makeFolder(dirname(folder), made);
  const link = lstatSync(folder, { throwIfNoEntry: false });
  if (link?.isSymbolicLink())
    throw new Error(
      `${folder} is a link to ${readlinkSync(folder)}, where nothing is; mount or make that, or remove the link`,
    );
  mkdirSync(folder);
  made.push(folder);
}

/** What is not empty is not taken for ours. */
function removeMade(folder: string, made: readonly string[]): void {
  try {
    if (made.includes(folder)) {
      for (const ending of ENDINGS) {
        for (const file of [DATABASE_FILE, LOCK_FILE]) rmSync(join(folder, file + ending), { force: true });
      }
    }
    for (const one of made.toReversed()) rmdirSync(one);
  } catch {
    // It stays, empty.
  }
}

/** SQLite would wait at a pipe, and says of a folder or a socket no more than that it cannot open it. */
function expectFiles(folder: string): void {
  for (const file of [DATABASE_FILE, LOCK_FILE].flatMap((name) => ENDINGS.map((ending) => join(folder, name + ending))))
    if (statSync(file, { throwIfNoEntry: false })?.isFile() === false)
      throw new Error(`${file} is not a file; remove it`);
}

/**
 * A database that is empty or missing is made anew, and a log beside it is thrown away by SQLite. Where runs have been
 * trained that would hide that they are lost.
 */
function expectDatabase(folder: string): void {
  const checkpoints = join(folder, CHECKPOINT_FOLDER);
  if (existsSync(checkpoints) && !statSync(checkpoints).isDirectory()) throw new Error(`${checkpoints} is no folder`);
  const sizeOf = (file: string): number => statSync(join(folder, file), { throwIfNoEntry: false })?.size ?? 0;
  if (sizeOf(DATABASE_FILE) > 0) return;
  const left = [
    ...(hasFiles(checkpoints) ? ['checkpoints'] : []),
    ...(sizeOf(`${DATABASE_FILE}-wal`) > 0 ? ['the log of a database'] : []),
  ];
  if (left.length === 0) return;
  const state = existsSync(join(folder, DATABASE_FILE)) ? 'empty' : 'missing';
  throw new DamageError(`${DATABASE_FILE} is ${state}, but there are ${left.join(' and ')} of runs beside it`);
}

function hasFiles(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder).length > 0;
}

/** Whether the dotted version `a` is below `b`. */
function isOlder(a: string, b: string): boolean {
  const [ours, wanted] = [a, b].map((version) => version.split('.').map(Number)) as [number[], number[]];
  const differing = wanted.findIndex((part, place) => part !== (ours[place] ?? 0));
  return differing >= 0 && (ours[differing] ?? 0) < wanted[differing]!;
}
