/** One who watches a server under test: how its runs stand, and what it says of its disk. */
import { io } from 'socket.io-client';
import { type Delta, withDelta } from '../../shared/delta.js';
import type { ServerNotice } from '../../shared/protocol.js';
import type { Run, RunStatus } from '../../shared/run.js';
import { messageOf } from '../../server/message-of.js';
import type { TestClient } from '../support/running-app.js';
import { within } from './deadline.js';

const PATIENCE_MS = 60_000;

export class Watcher {
  readonly #socket: TestClient;
  readonly #runs = new Map<string, Run>();
  #notice: ServerNotice | undefined;
  #waiting: (() => void)[] = [];

  constructor(url: string) {
    this.#socket = io(url, {
      ...{ auth: { version: 2 }, transports: ['websocket'], forceNew: true },
      ...{ reconnectionDelay: 20, reconnectionDelayMax: 100 },
    });
    this.#socket.on('connect', () => {
      this.#socket.emit('runs:watch', {}, (answer) => {
        if (answer.ok) this.#hear(answer.data.runs, answer.data.notice);
      });
    });
    this.#socket.on('runs:changed', ({ runs }) => this.#hear(runs, this.#notice));
    this.#socket.on('server:notice', (notice) => this.#hear([], notice));
  }

  #hear(runs: readonly Delta<Run>[], notice: ServerNotice | undefined): void {
    for (const run of runs) this.#runs.set(run.id, withDelta(this.#runs.get(run.id), run));
    this.#notice = notice;
    for (const look of this.#waiting.splice(0)) look();
  }

  /** Resolves with the run when it has one of these statuses. */
  async reached(runId: string, ...statuses: RunStatus[]): Promise<Run> {
    let run: Run | undefined;
    const isReached = (): boolean => {
      run = this.#runs.get(runId);
      return run !== undefined && statuses.includes(run.status);
    };
    try {
      await this.#until(`run ${runId} being ${statuses.join(' or ')}`, isReached);
    } catch (error) {
      throw new Error(`${messageOf(error)}; it is ${run?.status ?? 'unknown'}, at epoch ${run?.step}`, {
        cause: error,
      });
    }
    return run!;
  }

  /** Resolves when the server says that it cannot store what is trained, or that it can again. */
  async storageIs(state: 'refused' | 'well'): Promise<void> {
    const isSo = (): boolean => ((this.#notice?.storage ?? null) === null) === (state === 'well');
    await this.#until(`word that the storage is ${state}`, isSo);
  }

  async #until(what: string, isSo: () => boolean): Promise<void> {
    const all = async (): Promise<void> => {
      while (!isSo()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    };
    await within(PATIENCE_MS, what, all());
  }

  close(): void {
    this.#socket.disconnect();
  }
}
