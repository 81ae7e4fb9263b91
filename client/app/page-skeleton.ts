/** The page's outline until the first snapshot arrives: the same places, without numbers. */
import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ViewName } from '../data/navigation.js';

const ROWS = Array.from({ length: 12 });
const CHARTS = Array.from({ length: 8 });
/** Where a view is cards below one another, and not charts side by side. */
const CARDS = Array.from({ length: 2 });

@customElement('page-skeleton')
export class PageSkeleton extends LitElement {
  @property({ reflect: true }) view: ViewName = 'trajectories';

  static override readonly styles = css`
    :host {
      display: grid;
      grid-template-columns: 440px minmax(0, 1fr);
      min-height: calc(100vh - var(--header));
    }
    aside {
      padding: 18px 16px;
      background: var(--panel);
      border-right: 1px solid var(--border);
    }
    i {
      display: block;
      height: 11px;
      margin: 0 0 calc(var(--row) - 11px);
      background: var(--skeleton);
      border-radius: 4px;
    }
    i.title {
      width: 45%;
      height: 16px;
      margin-bottom: 12px;
    }
    i.line {
      width: 85%;
      margin-bottom: 24px;
    }
    i.bar {
      height: 6px;
      margin-bottom: 64px;
    }
    main {
      display: grid;
      grid-template-columns: repeat(6, 1fr);
      gap: var(--gap);
      align-content: start;
      padding: 42px 18px;
    }
    div {
      grid-column: span 2;
      height: 204px;
      background: var(--panel);
      border: 1px solid var(--border);
      border-radius: var(--radius);
    }
    div:nth-child(-n + 2) {
      grid-column: span 3;
      height: 226px;
    }
    :host(:not([view='trajectories'])) div {
      grid-column: 1 / -1;
      height: 380px;
    }
    @media (max-width: 760px) {
      :host,
      main {
        grid-template-columns: minmax(0, 1fr);
      }
      main {
        padding: 14px 10px;
      }
      div,
      div:nth-child(-n + 2) {
        grid-column: auto;
      }
    }
  `;

  override render(): unknown {
    const cards = this.view === 'trajectories' ? CHARTS : CARDS;
    return html`<aside role="status" aria-label="loading">
        <i class="title"></i><i class="line"></i><i class="bar"></i>${ROWS.map(() => html`<i></i>`)}
      </aside>
      <main aria-hidden="true">${cards.map(() => html`<div></div>`)}</main>`;
  }
}
