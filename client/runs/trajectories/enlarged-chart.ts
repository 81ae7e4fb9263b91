/** One chart as large as the window allows: legend and controls, numbers below if wanted, and ways to take it along. */
import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { shownRange } from '../../charts/chart-settings.js';
import type { Metric } from '../../charts/metric.js';
import type { ChartLine } from '../../charts/metric-chart.js';
import '../../charts/metric-chart.js';
import { chartNote } from '../../charts/y-axis.js';
import type { Observatory } from '../observatory.js';
import { SignalElement } from '../../ui/signal-element.js';
import { epochViewStyles } from '../../ui/view-styles.js';
import { chartControlStyles, cvReading, smoothing, xExtent, yScale } from '../chart-controls.js';
import { chartLegend, chartLegendStyles } from '../chart-legend.js';
import '../../charts/chart-numbers-table.js';
import { commonStyles } from '../../ui/common-styles.js';
import { formStyles } from '../../ui/form-styles.js';
import { icon } from '../../ui/icon.js';
import { type ChartFile, saveChart } from '../../charts/save-chart.js';

@customElement('enlarged-chart')
export class EnlargedChart extends SignalElement {
  @property({ attribute: false }) observatory!: Observatory;
  @property({ attribute: false }) metric!: Metric;
  /** All that can be stepped through, in their order. */
  @property({ attribute: false }) metrics: readonly Metric[] = [];
  @property({ attribute: false }) lines: readonly ChartLine[] = [];
  @property({ type: Number }) epochs = 1;
  @query('dialog') private readonly dialog!: HTMLDialogElement;

  static override readonly styles = [
    commonStyles,
    epochViewStyles,
    formStyles,
    chartControlStyles,
    chartLegendStyles,
    css`
      dialog {
        display: flex;
        flex-direction: column;
        gap: 8px;
        width: min(1500px, calc(100vw - 48px));
        max-width: none;
        height: calc(100dvh - 48px);
        max-height: none;
        padding: 12px 14px;
        color: var(--text);
        background: var(--panel);
        border: 1px solid var(--border);
        border-radius: 10px;
        box-shadow: var(--shadow-float);
      }
      dialog::backdrop {
        background: #05070a80;
      }
      header {
        display: flex;
        flex-wrap: wrap;
        gap: 6px 10px;
        align-items: center;
      }
      h2 {
        flex: 1;
        min-width: 0;
        margin: 0 0 0 4px;
        overflow: hidden;
        font-size: 16px;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      h2 small {
        margin-left: 6px;
        color: var(--faint);
        font-size: 12px;
        font-weight: 400;
      }
      .group,
      .drawn {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
      }
      .drawn {
        gap: 4px 12px;
        margin-left: 4px;
      }
      [aria-pressed='true'] {
        font-weight: 650;
        background: var(--row-highlighted);
      }
      metric-chart {
        flex: 3 1 220px;
        min-height: 200px;
      }
      chart-numbers-table {
        flex: 2 1 160px;
        min-height: 120px;
        border-top: 1px solid var(--border);
      }
      @media (max-width: 760px) {
        dialog {
          width: 100vw;
          height: 100dvh;
          margin: 0;
          padding: 10px;
          border: 0;
          border-radius: 0;
        }
        /* In the corner, where it is looked for. */
        header > * {
          order: 1;
        }
        h2,
        .close {
          order: 0;
        }
        h2 {
          flex-basis: 70%;
        }
        .group button:not(.square) {
          padding: 0 8px;
        }
      }
    `,
  ];

  protected override firstUpdated(): void {
    this.dialog.showModal();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (!this.hasUpdated) return;
    // A dialog that was put away with its view is open no longer, though it says so.
    this.dialog.removeAttribute('open');
    this.dialog.showModal();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observatory.pointing.leave();
  }

  protected override updated(changed: PropertyValues<this>): void {
    // What is drawn in the place of another chart is another chart: nothing of what was pointed at stays.
    if (changed.has('metric')) this.observatory.pointing.leave();
  }

  override render(): unknown {
    const { charts, themes, chartSource, pointing, shownRuns } = this.observatory;
    const settings = charts.settings.value;
    const { metric } = this;
    const ownRange = charts.independentZoom.of(metric.name);
    const zoomed = shownRange(settings, ownRange) !== null;
    const options = { epochs: this.epochs, settings, source: chartSource, ownRange };
    const save = (kind: ChartFile, title: string, words: string, all = false): unknown =>
      html`<button title=${title} @click=${() => saveChart(kind, metric, this.lines, { ...options, all })}>
        ${words}
      </button>`;
    return html`<dialog aria-labelledby="name" @close=${() => charts.large.set('')} @keydown=${this.#keyed}>
      <header>
        <h2 id="name">${metric.name}<small>${chartNote(metric, settings)}</small></h2>
        <div class="group">${this.#step(-1, 'chart before')} ${this.#step(1, 'next chart')}</div>
        <button
          aria-pressed=${charts.numbers.value ? 'true' : 'false'}
          @click=${() => charts.numbers.set(!charts.numbers.value)}
        >
          ${icon('numbers')}numbers
        </button>
        <div class="group">
          ${save('png', 'save as PNG', 'PNG')}${save('svg', 'save as SVG', 'SVG')}
          ${save('csv', zoomed ? 'save what is in view as CSV' : 'save as CSV', 'CSV')}
          ${zoomed ? save('csv', 'save all there is as CSV', 'CSV, all', true) : nothing}
        </div>
        <button class="plain square close" aria-label="close" title="close" @click=${() => this.dialog.close()}>
          ${icon('close')}
        </button>
      </header>
      <div class="drawn" role="group" aria-label="how it is drawn">
        ${cvReading(charts)}${yScale(charts)}${smoothing(charts)}${xExtent(charts, shownRuns, metric.name)}
      </div>
      <metric-chart
        plain
        .metric=${metric}
        .lines=${this.lines}
        .epochs=${this.epochs}
        .theme=${themes.theme.value}
        .settings=${settings}
        .ownRange=${ownRange}
        .trajectories=${chartSource}
        .pointing=${pointing}
      ></metric-chart>
      ${chartLegend(this.observatory, this.lines, metric)}
      ${
        charts.numbers.value
          ? html`<chart-numbers-table
              .metric=${metric}
              .lines=${this.lines}
              .settings=${settings}
              .ownRange=${ownRange}
              .trajectories=${chartSource}
              .pointing=${pointing}
            ></chart-numbers-table>`
          : nothing
      }
    </dialog>`;
  }

  #step(by: -1 | 1, label: string): unknown {
    const next = this.#neighbour(by);
    return html`<button
      class="square"
      aria-label=${label}
      title=${label}
      ?disabled=${next === undefined}
      @click=${() => this.#show(next)}
    >
      ${icon(by === -1 ? 'earlier' : 'later')}
    </button>`;
  }

  #neighbour(by: -1 | 1): Metric | undefined {
    return this.metrics[this.metrics.findIndex(({ name }) => name === this.metric.name) + by];
  }

  #show(metric: Metric | undefined): void {
    if (metric !== undefined) this.observatory.charts.enlarge(metric.name);
  }

  /** Arrows step from chart to chart, but not where they move something else. */
  readonly #keyed = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const own = event
      .composedPath()
      .some((each) => each instanceof HTMLElement && ['CHART-NUMBERS-TABLE', 'INPUT'].includes(each.tagName));
    if (own) return;
    if (event.key === 'ArrowLeft') this.#show(this.#neighbour(-1));
    if (event.key === 'ArrowRight') this.#show(this.#neighbour(1));
  };
}
