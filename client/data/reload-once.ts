/** A page loads itself anew where that may help: the server's version of it, its sign-in page, code that did not arrive. */
import { PROTOCOL_VERSION } from '../../shared/protocol.js';

type SessionItems = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** Once for each cause: where the server brings the same page again, as a proxy's copy, it would go on for ever. */
export class ReloadOnce {
  /** Under it stands why the page was left, and in which version. */
  readonly #key: string;
  readonly #items: SessionItems | null;
  readonly #reload: () => void;
  readonly #version: number;

  /** @param of what succeeds or fails: each remembers its own reload */
  constructor(
    of: 'connection' | 'view',
    items: SessionItems | null = sessionItems(),
    reload: () => void = () => location.reload(),
    version: number = PROTOCOL_VERSION,
  ) {
    this.#key = `pentachoron-reloaded-${of}`;
    this.#items = items;
    this.#reload = reload;
    this.#version = version;
  }

  /** A page that cannot remember that it has reloaded does not. */
  failed(cause: string): void {
    const left = `${cause} ${this.#version}`;
    try {
      if (this.#items === null || this.#items.getItem(this.#key) === left) return;
      this.#items.setItem(this.#key, left);
    } catch {
      return;
    }
    this.#reload();
  }

  /** The next time that it fails, another reload may help. */
  succeeded(): void {
    try {
      this.#items?.removeItem(this.#key);
    } catch {
      // What cannot be forgotten was not remembered.
    }
  }
}

/** Null where the browser keeps nothing for this page: asking alone may throw. */
function sessionItems(): SessionItems | null {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}
