/** Which groups of charts are not open or folded as they are at first, in the page's address. */
import { type AddressField, list, type PageAddress } from './page-address.js';
import type { Readable } from './value.js';

export class CollapsedGroups {
  readonly #turned: AddressField<readonly string[]>;

  constructor(address: PageAddress, key: string) {
    this.#turned = address.field(key, list());
  }

  get turned(): Readable<readonly string[]> {
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
