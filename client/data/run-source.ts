/**
 * One run's frames with no gap and no duplicate: a snapshot from the last seq held, then deltas. Joining late, coming
 * back and catching up after a gap are this one path.
 */
import type { ApiError, Result } from '../../shared/errors.js';
import { continuity, type Dtype, valuesOf } from '../../shared/frames.js';
import type { FramesMessage, SubscribeAnswer, FramesText } from '../../shared/protocol.js';
import { RunColumns, type FrameRows } from './run-columns.js';

/** Asks for all frames after seq `after`; `done` is called in the ack itself. */
export type Subscribe = (after: number, done: (answer: Result<SubscribeAnswer>) => void) => void;

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

  /** What is held so far; undefined until the first answer, which names the columns. */
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

/**
 * Steps and values, NaN = no value. A value that was logged as NaN is drawn as none, and nothing shows times yet: both
 * are left where they are.
 */
export function decodeFrames({ steps, data }: Pick<FramesText, 'steps' | 'data'>, dtype: Dtype): FrameRows {
  return { steps: valuesOf(bytesOfText(steps), 'f64'), values: valuesOf(bytesOfText(data), dtype) };
}

function bytesOfText(base64: string): Uint8Array {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index);
  return bytes;
}
