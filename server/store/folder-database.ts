/**
 * The database of a data folder, held against other servers, and the proof that it is still the one at its path: an
 * open file goes on being written when its folder was moved, removed or mounted over, and nobody would find that again.
 */
import { closeSync, fstatSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { nanoid } from 'nanoid';
import { fileAt } from '../checkpoints/file-identity.js';
import { removeCopies } from './database-copy.js';
import { LOCK_FILE, lockFolder, type FolderLock } from './folder-lock.js';
import { FolderAwayError, storageErrorOf } from './storage-error.js';

export const DATABASE_FILE = 'pentachoron.db';

/** The request that stands for the last commit. No user's id is as long. */
const MARK_ID = 'last commit'.padEnd(200, '.');

type Value = string | number | null | Uint8Array;

interface Statement {
  run(...parameters: Value[]): void;
  get(...parameters: Value[]): unknown;
  all(...parameters: Value[]): unknown[];
}

/** Which files stand behind the names; null: none. */
interface Files {
  folder: string | null;
  database: string | null;
  /** SQLite's write-ahead log, and its index. */
  log: string | null;
  index: string | null;
  lock: string | null;
}

export class FolderDatabase {
  readonly #folder: string;
  #lock: FolderLock;
  #database: DatabaseSyncInstance;
  /** Whether the write-ahead log is in use; on a full disk it is begun by the first commit for which there is room. */
  #isLogged: boolean;
  #files: Files;
  /** Tells a folder that was removed from one that was moved; null where the system cannot open folders. */
  #folderHandle: number | null;
  readonly #statements = new Map<string, Statement>();
  /** This opening, and its commits: what is stored must say that it is of the last one. */
  readonly #opening = nanoid();
  #commits = 0;
  /** Of the last commit, and of one that may have failed. */
  #marks: (string | null)[];
  #damage: Error | null = null;

  /** @param database In `folder`, of the present schema; from now on this one's, as is `lock`. */
  constructor(folder: string, lock: FolderLock, database: DatabaseSyncInstance) {
    this.#folder = folder;
    this.#lock = lock;
    this.#database = database;
    this.#isLogged = beginLog(database);
    this.#marks = [markIn(database)];
    this.#files = filesIn(folder);
    this.#folderHandle = openFolder(folder);
  }

  /** Each text is prepared once. */
  sql(text: string): Statement {
    let statement = this.#statements.get(text);
    if (statement === undefined) {
      const prepared = this.noting(() => this.#database.prepare(text));
      statement = {
        run: (...parameters) => this.noting(() => void prepared.run(...parameters)),
        get: (...parameters) => this.noting(() => prepared.get(...parameters) as unknown),
        all: (...parameters) => this.noting(() => prepared.all(...parameters) as unknown[]),
      };
      this.#statements.set(text, statement);
    }
    return statement;
  }

  /** All that `work` writes is stored when this returns, at the folder's path; if it throws, nothing is. */
  transaction(work: () => void): void {
    this.check();
    this.#isLogged ||= beginLog(this.#database);
    this.#commits += 1;
    const mark = JSON.stringify(`${this.#opening}:${this.#commits}`);
    this.noting(() => {
      this.#database.exec('BEGIN IMMEDIATE');
      try {
        work();
        this.sql('INSERT OR REPLACE INTO requests VALUES (?, ?)').run(MARK_ID, mark);
        // A disk that fails may have stored it all the same.
        this.#marks = [this.#marks[0] ?? null, mark];
        this.#database.exec('COMMIT');
      } catch (error) {
        // Some failures, a full disk among them, have rolled back already.
        if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
        throw error;
      }
    });
    this.#marks = [mark];
    if (this.#files.log === null) this.#files = filesIn(this.#folder);
  }

  /**
   * @throws FolderAwayError when what is at the path is not what was opened, nor a whole copy of it, which is then
   * opened instead; the damage, once any was met.
   */
  check(): void {
    if (this.#damage !== null) throw this.#damage;
    const found = filesIn(this.#folder);
    if (!areSame(found, this.#files)) this.noting(() => this.#takeUp(found));
  }

  #takeUp(found: Files): void {
    const opened = this.#files;
    if (found.folder === null || found.database === null) throw this.#gone(found);
    const isOther = found.database !== opened.database;
    // Nobody's folder is written into, not even by a lock, before it is known to be this one.
    if (isOther) {
      const other = new DatabaseSync(join(this.#folder, DATABASE_FILE), { readOnly: true });
      try {
        this.#expectLatest(other, found);
      } finally {
        other.close();
      }
    }
    const lock = found.lock === opened.lock ? null : this.#takeLock();
    try {
      if (isOther) this.#reopen(found);
      // Another server may have had it while there was no lock.
      else if (lock !== null) this.#expectLatest(this.#database, found);
      if (!isOther && (found.log !== opened.log || found.index !== opened.index)) this.#renewLog();
    } catch (error) {
      lock?.release(true);
      throw error;
    }
    if (lock !== null) {
      this.#lock.release(false);
      this.#lock = lock;
    }
    if (found.folder !== opened.folder) {
      this.#closeFolder();
      this.#folderHandle = openFolder(this.#folder);
    }
    this.#files = filesIn(this.#folder);
  }

  #takeLock(): FolderLock {
    const locked = lockFolder(this.#folder);
    if ('lock' in locked) return locked.lock;
    const holder = locked.heldBy === null ? '' : ` (process ${locked.heldBy})`;
    throw new FolderAwayError(`another server${holder} has taken the data folder ${this.#folder}`);
  }

  /** The same as it was, behind another file. */
  #reopen(found: Files): void {
    const database = openDatabase(this.#folder);
    try {
      this.#expectLatest(database, found);
      this.#isLogged = beginLog(database);
    } catch (error) {
      database.close();
      throw error;
    }
    const before = this.#database;
    this.#database = database;
    this.#statements.clear();
    before.close();
  }

  /** Brings what the log that is gone holds into the database, and begins another one. */
  #renewLog(): void {
    this.#database.exec('PRAGMA journal_mode = DELETE');
    this.#isLogged = beginLog(this.#database);
  }

  #expectLatest(database: DatabaseSyncInstance, found: Files): void {
    const mark = markIn(database);
    if (mark !== null && this.#marks.includes(mark)) return;
    throw this.#gone(found, mark);
  }

  #gone(found: Files, mark: string | null = null): FolderAwayError {
    const folder = this.#folder;
    const isRemoved = this.#folderHandle !== null && fstatSync(this.#folderHandle).nlink === 0;
    const words = (): string => {
      if (mark?.includes(this.#opening)) return `what is at ${folder} is an older copy of the data folder`;
      if (found.database !== null && found.folder === this.#files.folder)
        return `the database in the data folder ${folder} was replaced, or another server has written into it`;
      if (found.folder === this.#files.folder)
        return `the database in the data folder ${folder} (${DATABASE_FILE}) was removed or moved away`;
      if (isRemoved) return `the data folder ${folder} was removed`;
      return `the data folder ${folder} was moved away or unmounted`;
    };
    const other = found.folder !== null && found.folder !== this.#files.folder;
    return new FolderAwayError(`${words()}${other ? ', and another folder is in its place' : ''}`, { isRemoved });
  }

  /** Remembers damage: what was met once is met again, and nothing may be written on top of it. */
  noteDamage(damage: Error): void {
    this.#damage ??= damage;
  }

  /** Does what reads or writes, and remembers the damage that it meets. */
  noting<T>(act: () => T): T {
    try {
      return act();
    } catch (error) {
      if (storageErrorOf(error) === 'damaged' && !isConstraint(error)) this.noteDamage(error as Error);
      throw error;
    }
  }

  close(): void {
    if (!this.#database.isOpen) return;
    const isAtHand = this.#isAtHand();
    try {
      // Prepared statements keep the file open until they are collected, and closing would leave the log behind:
      // so everything is brought into the database first, which is then one file. SQLite finds the log by its name,
      // which in another folder would be another one's.
      if (isAtHand) {
        this.#database.exec('PRAGMA journal_mode = DELETE');
        removeCopies(join(this.#folder, DATABASE_FILE));
      }
    } catch {
      // Somebody else is reading: the log stays, and the next one to open the folder takes it in.
    }
    this.#database.close();
    this.#lock.release(isAtHand);
    this.#closeFolder();
  }

  #isAtHand(): boolean {
    try {
      this.check();
      return true;
    } catch {
      return false;
    }
  }

  #closeFolder(): void {
    if (this.#folderHandle !== null) closeSync(this.#folderHandle);
    this.#folderHandle = null;
  }
}

/** With what this store relies on. */
export function openDatabase(folder: string): DatabaseSyncInstance {
  const database = new DatabaseSync(join(folder, DATABASE_FILE), { timeout: 2000 });
  try {
    database.exec('PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Switches to the write-ahead log. False: the disk has no room for it, and what is stored can only be read. */
function beginLog(database: DatabaseSyncInstance): boolean {
  try {
    database.exec('PRAGMA journal_mode = WAL');
    return true;
  } catch (error) {
    const trouble = storageErrorOf(error);
    if (trouble !== 'full' && trouble !== 'failing') throw error;
    return false;
  }
}

/** The mark of its last commit; null: it has none, or is no database of ours. */
function markIn(database: DatabaseSyncInstance): string | null {
  try {
    const found: unknown = database.prepare('SELECT answer FROM requests WHERE request_id = ?').get(MARK_ID);
    return (found as { answer: string } | undefined)?.answer ?? null;
  } catch (error) {
    if (storageErrorOf(error) === 'damaged') return null;
    throw error;
  }
}

function filesIn(folder: string): Files {
  return {
    folder: fileAt(folder),
    database: fileAt(join(folder, DATABASE_FILE)),
    log: fileAt(join(folder, `${DATABASE_FILE}-wal`)),
    index: fileAt(join(folder, `${DATABASE_FILE}-shm`)),
    lock: fileAt(join(folder, LOCK_FILE)),
  };
}

/** A log that has not been begun may be any. */
function areSame(found: Files, opened: Files): boolean {
  const isLogged = opened.log !== null;
  const names = isLogged ? (Object.keys(opened) as (keyof Files)[]) : (['folder', 'database', 'lock'] as const);
  return names.every((name) => found[name] === opened[name]);
}

function openFolder(folder: string): number | null {
  try {
    return openSync(folder, 'r');
  } catch {
    return null;
  }
}

function isConstraint(error: unknown): boolean {
  return error instanceof Error && 'sqliteCodeName' in error && String(error.sqliteCodeName).includes('CONSTRAINT');
}
