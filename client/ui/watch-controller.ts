/**
 * Redraws a Lit element when state it reads changes, at most once an animation frame, and when it is connected again:
 * while a view is put away nobody tells it what changes.
 */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { frames } from './frame-scheduler.js';
import type { Readable } from '../data/value.js';

export class WatchController implements ReactiveController {
  #stops: (() => void)[] = [];

  /** `readables` is asked when the host connects, since the host's properties are set only by then. */
  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly readables: () => Pick<Readable<unknown>, 'subscribe'>[],
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    const redraw = (): void => frames.schedule(this, () => this.host.requestUpdate(), true);
    this.#stops = this.readables().map((readable) => readable.subscribe(redraw));
    this.host.requestUpdate();
  }

  hostDisconnected(): void {
    for (const stop of this.#stops) stop();
    this.#stops = [];
    frames.cancel(this);
  }
}
