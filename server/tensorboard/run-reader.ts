/**
 * Reads the event files of one run, each from where it was read last, and writes what is new as frames of the run. A
 * tag that goes back to a step before what an earlier file has of it is a restart: from there on another writer writes,
 * so that a seam stands there and all that was there before stays.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ApiError, Result } from '../../shared/errors.js';
import { ok } from '../../shared/errors.js';
import type { OpenedRun } from '../../shared/ingest.js';
import { isPlainText } from '../../shared/plain-text.js';
import { EventFile, FrameBuilder, type Piece, type Point } from './event-frames.js';
import type { RunSink } from './run-sink.js';

/** Read at a time; frames of so much JSON go in one request. */
const PIECE_BYTES = 2 ** 20;
const BATCH_BYTES = 900_000;
const BATCH_FRAMES = 5000;

interface ReadFile {
  /** Of its name and first bytes: another file may take its name. */
  key: string;
  /** Bytes read. */
  offset: number;
  events: EventFile;
  /** Points met so far, sent or not. */
  points: number;
  /** The last step of each tag. */
  reached: Map<string, number>;
  hasBranched: boolean;
}

export interface RunReaderParts {
  /** Its real path: with `name`, it is what the run is known by to whoever reads it again. */
  logFolder: string;
  /** The path of the run's folder in it. */
  name: string;
  sink: RunSink;
  /** Whose folder it is, where several machines may have one of its path. */
  origin?: string;
}

export class RunReader {
  /** Points written by this reader, all that it met, and what it passed over. */
  written = 0;
  met = 0;
  damaged = 0;
  others = 0;
  restarts = 0;
  /** The latest time of a point, in ms since 1970. */
  lastAt = 0;
  end: 'success' | 'failure' | null = null;
  /** Why it goes no further; what passes by itself is tried again at the next reading. */
  trouble: ApiError | null = null;
  readonly #name: string;
  readonly #logFolder: string;
  readonly #sink: RunSink;
  readonly #identity: readonly string[];
  readonly #files = new Map<string, ReadFile>();
  /** Those that were replaced: what they had is still a part of the run. */
  readonly #gone: ReadFile[] = [];
  #run: OpenedRun | null = null;
  /** By file, how many of its points are stored. */
  #position: Record<string, number> = {};
  #nextSeq = 0;

  constructor({ logFolder, name, sink, origin }: RunReaderParts) {
    this.#logFolder = logFolder;
    this.#name = name;
    this.#sink = sink;
    this.#identity = [...(origin === undefined ? [] : [origin]), logFolder, name];
  }

  /** The run, once it is opened. */
  get run(): OpenedRun | null {
    return this.#run;
  }

  /** Takes what is new in these files, in this order. A failure leaves the rest for the next reading. */
  async read(path: string, names: readonly string[]): Promise<Result<null>> {
    for (const name of names) {
      const done = await this.#readFile(path, name);
      if (!done.ok) {
        // Begins anew, from what is stored by then.
        if (done.error.code === 'unavailable' || done.error.code === 'conflict') this.#forget();
        else this.trouble = done.error;
        return done;
      }
    }
    return ok(null);
  }

  #forget(): void {
    this.#files.clear();
    this.#gone.length = 0;
    this.#run = null;
    this.#position = {};
    this.met = 0;
    this.damaged = 0;
    this.others = 0;
    this.restarts = 0;
  }

  async #readFile(path: string, name: string): Promise<Result<null>> {
    let handle: FileHandle;
    try {
      handle = await open(join(path, name), 'r');
    } catch {
      // Deleted, or not to be read: what it had stays.
      return ok(null);
    }
    try {
      const { size } = await handle.stat();
      const head = Buffer.alloc(HEAD_BYTES);
      if ((await handle.read(head, 0, HEAD_BYTES, 0)).bytesRead < HEAD_BYTES) return ok(null);
      const file = this.#fileOf(name, keyOf(name, head), size);
      const buffer = Buffer.allocUnsafe(Math.min(PIECE_BYTES, Math.max(0, size - file.offset)));
      while (file.offset < size) {
        const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, size - file.offset), file.offset);
        if (bytesRead === 0) break;
        file.offset += bytesRead;
        const before = { damaged: file.events.damaged, others: file.events.others };
        const bytes = new Uint8Array(buffer.subarray(0, bytesRead));
        const piece = file.events.push(bytes);
        this.damaged += file.events.damaged - before.damaged;
        this.others += file.events.others - before.others;
        const taken = await this.#take(file, piece);
        if (!taken.ok) return taken;
      }
      return ok(null);
    } finally {
      await handle.close();
    }
  }

  /** A file that is shorter than it was, or another one, is read from its beginning. */
  #fileOf(name: string, key: string, size: number): ReadFile {
    const known = this.#files.get(name);
    if (known?.key === key && size >= known.offset) return known;
    if (known !== undefined) this.#gone.push(known);
    const file = { key, offset: 0, events: new EventFile(), points: 0, reached: new Map(), hasBranched: false };
    this.#files.set(name, file);
    return file;
  }

  async #take(file: ReadFile, { points, hparams }: Piece): Promise<Result<null>> {
    if (points.length === 0 && hparams.length === 0) return ok(null);
    if (this.#run === null) {
      const opened = await this.#open('');
      if (!opened.ok) return opened;
    }
    for (const { config, end } of hparams) {
      this.end = end ?? this.end;
      if (config === undefined || Object.keys(config).length === 0) continue;
      const described = await this.#sink.describe(this.#run!, { config });
      // A config that is too large is no reason to lose the numbers.
      if (!described.ok && !['bad_input', 'too_large'].includes(described.error.code)) return described;
    }
    let builder = new FrameBuilder();
    for (const point of points) {
      const isKnown = file.points < (this.#position[file.key] ?? 0);
      if (!isKnown && this.#goesBack(file, point)) {
        const sent = await this.#send(file, builder);
        if (!sent.ok) return sent;
        builder = new FrameBuilder();
        file.hasBranched = true;
        this.restarts += 1;
        const opened = await this.#open(file.key);
        if (!opened.ok) return opened;
      }
      if (file.points >= (this.#position[file.key] ?? 0)) builder.add(point);
      file.points += 1;
      this.met += 1;
      this.lastAt = Math.max(this.lastAt, point.at);
      file.reached.set(point.tag, Math.max(point.step, file.reached.get(point.tag) ?? -Infinity));
      if (builder.bytes < BATCH_BYTES && builder.frames.length < BATCH_FRAMES) continue;
      const sent = await this.#send(file, builder);
      if (!sent.ok) return sent;
      builder = new FrameBuilder();
    }
    return this.#send(file, builder);
  }

  /** Whether the point is a tag's first of this file, and behind what the files before it have of that tag. */
  #goesBack(file: ReadFile, { tag, step }: Point): boolean {
    if (file.hasBranched || file.reached.has(tag)) return false;
    const files = [...this.#files.values()];
    const before = files.slice(0, files.indexOf(file));
    return [...this.#gone, ...before].some(({ reached }) => step < (reached.get(tag) ?? -Infinity));
  }

  /** @param branch the key of the file that begins it; none begins the run */
  async #open(branch: string): Promise<Result<null>> {
    const id = `tb-${digest(this.#identity).slice(0, 20)}`;
    const opened = await this.#sink.open({
      id,
      // One that was deleted meanwhile is not to come back as a stump.
      resume: branch === '' ? 'allow' : 'must',
      name: labelOf(this.#name === '.' ? basename(this.#logFolder) : this.#name, id),
      group: labelOf(this.#logFolder, id),
      requestId: digest([...this.#identity, branch]),
    });
    if (!opened.ok) return opened;
    this.#run = opened.data;
    this.#nextSeq = opened.data.nextSeq;
    const { position } = opened.data;
    if (position !== undefined) this.#position = JSON.parse(position) as Record<string, number>;
    return ok(null);
  }

  async #send({ key, points }: ReadFile, { frames }: FrameBuilder): Promise<Result<null>> {
    if (frames.length === 0) return ok(null);
    const position = { ...this.#position, [key]: points };
    const sent = frames.map((frame, index) => ({
      ...{ ...frame, seq: this.#nextSeq + index },
      ...(index === frames.length - 1 && { position: JSON.stringify(position) }),
    }));
    const received = await this.#sink.frames(this.#run!, sent);
    if (!received.ok) return received;
    this.#position = position;
    this.#nextSeq += frames.length;
    this.written += frames.reduce((sum, { values }) => sum + values.length, 0);
    return ok(null);
  }
}

/** Of a file's first record, which tells its version and when it was begun, all that differs between files. */
const HEAD_BYTES = 21;

function keyOf(name: string, head: Uint8Array): string {
  return digest([name, Buffer.from(head).toString('hex')]).slice(0, 16);
}

/** The end of a path tells most. */
function labelOf(path: string, otherwise: string): string {
  const label = path.slice(-MAX_LABEL);
  return label !== '' && isPlainText(label) ? label : otherwise;
}

const MAX_LABEL = 200;

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
