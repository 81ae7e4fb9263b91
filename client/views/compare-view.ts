/** The compare view. */
import { html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Observatory } from '../state/observatory.js';
import { WatchController } from '../state/watch-controller.js';

@customElement('compare-view')
export class CompareView extends LitElement {
  @property({ attribute: false }) observatory!: Observatory;

  constructor() {
    super();
    new WatchController(this, () => [this.observatory.shownRuns.shown]);
  }

  override render(): unknown {
    return html``;
  }
}
