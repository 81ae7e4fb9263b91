/**
 * A Lit element that is drawn again when a signal changes that it has read while it was drawn, at most once an animation
 * frame; and when it is connected again: while a view is put away nobody tells it what changes.
 */
import { effect } from '@preact/signals-core';
import { LitElement } from 'lit';
import { frames } from './frame-scheduler.js';

export class SignalElement extends LitElement {
  /** Ends the following of what the last update has read. */
  #stop: (() => void) | undefined;
  readonly #redraw = {};

  override connectedCallback(): void {
    super.connectedCallback();
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
    this.#stop = undefined;
    frames.cancel(this.#redraw);
  }

  protected override performUpdate(): void {
    if (!this.isUpdatePending) return;
    this.#stop?.();
    let isUpdated = false;
    let failure: { error: unknown } | undefined;
    const stop = effect(() => {
      // Of several changes the first is enough: this time nothing is read, and so no other change is noticed.
      if (isUpdated) return frames.schedule(this.#redraw, () => this.requestUpdate(), true);
      isUpdated = true;
      try {
        super.performUpdate();
      } catch (error) {
        // An effect that throws is over; a later change may draw what this one could not.
        failure = { error };
      }
    });
    if (this.isConnected) this.#stop = stop;
    else stop();
    if (failure !== undefined) throw failure.error;
  }
}
