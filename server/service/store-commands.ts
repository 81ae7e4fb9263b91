/** How a command reaches the store: whole or not at all, once for each request id, and refused in words of its own. */
import { fail, ok, type Result } from '../../shared/errors.js';
import { internalError } from '../internal-error.js';
import type { RunStream } from '../runs/run-stream.js';
import type { ServiceLog } from '../runs/service-log.js';
import { isStorageError, storageMessage } from '../runs/storage-health.js';
import type { Commit, RunStore } from '../store/run-store.js';

/** The answers kept of request ids. */
export type Answer =
  | { kind: 'sweep'; sweepId: string; runIds: string[] }
  | { kind: 'run'; runId: string }
  | { kind: 'writer'; writerId: string };

export class StoreCommands {
  readonly #store: Pick<RunStore, 'requestAnswer'>;
  readonly #stream: RunStream;
  readonly #log: ServiceLog;
  /** Whether nothing new is to begin any more. */
  isClosing = false;

  constructor(store: Pick<RunStore, 'requestAnswer'>, stream: RunStream, log: ServiceLog) {
    this.#store = store;
    this.#stream = stream;
    this.#log = log;
  }

  /** Does `first` unless `requestId` has had its effect: then `again` answers from what is kept of it. */
  once<K extends Answer['kind'], T>(
    requestId: string | undefined,
    kind: K,
    { first, again }: { first: () => Result<T>; again: (answer: Extract<Answer, { kind: K }>) => Result<T> },
  ): Result<T> {
    const answer = requestId === undefined ? undefined : (this.#store.requestAnswer(requestId) as Answer | undefined);
    if (answer === undefined) return first();
    if (answer.kind === kind) return again(answer as Extract<Answer, { kind: K }>);
    return fail('conflict', 'requestId was used for another command before');
  }

  /** `then` follows a commit that succeeded; of one that failed nothing remains. */
  commit<T>(commit: Commit, then: () => T): Result<T> {
    const committed = this.guard(() => this.#stream.commitNow(commit));
    return committed.ok ? ok(then()) : committed;
  }

  guard<T>(write: () => T): Result<T> {
    if (this.isClosing) return fail('unavailable', 'the server is closing');
    try {
      return ok(write());
    } catch (error) {
      return this.refused(error);
    }
  }

  /** What is said of a write that failed. */
  refused(error: unknown): Result<never> {
    if (!isStorageError(error)) return internalError(this.#log, 'a command to the store', error);
    this.#log.error({ err: error }, 'the store refused a command');
    return fail('unavailable', `nothing was changed: ${storageMessage(error)}`);
  }
}

export function requestsOf(requestId: string | undefined, answer: Answer): NonNullable<Commit['requests']> {
  return requestId === undefined ? [] : [{ requestId, answer }];
}
