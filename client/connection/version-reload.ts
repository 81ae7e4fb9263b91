/**
 * A page of another version than its server's loads itself anew, to get the server's own. Once: where that brings the
 * same page again, as a proxy's copy, it would go on for ever.
 */
import { PROTOCOL_VERSION } from '../../shared/protocol.js';

/** Holds the version of the page that was left. */
const KEY = 'pentachoron-reloaded';

type Kept = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export class VersionReload {
  readonly #kept: Kept | null;
  readonly #reload: () => void;
  readonly #version: string;

  constructor(
    kept: Kept | null = sessionKept(),
    reload: () => void = () => location.reload(),
    version: number = PROTOCOL_VERSION,
  ) {
    this.#kept = kept;
    this.#reload = reload;
    this.#version = String(version);
  }

  /** The server speaks another version. A page that cannot remember that it has reloaded does not. */
  refused(): void {
    try {
      if (this.#kept === null || this.#kept.getItem(KEY) === this.#version) return;
      this.#kept.setItem(KEY, this.#version);
    } catch {
      return;
    }
    this.#reload();
  }

  /** It speaks this one: the next time that it does not, another reload may help. */
  accepted(): void {
    try {
      this.#kept?.removeItem(KEY);
    } catch {
      // What cannot be forgotten was not remembered.
    }
  }
}

/** Null where the browser keeps nothing for this page: asking alone may throw. */
function sessionKept(): Kept | null {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}
