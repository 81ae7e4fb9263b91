/** Charts of a few lines each, in groups that can be folded: of one run, or of differences between runs. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from '../ui/tidy-repeat.js';
import { type ChartSettings, STANDARD_SETTINGS } from '../charts/chart-settings.js';
import type { Metric, MetricGroup } from '../charts/metric.js';
import type { ChartAction, ChartLine, ChartZoom, FrameSource } from '../charts/metric-chart.js';
import '../charts/metric-chart.js';
import { commonStyles } from '../ui/common-styles.js';
import type { ChartMenuChoice } from '../charts/chart-menu.js';
import '../charts/chart-menu.js';
import { wholeExtent } from './chart-controls.js';
import '../charts/chart-numbers-table.js';
import { isChartFile, saveChart } from '../charts/save-chart.js';
import type { CollapsedGroups } from '../charts/chart-choices.js';
import type { Observatory } from './observatory.js';
import { SignalElement } from '../ui/signal-element.js';
import { groupTitle, groupTitleStyles } from './group-title.js';

@customElement('small-charts')
export class SmallCharts extends SignalElement {
  @property({ attribute: false }) observatory!: Observatory;
  @property({ attribute: false }) groups: readonly MetricGroup[] = [];
  /** A new array only when the lines or their looks change. */
  @property({ attribute: false }) lines: readonly ChartLine[] = [];
  @property({ type: Number }) epochs = 1;
  @property({ attribute: false }) source!: FrameSource;
  @property({ attribute: false }) folds!: CollapsedGroups;
  /** What a picture of one has to tell of them all. */
  @property() about = '';
  @state() private menu: { metric: Metric; anchor: HTMLElement } | undefined;
  /** Of all that trajectories can be shown by, the band, chance and the end of the axis alone. */
  #settings: ChartSettings = STANDARD_SETTINGS;

  static override readonly styles = [
    commonStyles,
    groupTitleStyles,
    css`
      :host {
        display: block;
      }
      section {
        margin-bottom: 14px;
      }
      header {
        display: flex;
        gap: 8px;
        justify-content: space-between;
        margin-bottom: 6px;
      }
      h3 {
        flex: 1;
        min-width: 0;
        margin: 0;
        font-size: 13px;
      }
      :is(.numbers, .whole) {
        flex: none;
        min-height: max(24px, var(--target) - 4px);
        padding: 0 8px;
        color: var(--muted);
        font-size: 12px;
      }
      :is(.numbers, .whole)[aria-pressed='true'] {
        color: var(--text);
        background: var(--row-highlighted);
      }
      chart-numbers-table {
        max-height: 260px;
        margin-top: 6px;
        background: var(--panel);
        border: 1px solid var(--border);
        border-radius: 8px;
      }
      .charts {
        --plot-height: 112px;
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(215px, 100%), 1fr));
        gap: var(--gap);
      }
      .charts.few {
        grid-template-columns: repeat(auto-fit, minmax(min(300px, 100%), 1fr));
      }
    `,
  ];

  override render(): unknown {
    const band = this.observatory.band.value;
    const whole = this.observatory.charts.whole.value;
    const chance = this.observatory.charts.chance.value;
    const { band: current } = this.#settings;
    const kept = whole === this.#settings.whole && chance === this.#settings.chance;
    if (band.low !== current.low || band.high !== current.high || !kept)
      this.#settings = { ...STANDARD_SETTINGS, band, whole, chance };
    const { epochs, source, about } = this;
    const { small } = this.observatory.charts;
    const save = ({ detail: { kind, metric } }: CustomEvent<ChartMenuChoice>): void => {
      const options = { epochs, settings: this.#settings, source, ownRange: small.of(metric.name), about };
      if (kind === 'csv-all') saveChart('csv', metric, this.lines, { ...options, all: true });
      else if (isChartFile(kind)) saveChart(kind, metric, this.lines, options);
    };
    return html`<div
        @chart-zoom=${({ detail }: CustomEvent<ChartZoom>) => small.set(detail.name, detail.range)}
        @chart-action=${({ detail }: CustomEvent<ChartAction>) => (this.menu = detail)}
      >
        ${repeat(
          this.groups,
          ({ id }) => id,
          (group) => this.#group(group),
        )}
      </div>
      <chart-menu
        files
        .opened=${this.menu}
        @closed=${() => (this.menu = undefined)}
        .zoomed=${({ name }: Metric) => small.of(name) !== null}
        @chart-choice=${save}
      ></chart-menu>`;
  }

  #wholeExtent(): unknown {
    const { charts, runList } = this.observatory;
    const runs = this.lines.flatMap(({ id }) => runList.state.value.runs.get(id) ?? []);
    return wholeExtent(charts, runs);
  }

  #group(group: MetricGroup): TemplateResult {
    const { themes, pointing } = this.observatory;
    const { title, metrics } = group;
    const open = this.folds.isOpen(group);
    const inNumbers = { id: `${group.id}-numbers`, open: false };
    const numbers = this.folds.isOpen(inNumbers);
    return html`<section aria-label=${title}>
      <header>
        <h3>${groupTitle(group, open, () => this.folds.turn(group.id))}</h3>
        ${open && group === this.groups.find((each) => this.folds.isOpen(each)) ? this.#wholeExtent() : nothing}
        ${
          open
            ? html`<button
                class="plain numbers"
                title="the numbers of each chart below it, epoch by epoch"
                aria-label="${title}, the numbers"
                aria-pressed=${numbers ? 'true' : 'false'}
                @click=${() => this.folds.turn(inNumbers.id)}
              >
                numbers
              </button>`
            : nothing
        }
      </header>
      ${
        open
          ? html`<div class="charts ${metrics.length <= 2 ? 'few' : ''}">
              ${repeat(
                metrics,
                ({ name }) => name,
                (metric) =>
                  html`<div>
                    <metric-chart
                      .metric=${metric}
                      .lines=${this.lines}
                      .epochs=${this.epochs}
                      .theme=${themes.theme.value}
                      .settings=${this.#settings}
                      .ownRange=${this.observatory.charts.small.of(metric.name)}
                      .trajectories=${this.source}
                      .pointing=${pointing}
                      tools="files"
                    ></metric-chart>
                    ${
                      numbers
                        ? html`<chart-numbers-table
                            .metric=${metric}
                            .lines=${this.lines}
                            .settings=${this.#settings}
                            .ownRange=${this.observatory.charts.small.of(metric.name)}
                            .trajectories=${this.source}
                            .pointing=${pointing}
                          ></chart-numbers-table>`
                        : nothing
                    }
                  </div>`,
              )}
            </div>`
          : nothing
      }
    </section>`;
  }
}
