/**
 * Which dialogs of the page are open, and what each is about. Whoever wants one says so here; its element opens it, and
 * says here when it was closed.
 */
import { signal } from '@preact/signals-core';
import type { Question } from '../ui/confirm-popover.js';
import type { RunLine } from './run-lines.js';

/** What the viewer is asked to let go for good. */
export interface Doomed {
  kind: 'runs' | 'sweeps';
  id: string;
  /** What the dialog calls it. */
  name: string;
  /** A sentence. */
  loses: string;
}

/** By kind, what each is about. */
export interface DialogKinds {
  'new-sweep': object;
  commands: object;
  help: object;
  share: object;
  connect: object;
  log: { line: RunLine };
  /** @property done where the keyboard goes then: the button that was pressed is gone */
  extend: { line: RunLine; done: () => void };
  delete: Doomed;
  /** @property runId of the run it is about, beside whose row it is asked where there is no `anchor` yet */
  question: { question: Question; runId: string; anchor: HTMLElement | undefined };
}

/** Those by which something is changed, and the list that may offer it. */
const OF_CONTROL: readonly (keyof DialogKinds)[] = [
  'new-sweep',
  'commands',
  'extend',
  'delete',
  'share',
  'connect',
  'question',
];

export class Dialogs {
  /** Those that lie on one another, the uppermost last. */
  readonly #open = signal<readonly { kind: keyof DialogKinds; about: object }[]>([]);

  /** What the dialog of this kind is about; undefined while it is closed. */
  of<Kind extends keyof DialogKinds>(kind: Kind): DialogKinds[Kind] | undefined {
    return this.#open.value.find((open) => open.kind === kind)?.about as DialogKinds[Kind] | undefined;
  }

  show<Kind extends keyof DialogKinds>(kind: Kind, about: DialogKinds[Kind]): void {
    this.#open.value = [...this.#open.peek().filter((open) => open.kind !== kind), { kind, about }];
  }

  close(kind: keyof DialogKinds): void {
    const left = this.#open.peek().filter((open) => open.kind !== kind);
    if (left.length < this.#open.peek().length) this.#open.value = left;
  }

  /** Lets nothing be changed by what was opened before. */
  closeControls(): void {
    for (const kind of OF_CONTROL) this.close(kind);
  }
}
