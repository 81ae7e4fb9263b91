/** The page's frame: header, the sweep beside its trajectories, and what is said instead when there are none. */
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { Observatory } from '../state/observatory.js';
import { WatchController } from '../state/watch-controller.js';
import { VIEWS } from '../views/views.js';
import '../views/view-host.js';
import './chart-tooltip.js';
import { commonStyles } from './common-styles.js';
import './connection-badge.js';
import './empty-state.js';
import { icon } from './icon.js';
import './notice-list.js';
import './page-skeleton.js';
import { pentachoronMark } from './pentachoron-mark.js';
import './storage-banner.js';
import type { SweepForm } from './sweep-form.js';
import './sweep-form.js';
import './sweep-panel.js';

@customElement('app-shell')
export class AppShell extends LitElement {
  @property({ attribute: false }) observatory!: Observatory;
  @query('sweep-form') private readonly form!: SweepForm;
  @query('.top') private readonly top!: HTMLElement;

  /** What scrolls beneath begins where the banners end. */
  readonly #topSize = new ResizeObserver(() =>
    this.style.setProperty('--top', `${this.top.getBoundingClientRect().height}px`),
  );

  static override readonly styles = [
    commonStyles,
    css`
      .top {
        position: sticky;
        top: 0;
        z-index: 3;
      }
      header {
        display: flex;
        gap: 16px;
        align-items: center;
        height: var(--header);
        padding: 0 16px;
        background: var(--panel);
        border-bottom: 1px solid var(--border);
      }
      h1 {
        display: flex;
        gap: 9px;
        align-items: center;
        margin: 0;
        font-size: 15px;
        font-weight: 700;
      }
      nav {
        display: flex;
        gap: 2px;
        align-self: stretch;
        margin-right: auto;
      }
      nav a {
        display: flex;
        align-items: center;
        padding: 0 11px;
        color: var(--muted);
        white-space: nowrap;
        text-decoration: none;
        border-bottom: 2px solid transparent;
      }
      nav a:hover {
        color: var(--text);
      }
      nav a[aria-current='page'] {
        color: var(--text);
        font-weight: 650;
        border-bottom-color: var(--accent);
      }
      connection-badge {
        margin-left: auto;
      }
      .mark {
        width: 24px;
        height: 24px;
        color: var(--accent);
      }
      .watching {
        color: var(--muted);
      }
      .theme {
        color: var(--muted);
      }
      .body {
        display: grid;
        grid-template-columns: 440px minmax(0, 1fr);
        align-items: start;
      }
      sweep-panel {
        position: sticky;
        top: var(--top, var(--header));
        height: calc(100vh - var(--top, var(--header)));
        overflow: auto;
        background: var(--panel);
        border-right: 1px solid var(--border);
      }
      main {
        padding: 16px 18px 40px;
      }
      .banner {
        padding: 10px 16px;
        color: var(--text);
        background: var(--bad-soft);
        border-bottom: 1px solid var(--border);
      }
      .banner b {
        color: var(--bad);
      }
      @media (max-width: 1100px) {
        .body {
          grid-template-columns: 404px minmax(0, 1fr);
        }
      }
      @media (max-width: 760px) {
        /* The screen is too low to lose the banner's lines for good: the header alone stays. */
        .top {
          display: contents;
        }
        header {
          position: sticky;
          top: 0;
          z-index: 3;
          gap: 10px;
          padding: 0 10px;
        }
        nav {
          position: absolute;
          top: var(--header);
          right: 0;
          left: 0;
          height: 42px;
          overflow-x: auto;
          background: var(--panel);
          border-bottom: 1px solid var(--border);
        }
        .watching,
        /* How long the server is away needs the room more than what cannot be pressed. */
        .primary:disabled {
          display: none;
        }
        .body {
          grid-template-columns: minmax(0, 1fr);
          margin-top: 42px;
        }
        sweep-panel {
          --sticky-top: calc(var(--header) + 42px);
          position: static;
          height: auto;
          border-right: 0;
          border-bottom: 1px solid var(--border);
        }
        main {
          padding: 14px 10px 40px;
        }
      }
    `,
  ];

  constructor() {
    super();
    new WatchController(this, () => [
      this.observatory.runList.state,
      this.observatory.choice.sweepIds,
      this.observatory.connection.status,
      this.observatory.themes.preference,
      this.observatory.navigation.view,
    ]);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#topSize.disconnect();
  }

  protected override firstUpdated(): void {
    this.#topSize.observe(this.top);
  }

  override render(): unknown {
    const { runList, choice, connection, themes, pointing } = this.observatory;
    const { loaded, viewers, role } = runList.state.value;
    const status = connection.status.value;
    const preference = themes.preference.value;
    const empty = loaded && choice.sweepIds.value.length === 0;
    return html`<div class="top">
        <header>
          <h1>${pentachoronMark()} Pentachoron</h1>
          ${loaded && !empty ? this.#tabs() : nothing}
          <connection-badge .connection=${connection}></connection-badge>
          ${loaded && status.kind === 'live' ? html`<span class="watching">${viewers} watching</span>` : nothing}
          <button
            class="plain square theme"
            title="theme: ${preference}"
            aria-label="theme: ${preference}"
            @click=${() => themes.next()}
          >
            ${icon(preference)}
          </button>
          ${
            loaded && role === 'controller' && !empty
              ? html`<button class="primary" ?disabled=${status.kind !== 'live'} @click=${() => this.form.show()}>
                  New sweep
                </button>`
              : nothing
          }
        </header>
        ${
          status.kind === 'refused'
            ? html`<div class="banner" role="alert">
                <b>The server refused this page.</b> ${status.reason}. Nothing was lost; reload once that is settled.
              </div>`
            : nothing
        }
        <storage-banner .storage=${this.observatory.storage}></storage-banner>
      </div>
      ${
        empty
          ? html`<empty-state .observatory=${this.observatory} @new-sweep=${() => this.form.show()}></empty-state>`
          : loaded
            ? html`<div class="body">
                <sweep-panel .observatory=${this.observatory}></sweep-panel>
                <main><view-host .observatory=${this.observatory}></view-host></main>
              </div>`
            : html`<page-skeleton></page-skeleton>`
      }
      <sweep-form .observatory=${this.observatory}></sweep-form>
      <chart-tooltip .observatory=${this.observatory} .pointing=${pointing}></chart-tooltip>
      <notice-list .notices=${this.observatory.notices}></notice-list> `;
  }

  /** Links, so that a view can be opened beside another. */
  #tabs(): unknown {
    const { navigation } = this.observatory;
    return html`<nav aria-label="views">
      ${VIEWS.map(({ name, tab }) =>
        tab === undefined || name === 'run'
          ? nothing
          : html`<a
              href=${navigation.linkTo(name)}
              aria-current=${navigation.view.value === name ? 'page' : nothing}
              @click=${(event: MouseEvent) => {
                if (event.metaKey || event.ctrlKey || event.shiftKey) return;
                event.preventDefault();
                navigation.show(name);
              }}
              >${tab}</a
            >`,
      )}
    </nav>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'app-shell': AppShell;
  }
}
