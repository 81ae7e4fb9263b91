/** Which runs a log folder holds: every folder in it with event files is one, named by its path. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface RunFolder {
  /** Relative to the log folder; `.` is itself. */
  name: string;
  path: string;
  /** Names, in the order in which they were begun. */
  files: string[];
}

const EVENT_FILE = /tfevents\.(\d+)/;
/** A profiler's, and those that hold no event. */
const IGNORED = '.profile-empty';

/** Folders that vanish meanwhile, or that may not be read, hold nothing. Links are followed to files alone. */
export async function runFolders(logFolder: string, told?: (folder: string) => void): Promise<RunFolder[]> {
  const found: RunFolder[] = [];
  const look = async (name: string): Promise<void> => {
    const path = join(logFolder, name);
    // Before it is listed: what comes between the two is told twice, and not missed.
    told?.(path);
    const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
    const files = entries
      .filter((entry) => !entry.isDirectory() && EVENT_FILE.test(entry.name) && !entry.name.endsWith(IGNORED))
      .map((entry) => entry.name);
    if (files.length > 0) found.push({ name, path, files: inOrder(files) });
    for (const entry of entries) if (entry.isDirectory()) await look(join(name, entry.name));
  };
  await look('.');
  return found.sort((one, other) => compare(one.name, other.name));
}

/** By the time in their names, then by host, process and number. */
export function inOrder(files: readonly string[]): string[] {
  const begun = (name: string): number => Number(EVENT_FILE.exec(name)?.[1] ?? 0);
  return [...files].sort((one, other) => begun(one) - begun(other) || compare(one, other));
}

function compare(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true });
}
