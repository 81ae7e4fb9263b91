/** What is chosen in the view of several runs side by side: which, against which of them, and in which order. */
import { Folds } from './folds.js';
import { type AddressField, list, type PageAddress, text } from './page-address.js';
import type { RunLine } from './run-lines.js';
import type { Readable } from './value.js';

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
    this.folds = new Folds(address, 'compare-fold');
  }

  get changes(): Readable<unknown>[] {
    return [this.#runs, this.#base, this.order, this.folds.turned];
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
