/**
 * What the program of one run printed: read from its end backwards, up to as many lines as are held, and on every second
 * while somebody looks and the run goes on. In chunks, so that what has been drawn is not looked at again.
 */
import { signal } from '@preact/signals-core';
import type { Result } from '../../shared/errors.js';
import { MAX_LINES_IN_ANSWER, type OutputLine } from '../../shared/output.js';
import { hasEnded } from '../../shared/run.js';
import type { OutputPart, OutputRequest } from './commands.js';
import type { RunList } from './run-list.js';
import { type Readable, whenChanged } from './signals.js';

/** More would make the page slow, and nobody reads them there. */
export const MOST_LINES = 10_000;
const CHUNK_LINES = 200;
const REREAD_MS = 1000;

export interface RunOutputState {
  runId: string | undefined;
  /** Consecutive; a new array whenever lines have come, whose chunks are those of before but for the new ones and the last. */
  chunks: readonly (readonly OutputLine[])[];
  /** Whether all that there was has been read once. */
  loaded: boolean;
  /** Why the newest reading failed; empty when it did not. */
  trouble: string;
}

type OutputReader = (runId: string, asked: OutputRequest) => Promise<Result<OutputPart>>;

const CLOSED: RunOutputState = { runId: undefined, chunks: [], loaded: false, trouble: '' };

export class RunOutput {
  readonly #runList: RunList;
  readonly #read: OutputReader;
  readonly #state = signal<RunOutputState>(CLOSED);
  /** The reading under way; answers to one before it are void. */
  #reading: object | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(runList: RunList, read: OutputReader) {
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
    const first = this.#held === 0 ? this.#readEnd(reading) : this.#readOn(reading);
    const trouble = (await first) || (await this.#readEarlier(reading));
    if (this.#reading !== reading) return;
    this.#state.value = { ...this.#state.value, loaded: trouble === '', trouble };
    if (ended && trouble === '') this.#isIdle = true;
    else this.#timer = setTimeout(() => void this.#follow(reading), REREAD_MS);
  }

  /** What a reader wants to see first. Answers why it failed, as the others do; '' where it did not. */
  async #readEnd(reading: object): Promise<string> {
    const answer = await this.#ask(reading, { last: MAX_LINES_IN_ANSWER });
    if (answer === undefined) return '';
    if (answer.ok) this.#append(answer.data.lines);
    return answer.ok ? '' : answer.error.message;
  }

  /** What was printed before, up to as much as is held. */
  async #readEarlier(reading: object): Promise<string> {
    for (;;) {
      const first = this.#state.value.chunks[0]?.[0]?.n ?? 0;
      if (first === 0 || this.#held >= MOST_LINES) return '';
      const answer = await this.#ask(reading, { after: Math.max(-1, first - 1 - MAX_LINES_IN_ANSWER) });
      if (answer === undefined) return '';
      if (!answer.ok) return answer.error.message;
      const earlier = answer.data.lines.filter(({ n }) => n < first);
      if (earlier.length === 0) return '';
      this.#state.value = { ...this.#state.value, chunks: [...inChunks(earlier), ...this.#state.value.chunks] };
    }
  }

  /** What was printed since. */
  async #readOn(reading: object): Promise<string> {
    for (;;) {
      const answer = await this.#ask(reading, { after: this.#state.value.chunks.at(-1)?.at(-1)?.n ?? -1 });
      if (answer === undefined) return '';
      if (!answer.ok) return answer.error.message;
      this.#append(answer.data.lines);
      if (answer.data.next === undefined) return '';
    }
  }

  /** Undefined where nobody waits for it any more. */
  async #ask(reading: object, asked: OutputRequest): Promise<Result<OutputPart> | undefined> {
    const answer = await this.#read(this.#state.value.runId!, asked);
    return this.#reading === reading ? answer : undefined;
  }

  get #held(): number {
    return this.#state.value.chunks.reduce((sum, { length }) => sum + length, 0);
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
    chunks.push(...inChunks(rest));
    let count = chunks.reduce((sum, { length }) => sum + length, 0);
    while (count - chunks[0]!.length >= MOST_LINES) count -= chunks.shift()!.length;
    this.#state.value = { ...this.#state.value, chunks };
  }
}

function inChunks(lines: readonly OutputLine[]): OutputLine[][] {
  const count = Math.ceil(lines.length / CHUNK_LINES);
  return Array.from({ length: count }, (_, index) => lines.slice(index * CHUNK_LINES, (index + 1) * CHUNK_LINES));
}
