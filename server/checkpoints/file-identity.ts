/** Which file stands behind a path: it stays the same when the file is moved, and is another one when it is replaced. */
import { statSync } from 'node:fs';

const MISSING = ['ENOENT', 'ENOTDIR', 'ELOOP'];

/** By device and inode; null: there is none. @throws when the system cannot tell. */
export function fileAt(path: string): string | null {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch (error) {
    if (error instanceof Error && 'code' in error && MISSING.includes(String(error.code))) return null;
    throw error;
  }
}
