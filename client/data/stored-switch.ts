/** A yes or no that belongs to the person and not to the view: kept in this browser. */
import { type Signal, signal } from '@preact/signals-core';
import type { Readable } from './signals.js';

export class StoredSwitch implements Readable<boolean> {
  readonly #key: string;
  readonly #value: Signal<boolean>;

  constructor(key: string, standard: boolean) {
    this.#key = key;
    this.#value = signal(stored(key) ?? standard);
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
    this.#value.value = value;
  }
}

function stored(key: string): boolean | undefined {
  try {
    const stored = localStorage.getItem(key);
    return stored === null ? undefined : stored === 'on';
  } catch {
    return undefined;
  }
}
