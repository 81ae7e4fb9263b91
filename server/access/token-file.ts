/**
 * The tokens of a data folder, in a file that its owner alone may read. The server and `pentachoron tokens` change it at
 * the same time: each change reads it anew, under a lock, and replaces it whole.
 */
import {
  closeSync,
  fchownSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { ROLES } from '../../shared/access.js';

const storedTokenSchema = z.strictObject({
  name: z.string(),
  role: z.enum(ROLES),
  createdAt: z.string(),
  /** SHA-256 of the secret, in hex. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  /** Of those that the server prints each time it starts. */
  secret: z.string().optional(),
});
const fileSchema = z.strictObject({
  version: z.literal(1),
  /** Whether one was ever added by hand: everyone needs one from then on, also once the last is revoked. */
  required: z.boolean(),
  tokens: z.array(storedTokenSchema),
});
export type StoredToken = z.output<typeof storedTokenSchema>;
export type StoredTokens = z.output<typeof fileSchema>;

const TOKEN_FILE = 'tokens.json';
const LOCK_WAIT_MS = 500;
/** Who holds the lock longer was killed. */
const STALE_LOCK_MS = 10_000;

export class TokenFile {
  readonly path: string;
  readonly #lock: string;
  /** As it was at first. */
  readonly #folder: Stats | undefined;

  constructor(folder: string) {
    this.#folder = statSync(folder, { throwIfNoEntry: false });
    this.path = join(folder, TOKEN_FILE);
    this.#lock = `${this.path}.lock`;
  }

  /** Changes with each change of the file. */
  get stamp(): string {
    let stat: Stats | undefined;
    try {
      stat = statSync(this.path, { throwIfNoEntry: false });
    } catch {
      // What is above it is no folder any more, or may not be looked into.
    }
    return stat === undefined ? '' : `${stat.ino} ${stat.mtimeMs} ${stat.size}`;
  }

  /** Throws where there is a file that is no such file: nobody is let in by a list that cannot be read. */
  read(): StoredTokens {
    let text: string;
    try {
      text = readFileSync(this.path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { version: 1, required: false, tokens: [] };
      throw error;
    }
    try {
      return fileSchema.parse(JSON.parse(text));
    } catch {
      throw new Error(`${this.path} is not a list of tokens; mend it, or remove it and add them again`);
    }
  }

  change(next: (now: StoredTokens) => StoredTokens): void {
    const owner = this.#expectFolder();
    this.#acquire();
    try {
      const text = `${JSON.stringify(next(this.read()), null, 2)}\n`;
      const temporary = `${this.path}.new`;
      const file = openSync(temporary, 'w', 0o600);
      try {
        // The server must be able to read what root writes for it.
        if (process.getuid?.() === 0) fchownSync(file, owner.uid, owner.gid);
        writeSync(file, text);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(temporary, this.path);
    } finally {
      rmSync(this.#lock, { force: true });
    }
  }

  /** Nothing is written into what has taken the folder's place. */
  #expectFolder(): Stats {
    const folder = dirname(this.path);
    const now = statSync(folder, { throwIfNoEntry: false });
    if (now === undefined)
      throw new Error(`there is no folder ${folder}; it is made when a server is first started over it`);
    if (this.#folder !== undefined && (now.ino !== this.#folder.ino || now.dev !== this.#folder.dev))
      throw new Error(`the folder ${folder} is another one than when the server was started`);
    return now;
  }

  #acquire(): void {
    const until = Date.now() + LOCK_WAIT_MS;
    for (;;) {
      try {
        return closeSync(openSync(this.#lock, 'wx', 0o600));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const stat = statSync(this.#lock, { throwIfNoEntry: false });
      if (stat !== undefined && Math.abs(Date.now() - stat.mtimeMs) > STALE_LOCK_MS)
        rmSync(this.#lock, { force: true });
      else if (Date.now() > until) throw new Error(`${this.path} is being changed by another program; try again`);
      // A change takes a millisecond.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
