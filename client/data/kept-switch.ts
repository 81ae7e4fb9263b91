/** A yes or no that belongs to the person and not to the view: kept in this browser. */
import { type Readable, Value } from './value.js';

export class KeptSwitch implements Readable<boolean> {
  readonly #key: string;
  readonly #value: Value<boolean>;

  constructor(key: string, standard: boolean) {
    this.#key = key;
    this.#value = new Value(stored(key) ?? standard);
  }

  get value(): boolean {
    return this.#value.value;
  }

  set(value: boolean): void {
    try {
      localStorage.setItem(this.#key, value ? 'on' : 'off');
    } catch {
      // Storage may be forbidden; the choice then lasts as long as the page.
    }
    this.#value.set(value);
  }

  subscribe(listener: () => void): () => void {
    return this.#value.subscribe(listener);
  }
}

function stored(key: string): boolean | undefined {
  try {
    const kept = localStorage.getItem(key);
    return kept === null ? undefined : kept === 'on';
  } catch {
    return undefined;
  }
}
