/** A titled group of charts that can be folded; folded, it holds none. */
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Theme } from '../charts/line-style.js';
import type { MetricGroup } from '../charts/metric.js';
import type { ChartLine } from '../charts/metric-chart.js';
import '../charts/metric-chart.js';
import type { Pointing } from '../charts/pointing.js';
import { commonStyles } from '../elements/common-styles.js';
import { icon } from '../elements/icon.js';
import type { Trajectories } from '../state/trajectories.js';

@customElement('chart-group')
export class ChartGroup extends LitElement {
  @property({ attribute: false }) group!: MetricGroup;
  @property({ attribute: false }) lines: readonly ChartLine[] = [];
  @property({ type: Number }) epochs = 1;
  @property() theme: Theme = 'dark';
  @property({ attribute: false }) trajectories!: Trajectories;
  @property({ attribute: false }) pointing!: Pointing;
  /** What the user chose; until then the group's own default. */
  @state() private opened: boolean | undefined;

  static override readonly styles = [
    commonStyles,
    css`
      :host {
        display: block;
        margin-bottom: 18px;
      }
      h2 {
        margin: 0 0 8px;
        font-size: 13px;
      }
      h2 button {
        gap: 6px;
        max-width: 100%;
        min-height: max(24px, var(--target) - 4px);
        padding: 0 6px 0 0;
        color: var(--muted);
        font-weight: 650;
      }
      h2 button.plain:hover {
        color: var(--text);
        background: none;
      }
      .icon {
        transition: rotate 0.12s;
      }
      [aria-expanded='false'] .icon {
        rotate: -90deg;
      }
      @media (prefers-reduced-motion: reduce) {
        .icon {
          transition: none;
        }
      }
      .note {
        overflow: hidden;
        text-overflow: ellipsis;
        margin-left: 4px;
        color: var(--faint);
        font-size: 12px;
        font-weight: 400;
      }
      .charts {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(280px, 100%), 1fr));
        gap: var(--gap);
      }
      /* Six stand in two full rows, however wide the window. */
      .charts.six {
        grid-template-columns: repeat(auto-fill, minmax(max(min(280px, 100%), (100% - 2 * var(--gap)) / 3), 1fr));
      }
      .charts.few {
        --plot-height: 172px;
        grid-template-columns: repeat(auto-fit, minmax(min(400px, 100%), 1fr));
      }
    `,
  ];

  override render(): unknown {
    const { title, note, metrics } = this.group;
    const open = this.opened ?? this.group.open;
    return html`<section aria-labelledby="title">
      <h2>
        <button class="plain" id="title" aria-expanded=${open ? 'true' : 'false'} @click=${() => (this.opened = !open)}>
          ${icon('unfold')}${title}
          <span class="note">${open ? note : `${metrics.length} charts · ${note}`}</span>
        </button>
      </h2>
      ${
        open
          ? html`<div class="charts ${metrics.length <= 2 ? 'few' : metrics.length === 6 ? 'six' : ''}">
              ${repeat(
                metrics,
                ({ name }) => name,
                (metric) =>
                  html`<metric-chart
                    .metric=${metric}
                    .lines=${this.lines}
                    .epochs=${this.epochs}
                    .theme=${this.theme}
                    .trajectories=${this.trajectories}
                    .pointing=${this.pointing}
                  ></metric-chart>`,
              )}
            </div>`
          : nothing
      }
    </section>`;
  }
}
