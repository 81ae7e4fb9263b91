/** Which sweeps are shown and which of their lines are hidden: what is drawn, and what commands to several runs mean. */
import { signal } from '@preact/signals-core';
import { isActive, type Run } from '../../shared/run.js';
import { groupOf, type RunList, type RunListState, runsOfSweep, sweepsByAge } from '../data/run-list.js';
import { type AddressField, list, type PageAddress } from '../data/page-address.js';
import { type Readable, whenChanged } from '../data/signals.js';

export class Selection {
  readonly #runList: RunList;
  readonly #sweepIds = signal<readonly string[]>([]);
  readonly #runIds = signal<readonly string[]>([]);
  readonly #hidden: AddressField<readonly string[]>;
  /** What the user asked for; it may not have arrived yet. */
  readonly #wanted: AddressField<readonly string[]>;
  readonly #isBound: () => boolean;

  /** @param isBound whether the page is at certain runs, so that it must not follow what trains. */
  constructor(runList: RunList, address: PageAddress, isBound: () => boolean = () => false) {
    this.#runList = runList;
    this.#isBound = isBound;
    this.#wanted = address.field('sweep', list());
    this.#hidden = address.field('hidden', list());
    whenChanged(
      () => [this.#wanted.value, runList.state.value],
      () => this.#settle(),
    );
  }

  /** In the order in which they were chosen; empty while there is none. */
  get sweepIds(): Readable<readonly string[]> {
    return this.#sweepIds;
  }

  /** Those that were asked for, by a click, a link or the address; empty: whatever trains. */
  get wanted(): Readable<readonly string[]> {
    return this.#wanted;
  }

  /** All runs of the sweeps shown, hidden ones too: the table needs their numbers. */
  get runIds(): Readable<readonly string[]> {
    return this.#runIds;
  }

  get hidden(): Readable<readonly string[]> {
    return this.#hidden;
  }

  /** Shows this sweep alone. */
  chooseSweep(id: string): void {
    this.#wanted.set([id]);
  }

  /** Shows these beside those that are shown. */
  addSweeps(ids: readonly string[]): void {
    this.#wanted.set([...new Set([...this.#sweepIds.value, ...ids])]);
  }

  /** Asks no longer for what there is not. */
  letGo(): void {
    const { sweeps } = this.#runList.state.value;
    this.#wanted.set(this.#wanted.value.filter((id) => sweeps.has(id)));
  }

  /** Shows a sweep beside the others, or no longer; one stays. */
  toggleSweep(id: string): void {
    const shown = this.#sweepIds.value;
    const next = shown.includes(id) ? shown.filter((each) => each !== id) : [...shown, id];
    if (next.length > 0) this.#wanted.set(next);
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

  /** Shows these of the sweeps' runs and no others. */
  showOnly(runIds: ReadonlySet<string>): void {
    this.#hidden.set(this.#runIds.value.filter((id) => !runIds.has(id)));
  }

  showAll(): void {
    this.#hidden.set([]);
  }

  #settle(): void {
    const state = this.#runList.state.value;
    const known = (ids: readonly string[]): readonly string[] => ids.filter((id) => state.sweeps.has(id));
    const shown = known(this.#sweepIds.value);
    const follows = this.#wanted.value.length === 0 && !this.#isBound();
    const training = follows ? trainingSweep(state) : undefined;
    const usual = trainingSweep(state) ?? sweepsByAge(state)[0]?.id;
    const ids = [
      known(this.#wanted.value),
      training === undefined ? [] : [training],
      shown,
      usual === undefined ? [] : [usual],
    ].find((some) => some.length > 0);
    if ((ids ?? []).join() !== this.#sweepIds.value.join()) this.#sweepIds.value = ids ?? [];
    const runIds = (ids ?? []).flatMap((id) => runsOfSweep(state, id).map((run) => run.id));
    if (runIds.join() !== this.#runIds.value.join()) this.#runIds.value = runIds;
    if (state.isComplete) this.#forgetDeleted(state);
  }

  /** The address of a page that stays open must not grow with what is gone. */
  #forgetDeleted({ runs }: RunListState): void {
    const left = this.#hidden.value.filter((id) => runs.has(id));
    if (left.length < this.#hidden.value.length) this.#hidden.set(left);
  }
}

/** The newest sweep with a run that trains, else the newest that waits for its turn. */
function trainingSweep(state: RunListState): string | undefined {
  const newestWith = (isSo: (run: Run) => boolean): string | undefined => {
    const ids = new Set([...state.runs.values()].filter(isSo).map(groupOf));
    return sweepsByAge(state).find(({ id }) => ids.has(id))?.id;
  };
  return (
    newestWith(({ status }) => isActive(status) && status !== 'queued') ?? newestWith(({ status }) => isActive(status))
  );
}
