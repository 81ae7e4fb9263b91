/**
 * Lit's `repeat` without what it leaves behind: of the two markers around an item that it removes, highlighted-html 3.3.1 to
 * 3.3.3 forget the second (lit/lit#5298), and a page that stays open would gather them for ever.
 */
import type { ChildPart } from 'lit';
import { directive, Directive, type PartInfo } from 'lit/directive.js';
import { getCommittedValue, getDirectiveClass } from 'lit/directive-helpers.js';
import { repeat as litRepeat } from 'lit/directives/repeat.js';

type Arguments<T> = [
  items: Iterable<T>,
  key: (item: T, index: number) => unknown,
  template: (item: T, index: number) => unknown,
];

/** Lit exports the function alone; what it returns tells the class. */
const LitRepeat = getDirectiveClass(litRepeat([], () => ''))!;

class TidyRepeat extends Directive {
  readonly #repeat: Directive;

  constructor(info: PartInfo) {
    super(info);
    this.#repeat = new LitRepeat(info);
  }

  override render(...all: Arguments<unknown>): unknown {
    return this.#repeat.render(...all);
  }

  override update(part: ChildPart, all: Arguments<unknown>): unknown {
    const before = itemsOf(part).map((item) => ({ item, end: item.endNode }));
    const result = this.#repeat.update(part, all);
    const left = new Set(itemsOf(part));
    for (const { item, end } of before) if (!left.has(item)) (end as Comment | null)?.remove();
    return result;
  }
}

function itemsOf(part: ChildPart): ChildPart[] {
  const committed = getCommittedValue(part);
  return Array.isArray(committed) ? (committed as ChildPart[]) : [];
}

export const repeat = directive(TidyRepeat) as <T>(...all: Arguments<T>) => unknown;
