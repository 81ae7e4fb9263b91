/** Which sweep is shown and which of its lines are hidden. Kept in the page's address, so that a link shows the same. */
import { isActive } from '../../shared/run.js';
import { readAddress, writeAddress } from './page-address.js';
import { type RunList, type RunListState, runsOfSweep, sweepsByAge } from './run-list.js';
import { type Readable, Value } from './value.js';

export class Choice {
  readonly #runList: RunList;
  readonly #sweepId = new Value<string | undefined>(undefined);
  readonly #runIds = new Value<readonly string[]>([]);
  readonly #hidden: Value<ReadonlySet<string>>;
  /** What the user asked for; it may not have arrived yet. */
  #wanted: string | undefined;

  constructor(runList: RunList) {
    const { sweepId, hidden } = readAddress(location.hash);
    this.#runList = runList;
    this.#wanted = sweepId;
    this.#hidden = new Value(hidden);
    runList.state.subscribe(() => this.#settle());
  }

  get sweepId(): Readable<string | undefined> {
    return this.#sweepId;
  }

  /** All runs of the sweep shown, hidden ones too: the table needs their numbers. */
  get runIds(): Readable<readonly string[]> {
    return this.#runIds;
  }

  get hidden(): Readable<ReadonlySet<string>> {
    return this.#hidden;
  }

  chooseSweep(id: string): void {
    this.#wanted = id;
    this.#settle();
    this.#remember();
  }

  toggle(runId: string): void {
    const hidden = new Set(this.#hidden.value);
    if (!hidden.delete(runId)) hidden.add(runId);
    this.#hidden.set(hidden);
    this.#remember();
  }

  /** Shows this run alone; if it is alone already, all. */
  isolate(runId: string): void {
    const others = this.#runIds.value.filter((id) => id !== runId);
    const alone = !this.#hidden.value.has(runId) && others.every((id) => this.#hidden.value.has(id));
    this.#hidden.set(new Set(alone ? [] : others));
    this.#remember();
  }

  showAll(): void {
    this.#hidden.set(new Set());
    this.#remember();
  }

  #settle(): void {
    const state = this.#runList.state.value;
    const wanted = this.#wanted !== undefined && state.sweeps.has(this.#wanted) ? this.#wanted : undefined;
    const kept =
      this.#sweepId.value !== undefined && state.sweeps.has(this.#sweepId.value) ? this.#sweepId.value : undefined;
    const id = wanted ?? kept ?? usualSweep(state);
    this.#sweepId.set(id);
    const runIds = id === undefined ? [] : runsOfSweep(state, id).map((run) => run.id);
    if (runIds.join() !== this.#runIds.value.join()) this.#runIds.set(runIds);
  }

  #remember(): void {
    const address = writeAddress({ sweepId: this.#wanted, hidden: this.#hidden.value });
    history.replaceState(null, '', address === '' ? location.pathname + location.search : address);
  }
}

/** The newest sweep that trains, else the newest. */
function usualSweep(state: RunListState): string | undefined {
  const sweeps = sweepsByAge(state);
  const training = sweeps.find((sweep) => runsOfSweep(state, sweep.id).some((run) => isActive(run.status)));
  return (training ?? sweeps[0])?.id;
}
