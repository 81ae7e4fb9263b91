/**
 * Keeps what chance gives, a small file a shape, in the user's cache folder: of every sweep and server of this machine,
 * for a null depends on nothing but what its file is named after. It is never needed: whatever fails, is worked out.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { z } from 'zod';
import type { CvNull } from '../../../shared/measurement.js';
import type { FixedSample, SampledShape } from './sampled-shape.js';

/** To be raised when the same name would stand for other numbers. */
const FOLDER = 'gaussian-nulls-1';

const storedNull = z.strictObject({ cv: z.number(), sd: z.number().nonnegative() }).nullable();

export class NullCache {
  readonly #folder: string;

  /** @param folder made when something is kept */
  constructor(folder: string) {
    this.#folder = join(folder, FOLDER);
  }

  /** In the folder that the system has for caches; null where the user has no home. */
  static async open(): Promise<NullCache | null> {
    try {
      const { default: envPaths } = await import('env-paths');
      const { cache } = envPaths('pentachoron', { suffix: '' });
      // A relative one in the environment is to be ignored, as the XDG specification has it.
      return isAbsolute(cache) ? new NullCache(cache) : null;
    } catch {
      return null;
    }
  }

  /** Undefined where it is not kept; null where such clouds are known to have no CV. */
  read(shape: SampledShape, sample: FixedSample): CvNull | null | undefined {
    try {
      return storedNull.parse(JSON.parse(readFileSync(this.#file(shape, sample), 'utf8')));
    } catch {
      return undefined;
    }
  }

  write(shape: SampledShape, sample: FixedSample, value: CvNull | null): void {
    const file = this.#file(shape, sample);
    // Another trainer may be reading, or writing the same.
    const temporary = `${file}.${randomUUID()}`;
    try {
      makeFolder(this.#folder);
      writeFileSync(temporary, JSON.stringify(value));
      renameSync(temporary, file);
    } catch {
      try {
        rmSync(temporary, { force: true });
      } catch {
        // A folder that cannot be written holds none.
      }
    }
  }

  #file({ key }: SampledShape, { samples, sampleSeed }: FixedSample): string {
    return join(this.#folder, `${key}-${samples}-seed${sampleSeed}.json`);
  }
}

/** With its parents. Node's own recursion never ends where a file system answers ENOENT whatever is there, as /proc does. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || dirname(folder) === folder) throw error;
    makeFolder(dirname(folder));
    mkdirSync(folder);
  }
}
