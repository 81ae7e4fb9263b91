/**
 * Follows log folders: reads what is there, and from then on what is appended, as soon as the system tells of it. A
 * slow look at all of it finds what the system does not tell of, as on NFS.
 */
import { type FSWatcher, realpathSync, watch } from 'node:fs';
import { resolve } from 'node:path';
import { type RunFolder, runFolders } from './log-folder.js';
import { RunReader } from './run-reader.js';
import type { RunSink } from './run-sink.js';

export interface LogFollowerOptions {
  logFolders: readonly string[];
  sink: RunSink;
  /** What is worth a line: damage, runs that cannot be written. */
  told: (line: string) => void;
  /** Between two looks at everything. */
  lookMs?: number;
}

const LOOK_MS = 1000;
/** Runs that are read at a time: each waits for its commit, and most at the start. */
const READ_AT_A_TIME = 16;

interface Followed {
  folder: RunFolder;
  reader: RunReader;
  isReading: boolean;
  /** Something came while it was read. */
  hasNews: boolean;
  /** What was told of it last. */
  toldOf: string;
}

export class LogFollower {
  readonly #options: LogFollowerOptions;
  readonly #lookMs: number;
  /** By the path of their folder. */
  readonly #runs = new Map<string, Followed>();
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #queue: Followed[] = [];
  readonly #reading = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | null = null;
  #looksAgain = false;
  #isClosed = false;

  constructor(options: LogFollowerOptions) {
    this.#options = options;
    this.#lookMs = options.lookMs ?? LOOK_MS;
    this.#look();
  }

  /** Resolves when nothing more is read. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#queue.length = 0;
    await Promise.all([this.#looking, ...this.#reading]);
  }

  /** Looks which runs there are, and at all of them. */
  #look(): void {
    if (this.#looking !== null) {
      this.#looksAgain = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#looking = this.#lookOnce().finally(() => {
      this.#looking = null;
      if (this.#isClosed) return;
      const again = this.#looksAgain;
      this.#looksAgain = false;
      if (again) this.#look();
      else this.#timer = setTimeout(() => this.#look(), this.#lookMs);
    });
  }

  async #lookOnce(): Promise<void> {
    const seen = new Set<string>();
    for (const logFolder of this.#options.logFolders) {
      const real = realPath(logFolder);
      const folders = await runFolders(real, (path) => {
        seen.add(path);
        this.#watch(path);
      });
      if (this.#isClosed) return;
      for (const folder of folders) this.#take(real, folder);
    }
    for (const [path, watcher] of this.#watchers) {
      if (seen.has(path)) continue;
      watcher.close();
      this.#watchers.delete(path);
    }
  }

  #take(logFolder: string, folder: RunFolder): void {
    const known = this.#runs.get(folder.path);
    if (known !== undefined) known.folder = folder;
    const followed = known ?? {
      ...{ folder, reader: new RunReader({ logFolder, name: folder.name, sink: this.#options.sink }) },
      ...{ isReading: false, hasNews: false, toldOf: '' },
    };
    this.#runs.set(folder.path, followed);
    this.#read(followed);
  }

  #watch(path: string): void {
    if (this.#isClosed || this.#watchers.has(path)) return;
    try {
      const watcher = watch(path, { persistent: false }, (kind) => {
        const followed = this.#runs.get(path);
        // A file or a folder has come or gone; the other kind tells that one has grown.
        if (kind === 'rename' || followed === undefined) this.#look();
        else this.#read(followed);
      });
      // The folder is gone, and the next look forgets it.
      watcher.on('error', () => watcher.close());
      this.#watchers.set(path, watcher);
    } catch {
      // Not there yet, or more folders than the system watches: looking finds what comes.
    }
  }

  #read(followed: Followed): void {
    if (followed.reader.trouble !== null) return;
    followed.hasNews = true;
    if (followed.isReading) return;
    followed.isReading = true;
    this.#queue.push(followed);
    this.#next();
  }

  #next(): void {
    while (this.#reading.size < READ_AT_A_TIME && this.#queue.length > 0) {
      const followed = this.#queue.shift()!;
      const reading = this.#readAll(followed).finally(() => {
        followed.isReading = false;
        this.#reading.delete(reading);
        this.#next();
      });
      this.#reading.add(reading);
    }
  }

  async #readAll(followed: Followed): Promise<void> {
    const { reader } = followed;
    while (followed.hasNews && !this.#isClosed && reader.trouble === null) {
      followed.hasNews = false;
      const { path, files, name } = followed.folder;
      let line = '';
      try {
        const done = await reader.read(path, files);
        if (!done.ok) line = `${path} is not followed: ${done.error.message}`;
        else if (reader.damaged > 0) line = `${name} has damaged records, which are passed over: ${reader.damaged}`;
      } catch (error) {
        line = `${path} cannot be read: ${String(error)}`;
      }
      if (line !== '' && line !== followed.toldOf) this.#options.told(line);
      followed.toldOf = line;
    }
  }
}

/** As it is where there is nothing yet. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}
