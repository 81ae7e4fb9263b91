/** A file beside the data says where the server that holds them is reached, for commands that must go through it. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const ADDRESS_FILE = 'server.url';

export function noteAddress(folder: string, address: string): void {
  try {
    // Anew: what lies there may be a pipe, or a link to somewhere else.
    rmSync(join(folder, ADDRESS_FILE), { force: true });
    writeFileSync(join(folder, ADDRESS_FILE), `${process.pid} ${address}\n`, { flag: 'wx', mode: 0o600 });
  } catch {
    // On a full disk, say: it serves all the same, and an import is told to name it by --url.
  }
}

export function forgetAddress(folder: string): void {
  try {
    if (noted(folder)?.pid === process.pid) rmSync(join(folder, ADDRESS_FILE), { force: true });
  } catch {
    // The folder is gone, or is another's: a process that has ended is not asked.
  }
}

/** That of the server which is this process; undefined where it has not said so. */
export function addressOf(folder: string, pid: number | null): URL | undefined {
  const found = noted(folder);
  if (found?.pid !== pid) return undefined;
  return URL.canParse(found.address) ? new URL(found.address) : undefined;
}

function noted(folder: string): { pid: number; address: string } | undefined {
  try {
    const [pid, address = ''] = readFileSync(join(folder, ADDRESS_FILE), 'utf8').trim().split(' ');
    return { pid: Number(pid), address };
  } catch {
    return undefined;
  }
}
