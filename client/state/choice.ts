/** Which sweep is shown and which of its lines are hidden. */
import { isActive } from '../../shared/run.js';
import { type AddressField, list, type PageAddress, text } from './page-address.js';
import { type RunList, type RunListState, runsOfSweep, sweepsByAge } from './run-list.js';
import { type Readable, Value } from './value.js';

export class Choice {
  readonly #runList: RunList;
  readonly #sweepId = new Value<string | undefined>(undefined);
  readonly #runIds = new Value<readonly string[]>([]);
  readonly #hidden: AddressField<readonly string[]>;
  /** What the user asked for, '' if nothing; it may not have arrived yet. */
  readonly #wanted: AddressField<string>;

  constructor(runList: RunList, address: PageAddress) {
    this.#runList = runList;
    this.#wanted = address.field('sweep', text());
    this.#hidden = address.field('hidden', list());
    this.#wanted.subscribe(() => this.#settle());
    runList.state.subscribe(() => this.#settle());
  }

  get sweepId(): Readable<string | undefined> {
    return this.#sweepId;
  }

  /** All runs of the sweep shown, hidden ones too: the table needs their numbers. */
  get runIds(): Readable<readonly string[]> {
    return this.#runIds;
  }

  get hidden(): Readable<readonly string[]> {
    return this.#hidden;
  }

  chooseSweep(id: string): void {
    this.#wanted.set(id);
  }

  toggle(runId: string): void {
    const hidden = new Set(this.#hidden.value);
    if (!hidden.delete(runId)) hidden.add(runId);
    this.#hidden.set([...hidden]);
  }

  /** Shows this run alone; if it is alone already, all. */
  isolate(runId: string): void {
    const hidden = new Set(this.#hidden.value);
    const others = this.#runIds.value.filter((id) => id !== runId);
    const alone = !hidden.has(runId) && others.every((id) => hidden.has(id));
    this.#hidden.set(alone ? [] : others);
  }

  showAll(): void {
    this.#hidden.set([]);
  }

  #settle(): void {
    const state = this.#runList.state.value;
    const known = (id: string | undefined): string | undefined =>
      id !== undefined && state.sweeps.has(id) ? id : undefined;
    const id = known(this.#wanted.value) ?? known(this.#sweepId.value) ?? usualSweep(state);
    this.#sweepId.set(id);
    const runIds = id === undefined ? [] : runsOfSweep(state, id).map((run) => run.id);
    if (runIds.join() !== this.#runIds.value.join()) this.#runIds.set(runIds);
  }
}

/** The newest sweep that trains, else the newest. */
function usualSweep(state: RunListState): string | undefined {
  const sweeps = sweepsByAge(state);
  const training = sweeps.find((sweep) => runsOfSweep(state, sweep.id).some((run) => isActive(run.status)));
  return (training ?? sweeps[0])?.id;
}
