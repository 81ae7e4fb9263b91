/** Ids under which a command has one effect: the same one again until it is known what became of the first. */
import type { Result } from '../../shared/errors.js';

export class RequestIds {
  readonly #open = new Map<string, string>();
  readonly #make: () => string;

  constructor(make: () => string = () => crypto.randomUUID()) {
    this.#make = make;
  }

  /** @param wish what is to happen, in any words that differ for different wishes */
  of(wish: string): string {
    const id = this.#open.get(wish) ?? this.#make();
    this.#open.set(wish, id);
    return id;
  }

  /** Whoever wishes the same after a definite answer wishes it anew. */
  answered(wish: string, answer: Result<unknown>): void {
    if (answer.ok || answer.error.code !== 'unavailable') this.#open.delete(wish);
  }
}
