/** The checkpoints that are kept of the run whose log is read: asked for again whenever that log has grown. */
import type { Result } from '../../shared/errors.js';
import type { RunLog } from './run-log.js';
import { type Readable, Value } from './value.js';

/** As `GET /api/runs/{id}/checkpoints` answers it. */
export interface Checkpoint {
  seq: number;
  epoch: number;
  /** ISO 8601, UTC. */
  at: string;
  bytes: number;
  engine: string;
}

export interface CheckpointsState {
  /** Newest first; undefined until the first answer, kept while a later one fails. */
  kept: readonly Checkpoint[] | undefined;
  /** Why the newest reading failed; empty when it did not. */
  trouble: string;
}

const NONE: CheckpointsState = { kept: undefined, trouble: '' };

export class RunCheckpoints {
  readonly #log: RunLog;
  readonly #read: (runId: string) => Promise<Result<Checkpoint[]>>;
  readonly #state = new Value<CheckpointsState>(NONE);
  #runId: string | undefined;
  /** How long the log was when they were last asked for. */
  #entries = -1;

  constructor(log: RunLog, read: (runId: string) => Promise<Result<Checkpoint[]>>) {
    this.#log = log;
    this.#read = read;
    log.state.subscribe(() => this.#look());
  }

  get state(): Readable<CheckpointsState> {
    return this.#state;
  }

  #look(): void {
    const { runId, entries } = this.#log.state.value;
    if (runId !== this.#runId) {
      this.#runId = runId;
      this.#entries = -1;
      this.#state.set(NONE);
    }
    if (runId === undefined || entries === undefined || entries.length === this.#entries) return;
    this.#entries = entries.length;
    void this.#ask(runId);
  }

  async #ask(runId: string): Promise<void> {
    const answer = await this.#read(runId);
    if (runId !== this.#runId) return;
    const { kept } = this.#state.value;
    this.#state.set(answer.ok ? { kept: answer.data, trouble: '' } : { kept, trouble: answer.error.message });
  }
}
