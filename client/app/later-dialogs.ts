/**
 * Dialogs that the page is drawn without: their code comes when one is first opened, or some seconds after the page, so
 * that it is there when the server is not.
 */
import { signal } from '@preact/signals-core';
import { whenChanged } from '../data/signals.js';
import type { DialogKinds, Dialogs } from '../runs/dialogs.js';

const LOADS = {
  share: () => import('./share-dialog.js'),
  connect: () => import('./connect-dialog.js'),
  log: () => import('../runs/run-log-dialog.js'),
} satisfies Partial<Record<keyof DialogKinds, () => Promise<unknown>>>;
type LaterKind = keyof typeof LOADS;
const KINDS = Object.keys(LOADS) as LaterKind[];
/** When the first charts are there, as a rule. */
const IDLE_MS = 3000;

export class LaterDialogs {
  readonly #dialogs: Dialogs;
  readonly #missing: () => void;
  readonly #loaded = signal<ReadonlySet<LaterKind>>(new Set());

  /** @param missing hears that one was opened whose code the server did not give */
  constructor(dialogs: Dialogs, missing: () => void) {
    this.#dialogs = dialogs;
    this.#missing = missing;
  }

  /** Whether its element is defined; followed as a signal. */
  has(kind: LaterKind): boolean {
    return this.#loaded.value.has(kind);
  }

  /** @returns the way to stop */
  start(): () => void {
    const timer = setTimeout(() => KINDS.forEach((kind) => void this.#load(kind)), IDLE_MS);
    const stop = whenChanged(
      () => KINDS.filter((kind) => this.#dialogs.of(kind) !== undefined),
      (open) => open.forEach((kind) => void this.#load(kind)),
    );
    return () => {
      clearTimeout(timer);
      stop();
    };
  }

  async #load(kind: LaterKind): Promise<void> {
    try {
      await LOADS[kind]();
      if (!this.has(kind)) this.#loaded.value = new Set([...this.#loaded.value, kind]);
    } catch {
      if (this.#dialogs.of(kind) === undefined) return;
      this.#dialogs.close(kind);
      this.#missing();
    }
  }
}
