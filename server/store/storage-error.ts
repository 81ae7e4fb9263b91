/** What an error of the store is a sign of, and so whether the same write may succeed later. */

/**
 * - `full`, `failing`: the disk has no room, or cannot be read or written
 * - `busy`: another program holds the database
 * - `away`: what is at the folder's path is not what this process has opened
 * - `removed`: the folder was deleted; nothing but a copy can take its place
 * - `damaged`: the database is not what was written; writing more would only hide that
 */
export type StorageTrouble = 'full' | 'failing' | 'busy' | 'away' | 'removed' | 'damaged';

/** What was opened is no longer to be found at the folder's path. */
export class FolderAwayError extends Error {
  readonly isRemoved: boolean;

  constructor(message: string, { isRemoved = false } = {}) {
    super(message);
    this.isRemoved = isRemoved;
  }
}

/** The database holds something that was never written, or lacks what was. */
export class DamageError extends Error {}

const CODES: Record<Exclude<StorageTrouble, 'removed'>, readonly string[]> = {
  full: ['ENOSPC', 'EDQUOT', 'SQLITE_FULL'],
  failing: [
    ...['EIO', 'EROFS', 'EACCES', 'EPERM', 'EMFILE', 'ENFILE', 'ENXIO', 'ENODEV'],
    ...['SQLITE_IOERR', 'SQLITE_READONLY', 'SQLITE_CANTOPEN', 'SQLITE_PERM', 'SQLITE_PROTOCOL'],
  ],
  busy: ['SQLITE_BUSY', 'SQLITE_LOCKED'],
  // Where checkpoints are written, no folder is made but the run's own: one that is missing has gone away.
  away: ['ENOENT', 'ENOTDIR', 'ELOOP', 'ESTALE'],
  damaged: ['SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_FORMAT', 'SQLITE_CONSTRAINT', 'SQLITE_MISMATCH'],
};

/** Null: it is no trouble of the store's. */
export function storageErrorOf(error: unknown): StorageTrouble | null {
  if (!(error instanceof Error)) return null;
  if (error instanceof FolderAwayError) return error.isRemoved ? 'removed' : 'away';
  if (error instanceof DamageError) return 'damaged';
  const code = codeOf(error);
  // SQLite has no code of its own for a table or a column that is missing.
  if (code === 'SQLITE_ERROR' && /no such (table|column)|has no column/.test(error.message)) return 'damaged';
  const kinds = Object.keys(CODES) as (keyof typeof CODES)[];
  return kinds.find((kind) => CODES[kind].includes(code)) ?? null;
}

/** Whether the trouble may pass without anyone ending the server. */
export function canHeal(trouble: StorageTrouble | null): boolean {
  return trouble !== 'damaged' && trouble !== 'removed';
}

/** SQLite's words for those of its codes that reading can end in: an error of a statement's `all` has no more. */
const WORDS: Record<string, string> = {
  'database disk image is malformed': 'SQLITE_CORRUPT',
  'file is not a database': 'SQLITE_NOTADB',
  'disk I/O error': 'SQLITE_IOERR',
  'unable to open database file': 'SQLITE_CANTOPEN',
  'database is locked': 'SQLITE_BUSY',
};

/** The system's name of an error, or SQLite's without its extension; empty when it has none. */
function codeOf(error: Error): string {
  const name = 'sqliteCodeName' in error ? error.sqliteCodeName : 'code' in error ? error.code : '';
  if (typeof name !== 'string') return '';
  if (name === 'ERR_SQLITE_ERROR') return WORDS[error.message] ?? '';
  return /^SQLITE_[A-Z]+/.exec(name)?.[0] ?? name;
}
