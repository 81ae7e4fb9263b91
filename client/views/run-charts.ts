/** All series of one run as small charts, in groups that can be folded. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { type MetricGroup, metricGroups } from '../charts/metric.js';
import type { ChartLine } from '../charts/metric-chart.js';
import '../charts/metric-chart.js';
import { commonStyles } from '../elements/common-styles.js';
import { icon } from '../elements/icon.js';
import type { Observatory } from '../state/observatory.js';
import type { RunLine } from '../state/run-lines.js';
import { WatchController } from '../state/watch-controller.js';
import { chartGridStyles } from './chart-grid-styles.js';

/** So many heads have few enough charts to stand open at first. */
const FEW_HEADS = 4;

@customElement('run-charts')
export class RunCharts extends LitElement {
  @property({ attribute: false }) observatory!: Observatory;
  @property({ attribute: false }) line!: RunLine;
  #lines: readonly ChartLine[] = [];
  #linesKey = '';
  #groups: readonly MetricGroup[] = [];
  #groupsKey = '';

  static override readonly styles = [
    commonStyles,
    chartGridStyles,
    css`
      .charts {
        --plot-height: 112px;
        grid-template-columns: repeat(auto-fill, minmax(min(215px, 100%), 1fr));
      }
      .charts.few {
        grid-template-columns: repeat(auto-fit, minmax(min(300px, 100%), 1fr));
      }
    `,
  ];

  constructor() {
    super();
    new WatchController(this, () => [this.observatory.runView.folds, this.observatory.themes.theme]);
  }

  override render(): unknown {
    this.#keep();
    return repeat(
      this.#groups,
      ({ id }) => id,
      (group) => this.#group(group),
    );
  }

  /** The run changes many times a second; what charts are built from does not, and must then stay the same. */
  #keep(): void {
    const { run, label, style } = this.line;
    const { heads, vocab, classes, every } = run.config;
    const linesKey = JSON.stringify([run.id, run.epochs, every, label, style]);
    if (linesKey !== this.#linesKey) {
      this.#linesKey = linesKey;
      // Alone it need not step back behind the run that took its place.
      const shown = { ...style, opacity: 1 };
      this.#lines = [{ id: run.id, label: label.main, style: shown, config: { epochs: run.epochs, every } }];
    }
    const groupsKey = [heads, vocab, classes].join();
    if (groupsKey !== this.#groupsKey) {
      this.#groupsKey = groupsKey;
      this.#groups = metricGroups(heads, { vocab, classes }).map((group) => ({
        ...group,
        open: group.open || heads <= FEW_HEADS,
      }));
    }
  }

  #group(group: MetricGroup): TemplateResult {
    const { runView, themes, trajectories, pointing } = this.observatory;
    const open = runView.isOpen(group);
    const { title, note, metrics } = group;
    return html`<section aria-label=${title}>
      <h3>
        <button class="plain" aria-expanded=${open ? 'true' : 'false'} @click=${() => runView.turn(group.id)}>
          ${icon('unfold')}${title} <span class="note">${open ? note : `${metrics.length} charts · ${note}`}</span>
        </button>
      </h3>
      ${
        open
          ? html`<div class="charts ${metrics.length <= 2 ? 'few' : ''}">
              ${repeat(
                metrics,
                ({ name }) => name,
                (metric) =>
                  html`<metric-chart
                    .metric=${metric}
                    .lines=${this.#lines}
                    .epochs=${Math.max(1, this.line.run.epochs)}
                    .theme=${themes.theme.value}
                    .trajectories=${trajectories}
                    .pointing=${pointing}
                  ></metric-chart>`,
              )}
            </div>`
          : nothing
      }
    </section>`;
  }
}
