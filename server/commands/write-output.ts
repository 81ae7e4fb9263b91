/** Writes what a command was asked for to stdout: all of it, no faster than it is read, or it says why not. */
import { readFileSync, readlinkSync, write } from 'node:fs';
import { Socket } from 'node:net';
import { promisify } from 'node:util';

/** Characters of a write: worth a system call, and no load to hold. */
const BLOCK = 64 * 1024;
const STDOUT = 1;

const writeBytes = promisify(write);

/** Resolves with whether all of it was written; stderr has been told why not. */
export async function writeOutput(pieces: Iterable<string>): Promise<boolean> {
  try {
    for (const block of blocksOf(pieces)) await (process.stdout instanceof Socket ? send(block) : append(block));
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    const why = error.code === 'EPIPE' ? 'its reader went away before the end' : error.message;
    process.stderr.write(`pentachoron: the output was not written whole: ${why}\n`);
    return false;
  }
}

/**
 * Whether there is no stdout. Node opens the null device for reading and writing in the place of a closed one. Those
 * who start a program and ignore what it prints may do so, too; a shell's `>/dev/null` is for writing alone.
 */
export function isStdoutClosed(): boolean {
  try {
    const flags = /^flags:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${STDOUT}`, 'utf8'))?.[1] ?? '1';
    return readlinkSync(`/proc/self/fd/${STDOUT}`) === '/dev/null' && (parseInt(flags, 8) & 3) === 2;
  } catch {
    // No such system: it cannot be told.
    return false;
  }
}

function* blocksOf(pieces: Iterable<string>): Generator<string> {
  let block = '';
  for (const piece of pieces) {
    block += piece;
    if (block.length < BLOCK) continue;
    yield block;
    block = '';
  }
  if (block !== '') yield block;
}

/** To a pipe, a socket or a terminal; resolves once the system has taken it. */
function send(block: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(block, (error) => (error == null ? resolve() : reject(error)));
  });
}

/** To a file. Not by `process.stdout`, which takes a write that a full disk cut short for a whole one. */
async function append(block: string): Promise<void> {
  const bytes = Buffer.from(block);
  for (let offset = 0; offset < bytes.length;)
    offset += (await writeBytes(STDOUT, bytes, offset, bytes.length - offset, null)).bytesWritten;
}
