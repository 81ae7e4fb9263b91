/** Shows the view that is navigated to, once its code is here. */
import { css, html, LitElement } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { cache } from 'lit/directives/cache.js';
import type { ViewName } from '../state/navigation.js';
import type { Observatory } from '../state/observatory.js';
import { WatchController } from '../state/watch-controller.js';
import type { View } from './view.js';
import { VIEWS } from './views.js';

@customElement('view-host')
export class ViewHost extends LitElement {
  @property({ attribute: false }) observatory!: Observatory;
  /** Whose code did not arrive: the server is away, or another version has taken its place. */
  @state() private missing: ViewName | undefined;
  #loaded = new Set<ViewName>();

  static override readonly styles = css`
    :host {
      display: block;
    }
    p {
      color: var(--muted);
    }
  `;

  constructor() {
    super();
    new WatchController(this, () => [this.observatory.navigation.view, this.observatory.connection.status]);
  }

  override render(): unknown {
    const { navigation, connection } = this.observatory;
    const view = VIEWS.find(({ name }) => name === navigation.view.value)!;
    if (this.#loaded.has(view.name)) return html`${cache(view.render(this.observatory))}`;
    // What could not be had is asked for again when the server is back.
    if (this.missing !== view.name || connection.status.value.kind === 'live') void this.#load(view);
    return this.missing === view.name
      ? html`<p role="status">This view could not be loaded from the server. Reload the page once it is back.</p>`
      : html``;
  }

  async #load({ name, load }: View): Promise<void> {
    try {
      await load();
      this.#loaded.add(name);
      this.missing = undefined;
      this.requestUpdate();
    } catch {
      this.missing = name;
    }
  }
}
