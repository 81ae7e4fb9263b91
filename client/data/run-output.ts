/**
 * What the program of one run printed: its last lines, read again every second while somebody looks and the run goes on.
 * In chunks, so that what has been drawn is not looked at again.
 */
import { signal } from '@preact/signals-core';
import type { Result } from '../../shared/errors.js';
import type { OutputLine } from '../../shared/ingest.js';
import { hasEnded } from '../../shared/run.js';
import type { OutputPart } from './commands.js';
import type { RunList } from './run-list.js';
import { type Readable, whenChanged } from './signals.js';

/** More would make the page slow, and nobody reads them there. */
export const MOST_LINES = 10_000;
const CHUNK_LINES = 200;
const REREAD_MS = 1000;

export interface RunOutputState {
  runId: string | undefined;
  /** Consecutive; a new array whenever lines have come, and of its chunks the last ones alone. */
  chunks: readonly (readonly OutputLine[])[];
  /** Whether all that there was has been read once. */
  loaded: boolean;
  /** Why the newest reading failed; empty when it did not. */
  trouble: string;
}

const CLOSED: RunOutputState = { runId: undefined, chunks: [], loaded: false, trouble: '' };

export class RunOutput {
  readonly #runList: RunList;
  readonly #read: (runId: string, after: number) => Promise<Result<OutputPart>>;
  readonly #state = signal<RunOutputState>(CLOSED);
  /** The reading under way; answers to one before it are void. */
  #reading: object | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(runList: RunList, read: (runId: string, after: number) => Promise<Result<OutputPart>>) {
    this.#runList = runList;
    this.#read = read;
    // A run that had ended may go on while its output is looked at.
    whenChanged(
      () => runList.state.value,
      () => {
        if (this.#isIdle && this.#isSeen && !this.#hasEnded) this.#begin();
      },
    );
  }

  #isSeen = false;
  #isIdle = true;

  get state(): Readable<RunOutputState> {
    return this.#state;
  }

  /** Somebody looks at it from now on. */
  show(runId: string): void {
    if (this.#state.value.runId !== runId) this.#state.value = { ...CLOSED, runId };
    else if (this.#isSeen) return;
    this.#isSeen = true;
    this.#begin();
  }

  /** Nobody does; what was read stays until another run's is asked for. */
  hide(): void {
    this.#isSeen = false;
    this.#isIdle = true;
    this.#reading = undefined;
    clearTimeout(this.#timer);
  }

  reread(): void {
    if (this.#isSeen) this.#begin();
  }

  get #hasEnded(): boolean {
    const run = this.#runList.state.value.runs.get(this.#state.value.runId ?? '');
    return run === undefined || hasEnded(run);
  }

  #begin(): void {
    clearTimeout(this.#timer);
    const reading = {};
    this.#reading = reading;
    this.#isIdle = false;
    void this.#follow(reading);
  }

  async #follow(reading: object): Promise<void> {
    // Of a run that has ended before, all is there.
    const ended = this.#hasEnded;
    const { runId, chunks } = this.#state.value;
    const trouble = await this.#readOn(reading, runId!, chunks.at(-1)?.at(-1)?.n ?? -1);
    if (this.#reading !== reading) return;
    this.#state.value = { ...this.#state.value, loaded: trouble === '', trouble };
    if (ended && trouble === '') this.#isIdle = true;
    else this.#timer = setTimeout(() => void this.#follow(reading), REREAD_MS);
  }

  /** Answers why it could not be read; '' if it was. */
  async #readOn(reading: object, runId: string, from: number): Promise<string> {
    for (let after = from; ;) {
      const answer = await this.#read(runId, after);
      if (this.#reading !== reading) return '';
      if (!answer.ok) return answer.error.message;
      const { lines, next } = answer.data;
      const start = from === -1 && after === -1 && next !== undefined ? await this.#endOf(runId, next) : undefined;
      if (this.#reading !== reading) return '';
      if (start !== undefined) {
        after = start;
        continue;
      }
      this.#append(lines);
      if (next === undefined) return '';
      after = next;
    }
  }

  /** Before which line to begin so that the last ones are read and not all; undefined where all are few. @param seen there is more after it */
  async #endOf(runId: string, seen: number): Promise<number | undefined> {
    const isThere = async (line: number): Promise<boolean> => {
      const answer = await this.#read(runId, line);
      return answer.ok && answer.data.lines.length > 0;
    };
    let [low, high] = [seen, Math.max(seen * 2, MOST_LINES)];
    while (await isThere(high)) [low, high] = [high, high * 2];
    while (low >= MOST_LINES && high - low > MOST_LINES / 8) {
      const middle = Math.floor((low + high) / 2);
      if (await isThere(middle)) low = middle;
      else high = middle;
    }
    return low < MOST_LINES ? undefined : low - MOST_LINES;
  }

  #append(lines: readonly OutputLine[]): void {
    if (lines.length === 0) return;
    const chunks = [...this.#state.value.chunks];
    let rest = lines;
    const last = chunks.at(-1);
    if (last !== undefined && last.length < CHUNK_LINES) {
      chunks[chunks.length - 1] = [...last, ...rest.slice(0, CHUNK_LINES - last.length)];
      rest = rest.slice(CHUNK_LINES - last.length);
    }
    for (let at = 0; at < rest.length; at += CHUNK_LINES) chunks.push(rest.slice(at, at + CHUNK_LINES));
    let count = chunks.reduce((sum, { length }) => sum + length, 0);
    while (count - chunks[0]!.length >= MOST_LINES) count -= chunks.shift()!.length;
    this.#state.value = { ...this.#state.value, chunks };
  }
}
