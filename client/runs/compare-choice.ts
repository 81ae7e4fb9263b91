/** What is chosen in the view of several runs side by side: which, against which of them, and in which order. */
import type { Run } from '../../shared/run.js';
import { CollapsedGroups } from '../charts/chart-choices.js';
import { type AddressField, list, type PageAddress, text } from '../data/page-address.js';
import type { RunLine } from './run-lines.js';

/** What is compared while nothing is chosen. */
const FIRST = 2;

export interface Compared {
  base: RunLine;
  others: RunLine[];
}

export class CompareChoice {
  /** Order of the table of values: a column's key, after a `-` from large to small; '' = as measured. */
  readonly order;
  readonly folds;
  readonly #runs: AddressField<readonly string[]>;
  readonly #base: AddressField<string>;

  constructor(address: PageAddress) {
    this.#runs = address.field('compare', list());
    this.#base = address.field('base', text());
    this.order = address.field('compare-by', text());
    this.folds = new CollapsedGroups(address, 'compare-fold');
  }

  /** Whether anything was chosen. */
  get isChosen(): boolean {
    return this.#runs.value.length > 0;
  }

  /** Chosen runs that are not among `lines`, the base among them: in a sweep that is not shown, or gone. */
  missing(lines: readonly RunLine[], runs: ReadonlyMap<string, Run>): { elsewhere: Run[]; gone: string[] } {
    const here = new Set(lines.map(({ run }) => run.id));
    const wanted = [...new Set([...this.#runs.value, this.#base.value])].filter((id) => id !== '' && !here.has(id));
    return { elsewhere: wanted.flatMap((id) => runs.get(id) ?? []), gone: wanted.filter((id) => !runs.has(id)) };
  }

  /** Asks no longer for runs that there are not. */
  letGo(ids: readonly string[]): void {
    this.#runs.set(this.#runs.value.filter((id) => !ids.includes(id)));
    if (ids.includes(this.#base.value)) this.#base.set('');
  }

  /** The chosen runs that there are; the first of the shown ones while none is. In the order of `lines`. */
  chosen(lines: readonly RunLine[], shown: readonly RunLine[]): RunLine[] {
    const wanted = new Set(this.#runs.value);
    const found = lines.filter(({ run }) => wanted.has(run.id));
    if (found.length > 0) return found;
    const current = shown.filter(({ replaced }) => !replaced);
    return current.slice(0, FIRST);
  }

  /** The chosen runs, the base apart; undefined if there are not two. */
  compared(lines: readonly RunLine[], shown: readonly RunLine[]): Compared | undefined {
    const chosen = this.chosen(lines, shown);
    const base = chosen.find(({ run }) => run.id === this.#base.value) ?? chosen[0];
    if (base === undefined || chosen.length < 2) return undefined;
    return { base, others: chosen.filter((line) => line !== base) };
  }

  choose(runIds: readonly string[]): void {
    this.#runs.set([...new Set(runIds)]);
  }

  chooseBase(runId: string): void {
    this.#base.set(runId);
  }
}
