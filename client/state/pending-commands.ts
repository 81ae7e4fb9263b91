/** Commands that were sent and whose effect has not been seen: shown as pending until the run's event arrives. */
import type { Run, RunAction, RunStatus } from '../../shared/run.js';
import type { RunList } from './run-list.js';
import { type Readable, Value } from './value.js';

interface Pending {
  action: RunAction;
  /** The status shown when the command was sent; another one is the effect. */
  before: RunStatus | undefined;
}

export class PendingCommands {
  readonly #runList: RunList;
  readonly #byRun = new Value<ReadonlyMap<string, Pending>>(new Map());

  constructor(runList: RunList) {
    this.#runList = runList;
    runList.state.subscribe(() => this.#settle());
  }

  get byRun(): Readable<ReadonlyMap<string, { action: RunAction }>> {
    return this.#byRun;
  }

  begin(runId: string, action: RunAction): void {
    const before = this.#runList.state.value.runs.get(runId)?.status;
    this.#byRun.set(new Map(this.#byRun.value).set(runId, { action, before }));
  }

  /** An accepted command that changed nothing has no event to wait for. */
  accepted(run: Run): void {
    if (this.#byRun.value.get(run.id)?.before === run.status) this.end(run.id);
  }

  end(runId: string): void {
    const rest = new Map(this.#byRun.value);
    if (rest.delete(runId)) this.#byRun.set(rest);
  }

  #settle(): void {
    const { runs } = this.#runList.state.value;
    for (const [runId, { before }] of this.#byRun.value) if (runs.get(runId)?.status !== before) this.end(runId);
  }
}
