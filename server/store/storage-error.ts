/** Which errors are the disk's doing, so that the same write may succeed later. */

const FULL = ['ENOSPC', 'EDQUOT', 'SQLITE_FULL'];
const BROKEN = ['EIO', 'EROFS', 'ENOENT', 'ENOTDIR', 'SQLITE_IOERR', 'SQLITE_READONLY', 'SQLITE_CANTOPEN'];

/** Null: it is not the disk. */
export function storageErrorOf(error: unknown): 'full' | 'broken' | null {
  const code = codeOf(error);
  if (FULL.includes(code)) return 'full';
  return BROKEN.includes(code) ? 'broken' : null;
}

/** The system's name of an error, or SQLite's without its extension; empty when it has none. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const name = 'sqliteCodeName' in error ? error.sqliteCodeName : 'code' in error ? error.code : '';
  if (typeof name !== 'string') return '';
  return /^SQLITE_[A-Z]+/.exec(name)?.[0] ?? name;
}
