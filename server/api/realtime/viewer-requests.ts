/**
 * What a viewer has asked and has not been answered yet. It is answered one at a time, in turns with all others, and
 * only while what it was sent before leaves: neither its questions nor its answers fill the memory.
 */
import type { Turns } from '../turns.js';
import type { ViewerWire } from './viewer-wire.js';

/** Of requests of all viewers together, as text, and what each viewer may have of it where there are very many. */
const MAX_WAITING_CHARACTERS = 16 * 2 ** 20;
const LEAST_SHARE_CHARACTERS = 64 * 1024;
/** What a request takes besides its payload. */
const REQUEST_CHARACTERS = 256;

interface WaitingRequest {
  characters: number;
  act: () => void;
}

export class ViewerRequests {
  readonly #wire: ViewerWire;
  readonly #turns: Turns;
  readonly #viewers: () => number;
  /** Commands and lists do not wait for the histories that were asked for before; those keep their order. */
  readonly #prompt: WaitingRequest[] = [];
  readonly #ordered: WaitingRequest[] = [];
  #characters = 0;
  #isServing = false;
  #isClosed = false;

  /** @param viewers how many there are at the moment */
  constructor(wire: ViewerWire, turns: Turns, viewers: () => number) {
    this.#wire = wire;
    this.#turns = turns;
    this.#viewers = viewers;
  }

  /** @param act does what was asked and answers it; throws nothing */
  add(payload: unknown, { isOrdered }: { isOrdered: boolean }, act: () => void): void {
    if (this.#isClosed) return;
    const characters = REQUEST_CHARACTERS + (payload === undefined ? 0 : JSON.stringify(payload).length);
    (isOrdered ? this.#ordered : this.#prompt).push({ characters, act });
    this.#characters += characters;
    this.#setCrowded();
    if (!this.#isServing) void this.#serve();
  }

  close(): void {
    this.#isClosed = true;
    this.#prompt.length = 0;
    this.#ordered.length = 0;
  }

  async #serve(): Promise<void> {
    this.#isServing = true;
    while (this.#prompt.length + this.#ordered.length > 0) {
      await this.#wire.room();
      await this.#turns.next();
      const request = this.#prompt.shift() ?? this.#ordered.shift();
      if (request === undefined) break;
      this.#characters -= request.characters;
      request.act();
      this.#setCrowded();
    }
    this.#isServing = false;
  }

  #setCrowded(): void {
    const share = Math.max(LEAST_SHARE_CHARACTERS, MAX_WAITING_CHARACTERS / Math.max(1, this.#viewers()));
    this.#wire.isCrowded = this.#characters > share;
  }
}
