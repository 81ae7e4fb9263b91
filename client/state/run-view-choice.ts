/** What is chosen in the view of one run: which part of it is read, and which groups of charts are folded. */
import { type AddressField, list, oneOf, type PageAddress } from './page-address.js';
import type { Readable } from './value.js';

export const RUN_PARTS = ['series', 'measurements', 'log'] as const;
export type RunPart = (typeof RUN_PARTS)[number];

export class RunViewChoice {
  readonly part;
  /** Groups that are not open or folded as they are at first. */
  readonly #turned: AddressField<readonly string[]>;

  constructor(address: PageAddress) {
    this.part = address.field('part', oneOf(RUN_PARTS, 'series'));
    this.#turned = address.field('run-fold', list());
  }

  get folds(): Readable<readonly string[]> {
    return this.#turned;
  }

  isOpen({ id, open }: { id: string; open: boolean }): boolean {
    return open !== this.#turned.value.includes(id);
  }

  turn(id: string): void {
    const turned = this.#turned.value;
    this.#turned.set(turned.includes(id) ? turned.filter((each) => each !== id) : [...turned, id]);
  }
}
