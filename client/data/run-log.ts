/** The log and the checkpoints of one run, each read again whenever something may have been added to it. */
import { signal } from '@preact/signals-core';
import type { Result } from '../../shared/errors.js';
import type { Checkpoint, LogEntry } from './commands.js';
import type { RunList } from './run-list.js';
import { type Readable, whenChanged } from './signals.js';

/** Checkpoints are written without any change that is told: this often they are looked for while the run moves. */
const REREAD_MS = 3000;

export interface RunLogState {
  runId: string | undefined;
  /** Undefined until the first answer; kept while a later one fails. */
  entries: readonly LogEntry[] | undefined;
  /** Why the newest reading failed; empty when it did not. */
  trouble: string;
}

const CLOSED: RunLogState = { runId: undefined, entries: undefined, trouble: '' };

export class RunLog {
  readonly #runList: RunList;
  readonly #read: (runId: string) => Promise<Result<LogEntry[]>>;
  readonly #now: () => number;
  readonly #state = signal<RunLogState>(CLOSED);
  /** What the run was when its log was last asked for. */
  #seen: unknown;
  #seenKey = '';
  #askedAt = 0;
  /** The newest request: an older one's answer is void. */
  #request: object | undefined;

  constructor(
    runList: RunList,
    read: (runId: string) => Promise<Result<LogEntry[]>>,
    now: () => number = () => performance.now(),
  ) {
    this.#runList = runList;
    this.#read = read;
    this.#now = now;
    whenChanged(
      () => runList.state.value,
      () => this.#look(),
    );
  }

  get state(): Readable<RunLogState> {
    return this.#state;
  }

  open(runId: string): void {
    this.#state.value = { ...CLOSED, runId };
    void this.reread();
  }

  close(): void {
    this.#request = undefined;
    this.#state.value = CLOSED;
  }

  async reread(): Promise<void> {
    const { runId } = this.#state.value;
    if (runId === undefined) return;
    const request = {};
    this.#request = request;
    this.#askedAt = this.#now();
    this.#see(runId);
    const answer = await this.#read(runId);
    if (this.#request !== request) return;
    const { entries } = this.#state.value;
    this.#state.value = answer.ok
      ? { runId, entries: answer.data, trouble: '' }
      : { runId, entries, trouble: answer.error.message };
  }

  #look(): void {
    const { runId } = this.#state.value;
    if (runId === undefined) return;
    const [seen, key] = [this.#seen, this.#seenKey];
    const run = this.#see(runId);
    if (run === undefined) {
      this.#request = undefined;
      this.#state.value = { runId, entries: undefined, trouble: 'the run was deleted, and its log with it' };
    } else if (key !== this.#seenKey || (seen !== run && this.#now() - this.#askedAt > REREAD_MS)) {
      void this.reread();
    }
  }

  #see(runId: string): unknown {
    const run = this.#runList.state.value.runs.get(runId);
    this.#seen = run;
    this.#seenKey = run === undefined ? '' : [run.status, run.engine, run.total, run.error?.message].join('|');
    return run;
  }
}

export interface CheckpointsState {
  /** Newest first; undefined until the first answer, kept while a later one fails. */
  stored: readonly Checkpoint[] | undefined;
  /** Why the newest reading failed; empty when it did not. */
  trouble: string;
}

const NONE: CheckpointsState = { stored: undefined, trouble: '' };

/** Of the run whose log is read: asked for again whenever that log has grown. */
export class RunCheckpoints {
  readonly #log: RunLog;
  readonly #read: (runId: string) => Promise<Result<Checkpoint[]>>;
  readonly #state = signal<CheckpointsState>(NONE);
  #runId: string | undefined;
  /** How long the log was when they were last asked for. */
  #entries = -1;

  constructor(log: RunLog, read: (runId: string) => Promise<Result<Checkpoint[]>>) {
    this.#log = log;
    this.#read = read;
    whenChanged(
      () => log.state.value,
      () => this.#look(),
    );
  }

  get state(): Readable<CheckpointsState> {
    return this.#state;
  }

  #look(): void {
    const { runId, entries } = this.#log.state.value;
    if (runId !== this.#runId) {
      this.#runId = runId;
      this.#entries = -1;
      this.#state.value = NONE;
    }
    if (runId === undefined || entries === undefined || entries.length === this.#entries) return;
    this.#entries = entries.length;
    void this.#ask(runId);
  }

  async #ask(runId: string): Promise<void> {
    const answer = await this.#read(runId);
    if (runId !== this.#runId) return;
    const { stored } = this.#state.value;
    this.#state.value = answer.ok ? { stored: answer.data, trouble: '' } : { stored, trouble: answer.error.message };
  }
}
