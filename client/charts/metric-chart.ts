/**
 * One chart: all chosen runs of one metric. Its life is three independent decisions: the size changed (setSize), what
 * is drawn changed (rebuild), frames arrived (setData). It exists while it is in view.
 */
import { css, html, LitElement, type PropertyValues, unsafeCSS } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import uPlot from 'uplot';
import uplotCss from 'uplot/dist/uPlot.min.css?inline';
import type { Trajectories } from '../state/trajectories.js';
import { ChartData, type ChartRun } from './chart-data.js';
import { chartOptions } from './chart-options.js';
import { readChartPalette } from './chart-palette.js';
import { frames } from './frame-scheduler.js';
import type { LineStyle, Theme } from './line-style.js';
import type { Metric } from './metric.js';
import { type Candidate, nearestRuns } from './nearest-runs.js';
import type { Pointing } from './pointing.js';

/** Where a chart's columns come from, and who tells that they have grown. */
export type FrameSource = Pick<Trajectories, 'columns' | 'onFrames'>;

export interface ChartLine extends ChartRun {
  label: string;
  style: LineStyle;
}

const FADED_ALPHA = 0.2;
const LIT_EXTRA_PX = 0.9;
/** Built a little before it is seen, so that scrolling meets a finished chart. */
const AHEAD = '240px 0px';

@customElement('metric-chart')
export class MetricChart extends LitElement {
  @property({ attribute: false }) metric!: Metric;
  /** A new array only when the lines or their looks change: it decides about a rebuild. */
  @property({ attribute: false }) lines: readonly ChartLine[] = [];
  @property({ type: Number }) epochs = 1;
  @property() theme: Theme = 'dark';
  @property({ attribute: false }) trajectories!: FrameSource;
  @property({ attribute: false }) pointing!: Pointing;
  @query('.plot') private readonly box!: HTMLElement;

  #plot: uPlot | undefined;
  #data: ChartData | undefined;
  #marker: HTMLElement | undefined;
  #inView = false;
  #due = { size: false, rebuild: true, data: false, lit: false };
  #stops: (() => void)[] = [];

  static override readonly styles = [
    unsafeCSS(uplotCss),
    css`
      :host {
        display: block;
        min-width: 0;
        padding: 10px 8px 6px;
        background: var(--panel);
        border: 1px solid var(--border);
        border-radius: var(--radius);
        box-shadow: var(--shadow);
        contain: layout paint style;
      }
      h3 {
        display: flex;
        gap: 8px;
        align-items: baseline;
        margin: 0 6px 4px;
        font-size: 13px;
        font-weight: 650;
        white-space: nowrap;
      }
      h3 span {
        overflow: hidden;
        color: var(--faint);
        font-size: 12px;
        font-weight: 400;
        text-overflow: ellipsis;
      }
      .plot {
        position: relative;
        height: var(--plot-height, 150px);
      }
      .uplot {
        position: absolute;
        font-family: inherit;
      }
      .u-hz .u-cursor-x {
        border-right: 1px solid var(--cursor);
      }
      .marker {
        position: absolute;
        top: 0;
        left: 0;
        width: 10px;
        height: 10px;
        margin: -5px 0 0 -5px;
        border: 2px solid var(--panel);
        border-radius: 50%;
        pointer-events: none;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    const view = new IntersectionObserver((entries) => this.#seen(entries.at(-1)!.isIntersecting), {
      rootMargin: AHEAD,
    });
    view.observe(this);
    const size = new ResizeObserver(() => this.#ask('size'));
    size.observe(this);
    this.#stops = [
      () => view.disconnect(),
      () => size.disconnect(),
      this.trajectories.onFrames((runId) => {
        if (this.lines.some((line) => line.id === runId)) this.#ask('data');
      }),
      this.pointing.lit.subscribe(() => this.#ask('lit')),
    ];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.#stops) stop();
    this.#inView = false;
    frames.cancel(this);
    this.#destroy();
  }

  override render(): unknown {
    const { name, note } = this.metric;
    return html`<h3>${name} <span>${note}</span></h3>
      <div class="plot" role="img" aria-label="${name} by epoch, ${note}, ${this.lines.length} runs"></div>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const rebuilds: PropertyKey[] = ['metric', 'lines', 'epochs', 'theme'];
    if ([...changed.keys()].some((name) => rebuilds.includes(name))) this.#ask('rebuild');
  }

  #seen(inView: boolean): void {
    this.#inView = inView;
    if (inView) this.#ask('rebuild');
    else this.#destroy();
  }

  #ask(what: 'size' | 'rebuild' | 'data' | 'lit'): void {
    this.#due[what] = true;
    if (this.#inView) frames.schedule(this, () => this.#draw());
  }

  #draw(): void {
    const due = this.#due;
    this.#due = { size: false, rebuild: false, data: false, lit: false };
    const [width, height] = [this.box.clientWidth, this.box.clientHeight];
    if (!this.#inView || width === 0) return;
    if (due.rebuild || this.#plot === undefined || this.#data === undefined) {
      this.#rebuild(width, height);
      return this.#light();
    }
    if (due.size && (this.#plot.width !== width || this.#plot.height !== height)) this.#plot.setSize({ width, height });
    if (due.data) {
      const data = this.#data.update((runId) => this.trajectories.columns(runId));
      for (const index of this.lines.keys()) this.#plot.series[index + 1]!.show = !this.#data.isEmpty(index);
      this.#plot.setData(data);
      this.#moveMarker();
    }
    if (due.lit) this.#light();
  }

  #rebuild(width: number, height: number): void {
    this.#destroy();
    const held = new ChartData(this.metric, this.lines);
    const data = held.update((runId) => this.trajectories.columns(runId));
    const options = chartOptions({
      metric: this.metric,
      runs: this.lines.map((line, index) => ({ ...line, show: !held.isEmpty(index) })),
      epochs: this.epochs,
      palette: readChartPalette(),
      width,
      height,
      hooks: { setCursor: [(plot) => this.#cursorMoved(plot)] },
    });
    this.#data = held;
    this.#plot = new uPlot(options, data, this.box);
    this.#marker = document.createElement('div');
    this.#marker.className = 'marker';
    this.#marker.hidden = true;
    this.#plot.over.append(this.#marker);
    this.#plot.over.addEventListener('pointerleave', () => this.#pointerLeft());
  }

  #destroy(): void {
    this.#plot?.destroy();
    this.#plot = undefined;
    this.#data = undefined;
  }

  /** Where the lit run stands among the lines; −1 if none is lit or it has nothing to show here. */
  get #litIndex(): number {
    const lit = this.pointing.lit.value;
    const columns = lit === null ? undefined : this.trajectories.columns(lit);
    if (columns === undefined || columns.rows === 0 || !columns.has(this.metric.name)) return -1;
    return this.lines.findIndex((line) => line.id === lit);
  }

  /** Lifts the lit run's line and fades the others; while none is lit all are equal. */
  #light(): void {
    const plot = this.#plot;
    if (plot === undefined) return;
    const lit = this.#litIndex;
    for (const [index, line] of this.lines.entries()) {
      const series = plot.series[index + 1];
      if (series === undefined) continue;
      series.alpha = lit === index ? 1 : Math.min(line.style.opacity, lit === -1 ? 1 : FADED_ALPHA);
      series.width = line.style.widthPx + (lit === index ? LIT_EXTRA_PX : 0);
    }
    plot.redraw(false, false);
    this.#moveMarker();
  }

  #cursorMoved(plot: uPlot): void {
    this.#moveMarker();
    const { idx, left, top } = plot.cursor;
    // Charts in step move their cursors too; only the one under the pointer explains itself.
    if (!plot.over.matches(':hover') || idx == null || left === undefined || top === undefined || left < 0) return;
    const candidates = this.lines.flatMap((line, index): Candidate[] => {
      const value = plot.data[index + 1]?.[idx];
      return value == null ? [] : [{ runId: line.id, value, topPx: plot.valToPos(value, 'y') }];
    });
    const { rows, pointed } = nearestRuns(candidates, top);
    const { left: overLeft, top: overTop } = plot.over.getBoundingClientRect();
    this.pointing.lit.set(pointed?.runId ?? null);
    this.pointing.place.set(
      rows.length === 0
        ? null
        : { metric: this.metric, epoch: idx, rows, x: overLeft + plot.valToPos(idx, 'x'), y: overTop + top },
    );
  }

  #pointerLeft(): void {
    this.pointing.lit.set(null);
    this.pointing.place.set(null);
  }

  /** The dot where the lit run's line meets the cursor. */
  #moveMarker(): void {
    const [plot, marker] = [this.#plot, this.#marker];
    if (plot === undefined || marker === undefined) return;
    const index = this.#litIndex;
    const epoch = plot.cursor.idx;
    const value = index === -1 || epoch == null || (plot.cursor.left ?? -1) < 0 ? null : plot.data[index + 1]?.[epoch];
    marker.hidden = value == null;
    if (value == null || epoch == null) return;
    marker.style.background = this.lines[index]!.style.color;
    marker.style.transform = `translate(${plot.valToPos(epoch, 'x')}px, ${plot.valToPos(value, 'y')}px)`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'metric-chart': MetricChart;
  }
}
