/** A titled group of charts that can be folded; folded, it holds none. */
import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from '../../ui/tidy-repeat.js';
import type { ChartSettings, Range } from '../../charts/chart-settings.js';
import { frames } from '../../ui/frame-scheduler.js';
import type { Theme } from '../../ui/theme-choice.js';
import type { MetricGroup } from '../../charts/metric.js';
import type { ChartLine, FrameSource } from '../../charts/metric-chart.js';
import '../../charts/metric-chart.js';
import type { Pointing } from '../../charts/pointing.js';
import { commonStyles } from '../../ui/common-styles.js';
import { ChartChunks } from './chart-chunks.js';
import { groupTitle, groupTitleStyles } from '../group-title.js';

/** A chart that is to stand where another of its group stands. */
export interface ChartMove {
  name: string;
  target: string;
}

/**
 * Of a group of thousands, how many are added in one animation frame, and left out together by the browser while they
 * are out of view: whole rows, whatever the number of columns.
 */
const CHUNK = 60;

@customElement('chart-group')
export class ChartGroup extends LitElement {
  @property({ attribute: false }) group!: MetricGroup;
  @property({ type: Boolean }) open = false;
  @property({ attribute: false }) lines: readonly ChartLine[] = [];
  @property({ type: Number }) epochs = 1;
  @property() theme: Theme = 'dark';
  @property({ attribute: false }) settings!: ChartSettings;
  @property({ attribute: false }) trajectories!: FrameSource;
  @property({ attribute: false }) pointing!: Pointing;
  @property({ attribute: false }) pinned: readonly string[] = [];
  /** Of charts that do not share their x range. */
  @property({ attribute: false }) ranges: ReadonlyMap<string, Range> = new Map();
  /** How many charts are in the document so far. */
  @state() private built = CHUNK;
  /** The chart that is being dragged. */
  #dragged: string | undefined;

  static override readonly styles = [
    commonStyles,
    groupTitleStyles,
    css`
      :host {
        display: block;
        margin-bottom: 18px;
      }
      h2 {
        margin: 0 0 8px;
        font-size: 13px;
      }
      .charts {
        margin-bottom: calc(-1 * var(--gap));
      }
      /* Never more than six columns: 60 charts are whole rows of every number of columns up to that. */
      .chunk {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(max(min(280px, 100%), (100% - 5 * var(--gap)) / 6), 1fr));
        gap: var(--gap);
        padding-bottom: var(--gap);
      }
      .many .chunk {
        content-visibility: auto;
        overflow-clip-margin: var(--gap);
        contain-intrinsic-height: 4000px;
      }
      /* Six stand in two full rows, however wide the window. */
      .six .chunk {
        grid-template-columns: repeat(auto-fill, minmax(max(min(280px, 100%), (100% - 2 * var(--gap)) / 3), 1fr));
      }
      .few .chunk {
        --plot-height: 172px;
        grid-template-columns: repeat(auto-fit, minmax(min(400px, 100%), 1fr));
      }
    `,
  ];

  readonly #chunks = new ChartChunks(CHUNK);

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#chunks.watch([]);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.requestUpdate();
  }

  protected override updated(changed: PropertyValues<this>): void {
    this.#chunks.watch(this.#isLarge ? [...this.renderRoot.querySelectorAll('.chunk')] : []);
    if (changed.has('open') && !this.open) this.built = CHUNK;
    if (this.open && this.built < this.group.metrics.length) frames.schedule(this, () => (this.built += CHUNK));
  }

  get #isLarge(): boolean {
    return this.group.metrics.length > CHUNK;
  }

  override render(): unknown {
    const { title, metrics } = this.group;
    const chunks = Array.from({ length: Math.ceil(Math.min(this.built, metrics.length) / CHUNK) }, (_, index) =>
      metrics.slice(index * CHUNK, (index + 1) * CHUNK),
    );
    const fold = (): boolean => this.dispatchEvent(new CustomEvent('chart-fold'));
    return html`<section aria-label=${title}>
      <h2>${groupTitle(this.group, this.open, fold)}</h2>
      ${
        this.open
          ? html`<div
              class="charts ${metrics.length <= 2 ? 'few' : metrics.length === 6 ? 'six' : ''} ${this.#isLarge ? 'many' : ''}"
              @dragstart=${(event: DragEvent) => this.#dragBegins(event)}
              @dragover=${(event: DragEvent) => this.#draggedOver(event)}
              @dragleave=${(event: DragEvent) => chartOf(event)?.removeAttribute('dropping')}
              @drop=${(event: DragEvent) => this.#dropped(event)}
              @dragend=${() => (this.#dragged = undefined)}
            >
              ${chunks.map((chunk) => html`<div class="chunk">${this.#charts(chunk)}</div>`)}
            </div>`
          : nothing
      }
    </section>`;
  }

  #charts(metrics: MetricGroup['metrics']): unknown {
    return repeat(
      metrics,
      ({ name }) => name,
      (metric) =>
        html`<metric-chart
          .near=${!this.#isLarge}
          .metric=${metric}
          .lines=${this.lines}
          .epochs=${this.epochs}
          .theme=${this.theme}
          .settings=${this.settings}
          .trajectories=${this.trajectories}
          .pointing=${this.pointing}
          .pinned=${this.pinned.includes(metric.name)}
          .ownRange=${this.ranges.get(metric.name) ?? null}
          tools="all"
        ></metric-chart>`,
    );
  }

  #dragBegins(event: DragEvent): void {
    const chart = chartOf(event);
    if (chart === undefined) return;
    this.#dragged = chart.metric.name;
    event.dataTransfer?.setData('text/plain', chart.metric.name);
  }

  /** Charts are moved within their group alone. */
  #draggedOver(event: DragEvent): void {
    const chart = chartOf(event);
    if (chart === undefined || this.#dragged === undefined || chart.metric.name === this.#dragged) return;
    event.preventDefault();
    chart.setAttribute('dropping', '');
  }

  #dropped(event: DragEvent): void {
    const chart = chartOf(event);
    chart?.removeAttribute('dropping');
    if (chart === undefined || this.#dragged === undefined) return;
    event.preventDefault();
    const detail: ChartMove = { name: this.#dragged, target: chart.metric.name };
    this.dispatchEvent(new CustomEvent('chart-move', { detail }));
  }
}

function chartOf({ target }: Event): HTMLElementTagNameMap['metric-chart'] | undefined {
  return target instanceof Element ? (target.closest('metric-chart') ?? undefined) : undefined;
}
