/**
 * Opens and closes an element's dialog as state says. At once and not with the next drawing: keys that are typed right
 * after belong to the dialog.
 */
import { effect, untracked } from '@preact/signals-core';
import type { LitElement, ReactiveController } from 'lit';

export class DialogController<About> implements ReactiveController {
  #stop: (() => void) | undefined;
  readonly #host: LitElement;
  readonly #about: () => About | undefined;
  readonly #opens: (about: About) => void;

  /**
   * @param about what the open dialog is about, undefined while it is to be closed; read as a signal
   * @param opens makes the dialog ready for it, as soon as it has the keyboard
   */
  constructor(host: LitElement, about: () => About | undefined, opens: (about: About) => void = () => undefined) {
    this.#host = host;
    this.#about = about;
    this.#opens = opens;
    host.addController(this);
  }

  hostConnected(): void {
    void this.#host.updateComplete.then(() => {
      if (!this.#host.isConnected) return;
      this.#stop ??= effect(() => {
        const about = this.#about();
        untracked(() => this.#follow(about));
      });
    });
  }

  hostDisconnected(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  #follow(about: About | undefined): void {
    const dialog = this.#host.renderRoot.querySelector('dialog')!;
    this.#host.requestUpdate();
    if (about === undefined) dialog.close();
    else if (!dialog.open) {
      dialog.showModal();
      this.#opens(about);
    }
  }
}
