/** All views of the page, and the element that shows the one that is navigated to, once its code is here. */
import { css, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { cache } from 'lit/directives/cache.js';
import { askHealth } from '../data/commands.js';
import type { ViewName } from '../data/navigation.js';
import { ReloadOnce } from '../data/reload-once.js';
import type { Observatory } from '../runs/observatory.js';
import { SignalElement } from '../ui/signal-element.js';
import type { View } from '../runs/experiment-page.js';
import { EXPERIMENT_PAGES } from '../experiments/registry.js';

/** Every view: its name in the header, how it is drawn, and where its code comes from, loaded when first shown. */
export const VIEWS: readonly View[] = [
  {
    name: 'trajectories',
    tab: 'Trajectories',
    letter: 't',
    load: () => import('../runs/trajectories/trajectories-view.js'),
    render: (observatory) => html`<trajectories-view .observatory=${observatory}></trajectories-view>`,
  },
  ...EXPERIMENT_PAGES.flatMap(({ views }) => views),
  {
    name: 'compare',
    tab: 'Compare',
    letter: 'c',
    load: () => import('../runs/compare/compare-view.js'),
    render: (observatory) => html`<compare-view .observatory=${observatory}></compare-view>`,
  },
  {
    name: 'run',
    load: () => import('../runs/view/run-view.js'),
    render: (observatory) => html`<run-view .observatory=${observatory}></run-view>`,
  },
];

/** Asks for a view's code, before the server has told what to show. */
export function loadAhead(name: ViewName): void {
  viewOf(name)
    .load()
    .catch(() => undefined);
}

function viewOf(name: ViewName): View {
  return VIEWS.find((view) => view.name === name)!;
}

@customElement('view-host')
export class ViewHost extends SignalElement {
  @property({ attribute: false }) observatory!: Observatory;
  /** Whose code did not arrive: the server is away, or another version has taken its place. */
  @state() private missing: ViewName | undefined;
  readonly #loaded = new Set<ViewName>();
  readonly #reload = new ReloadOnce('view');

  static override readonly styles = css`
    :host {
      display: block;
    }
    p {
      color: var(--muted);
    }
  `;

  override render(): unknown {
    const { navigation, connection } = this.observatory;
    const view = viewOf(navigation.view.value);
    if (this.#loaded.has(view.name)) return html`${cache(view.render(this.observatory))}`;
    const isLive = connection.status.value.kind === 'live';
    // What could not be had is asked for again when the server is back.
    if (this.missing !== view.name || isLive) void this.#load(view);
    if (this.missing !== view.name) return html``;
    const next = isLive ? 'Reload the page to try again.' : 'It is asked for again once the server is back.';
    return html`<p role="status">This view could not be loaded from the server. ${next}</p>`;
  }

  async #load({ name, load }: View): Promise<void> {
    try {
      await load();
      this.#loaded.add(name);
      this.missing = undefined;
      this.#reload.succeeded();
      this.requestUpdate();
    } catch {
      this.missing = name;
      // Some browsers never ask again for code that failed once, and after an update its file has another name.
      const isLive = this.observatory.connection.status.value.kind === 'live';
      if (isLive && (await askHealth()).kind === 'healthy') this.#reload.failed(name);
    }
  }
}
