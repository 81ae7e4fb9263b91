/** The frames of every run that the page follows, and who is to be told when a run has new ones. */
import { type Signal, signal } from '@preact/signals-core';
import type { ApiError } from '../../shared/errors.js';
import type { FramesMessage } from '../../shared/protocol.js';
import type { RunColumns } from './run-columns.js';
import { RunSource, type Subscribe } from './run-source.js';

const RETRY_MS = 2000;

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
