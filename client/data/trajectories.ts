/**
 * The frames of every run that the page follows, with no gap and no duplicate, and who is to be told when a run has new
 * ones. Of each a snapshot from the last seq that is loaded, then deltas: joining late, coming back and catching up after
 * a gap are this one path.
 */
import { type Signal, signal } from '@preact/signals-core';
import type { ApiError, Result } from '../../shared/errors.js';
import { continuity, type Dtype, valuesOf } from '../../shared/frames.js';
import type { FramesMessage, FramesText, SubscribeAnswer } from '../../shared/protocol.js';
import { type FrameRows, RunColumns } from './run-columns.js';

const RETRY_MS = 2000;

/** Asks for all frames after seq `after`; `done` is called in the ack itself. */
export type Subscribe = (after: number, done: (answer: Result<SubscribeAnswer>) => void) => void;

export interface RunFeed {
  subscribe: (runId: string) => Subscribe;
  unsubscribe: (runId: string) => void;
}

export class Trajectories {
  readonly #sources = new Map<string, RunSource>();
  readonly #listeners = new Set<(runId: string) => void>();
  /** By run, in a new object whenever frames of it have come. */
  readonly #read = new Map<string, Signal<{ source?: RunSource }>>();
  readonly #feed: RunFeed;
  #isOffline = false;

  constructor(feed: RunFeed) {
    this.#feed = feed;
  }

  /** Follows exactly these runs from now on; frames of runs that are no longer followed are let go. */
  follow(runIds: Iterable<string>): void {
    const wanted = new Set(runIds);
    for (const runId of [...this.#sources.keys()]) {
      if (wanted.has(runId)) continue;
      this.#sources.delete(runId);
      this.#signal(runId).value = {};
      this.#feed.unsubscribe(runId);
    }
    for (const runId of wanted) {
      if (this.#sources.has(runId)) continue;
      const source = new RunSource(
        this.#feed.subscribe(runId),
        () => this.#tell(runId),
        (error) => this.#askAgain(runId, error),
      );
      this.#sources.set(runId, source);
      this.#signal(runId).value = { source };
      source.refetch();
    }
  }

  /** They grow in place; whoever reads them in a signal's effect hears of that. */
  columns(runId: string): RunColumns | undefined {
    return this.#signal(runId).value.source?.columns;
  }

  receive(blocks: readonly FramesMessage[]): void {
    for (const block of blocks) this.#sources.get(block.runId)?.receive(block);
  }

  reconnected(): void {
    this.#isOffline = false;
    for (const source of this.#sources.values()) source.refetch();
  }

  disconnected(): void {
    this.#isOffline = true;
    for (const source of this.#sources.values()) source.disconnected();
  }

  /** Calls `listener` with the id of a run whenever frames of it were appended; returns the way to stop. */
  onFrames(listener: (runId: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A run that is gone stays gone; a busy server answers later. While offline, coming back asks again by itself. */
  #askAgain(runId: string, error: ApiError): void {
    if (error.code === 'not_found' || this.#isOffline) return;
    const source = this.#sources.get(runId);
    setTimeout(() => {
      if (!this.#isOffline && source !== undefined && this.#sources.get(runId) === source) source.refetch();
    }, RETRY_MS);
  }

  #signal(runId: string): Signal<{ source?: RunSource }> {
    const known = this.#read.get(runId) ?? signal({});
    this.#read.set(runId, known);
    return known;
  }

  #tell(runId: string): void {
    const source = this.#sources.get(runId);
    if (source !== undefined) this.#signal(runId).value = { source };
    for (const listener of [...this.#listeners]) listener(runId);
  }
}

/** One run's. */
export class RunSource {
  #columns: RunColumns | undefined;
  /** The request under way. An answer to an older one is void: the connection it came over may be gone. */
  #request: object | undefined;
  readonly #subscribe: Subscribe;
  readonly #changed: () => void;
  readonly #failed: (error: ApiError) => void;

  constructor(subscribe: Subscribe, changed: () => void, failed: (error: ApiError) => void = () => undefined) {
    this.#subscribe = subscribe;
    this.#changed = changed;
    this.#failed = failed;
  }

  /** What is loaded so far; undefined until the first answer, which names the columns. */
  get columns(): RunColumns | undefined {
    return this.#columns;
  }

  /** Asks for what is missing; to be called at first and after every reconnection. */
  refetch(): void {
    const request = {};
    this.#request = request;
    this.#subscribe((this.#columns?.rows ?? 0) - 1, (answer) => {
      if (this.#request !== request) return;
      this.#request = undefined;
      if (!answer.ok) return this.#failed(answer.error);
      this.#columns ??= new RunColumns(answer.data.columns, answer.data.dtype);
      this.#apply(answer.data);
      if (answer.data.more) this.refetch();
    });
  }

  /** Forgets the request under way, whose answer cannot come any more. */
  disconnected(): void {
    this.#request = undefined;
  }

  /** A live block: appended, dropped as known, or answered with a refetch if frames before it are missing. */
  receive(block: FramesMessage): void {
    // Before the first answer the columns are unknown; that answer brings these frames too.
    if (this.#columns) this.#apply(block);
  }

  #apply(block: Omit<FramesMessage, 'runId'>): void {
    const columns = this.#columns!;
    if (block.columns !== undefined) columns.grow(block.columns);
    const part = continuity(block, columns.rows);
    if (part.kind === 'append' && block.rows > 0) {
      columns.append(decodeFrames(block, columns.dtype), part.skipRows);
      this.#changed();
    } else if (part.kind === 'gap' && this.#request === undefined) {
      this.refetch();
    }
  }
}

/** Frames as they are read: NaN = no value, but where it is listed as one. */
export function decodeFrames(
  { steps, times, data, nan }: Pick<FramesText, 'steps' | 'data'> & Partial<Pick<FramesText, 'times' | 'nan'>>,
  dtype: Dtype,
): FrameRows {
  return {
    steps: valuesOf(bytesOfText(steps), 'f64'),
    values: valuesOf(bytesOfText(data), dtype),
    ...(times !== undefined && { times: valuesOf(bytesOfText(times), 'f64') }),
    ...(nan !== undefined && { nan }),
  };
}

function bytesOfText(base64: string): Uint8Array {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index);
  return bytes;
}
