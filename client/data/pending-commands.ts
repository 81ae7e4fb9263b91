/** Commands that were sent and whose effect has not been seen: shown as pending until the run's event arrives. */
import { signal } from '@preact/signals-core';
import type { Run, RunAction, RunStatus } from '../../shared/run.js';
import type { RunList } from './run-list.js';
import { type Readable, whenChanged } from './signals.js';

interface Pending {
  action: RunAction;
  /** The status shown when the command was sent; another one is the effect. */
  before: RunStatus | undefined;
  /** A restart changes another run: its effect is that this one is there. */
  successor?: string;
}

export class PendingCommands {
  readonly #runList: RunList;
  readonly #byRun = signal<ReadonlyMap<string, Pending>>(new Map());

  constructor(runList: RunList) {
    this.#runList = runList;
    whenChanged(
      () => runList.state.value,
      () => this.#settle(),
    );
  }

  get byRun(): Readable<ReadonlyMap<string, { action: RunAction }>> {
    return this.#byRun;
  }

  begin(runIds: readonly string[], action: RunAction): void {
    const { runs } = this.#runList.state.value;
    const begun = runIds.map((id) => [id, { action, before: runs.get(id)?.status }] as const);
    this.#byRun.value = new Map([...this.#byRun.value, ...begun]);
  }

  /** What the server answered to a command to `runId`: that run, or the one that was made of it. */
  accepted(runId: string, answered: Run): void {
    const pending = this.#byRun.value.get(runId);
    if (pending === undefined) return;
    if (answered.id !== runId) {
      this.#byRun.value = new Map(this.#byRun.value).set(runId, { ...pending, successor: answered.id });
      this.#settle();
    } else if (pending.before === answered.status) {
      // An accepted command that changed nothing has no event to wait for.
      this.end([runId]);
    }
  }

  end(runIds: Iterable<string>): void {
    const rest = new Map(this.#byRun.value);
    for (const id of runIds) rest.delete(id);
    if (rest.size < this.#byRun.value.size) this.#byRun.value = rest;
  }

  /** What happened while the page was offline will not be told again: the snapshot shows it. */
  reconnected(): void {
    this.end([...this.#byRun.value.keys()]);
  }

  #settle(): void {
    const { runs } = this.#runList.state.value;
    const done = ([runId, { before, successor }]: [string, Pending]): boolean =>
      runs.get(runId)?.status !== before || (successor !== undefined && runs.has(successor));
    const pending: [string, Pending][] = [...this.#byRun.value];
    this.end(pending.filter(done).map(([runId]) => runId));
  }
}
