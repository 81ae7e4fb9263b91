/**
 * One chart: all chosen runs of one metric. Its life is five independent decisions: what is drawn changed (rebuild),
 * the size changed (resize), the x range changed (zoom), frames arrived (update), what chance gives became known (nulls).
 * It exists while it is in view.
 */
import { whenChanged } from '../data/signals.js';
import { html, LitElement, nothing, type PropertyValues, unsafeCSS } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import uplotCss from 'uplot/dist/uPlot.min.css?inline';
import { commonStyles } from '../ui/common-styles.js';
import { icon } from '../ui/icon.js';
import type { Trajectories } from '../data/trajectories.js';
import { nullsKey, type NullOf } from './chance.js';
import { ChartPlot } from './chart-plot.js';
import { type ChartSettings, type Range, shownRange, STANDARD_SETTINGS } from './chart-settings.js';
import { chartStyles } from './chart-styles.js';
import { type ChartLine, stepWord } from './drawn-line.js';
import { frames } from '../ui/frame-scheduler.js';
import type { Theme } from '../ui/theme-choice.js';
import type { Metric } from './metric.js';
import type { Pointing } from './pointing.js';
import { xWords } from './x-axis.js';
import { chartNote } from './y-axis.js';

export type { ChartLine } from './drawn-line.js';

/** Where a chart's columns come from, who tells that they have grown, and what chance gives beside them. */
export interface FrameSource extends Pick<Trajectories, 'columns' | 'onFrames'> {
  /** Read in a signal's effect it tells of a null that arrives. */
  nullOf?: NullOf;
}

/** What a viewer asks of a chart by its tools; the view that holds it answers. */
export interface ChartAction {
  kind: 'pin' | 'enlarge' | 'menu';
  metric: Metric;
  anchor: HTMLElement;
}

/** What of x a viewer wants to see of one chart, or of all that share it; null = all there is. */
export interface ChartZoom {
  name: string;
  range: Range | null;
  shared: boolean;
}

/** Built a little before it is seen, so that scrolling meets a finished chart. */
const AHEAD = '240px 0px';
/** Changes of these make another chart. */
const REBUILDS: readonly PropertyKey[] = ['metric', 'lines', 'epochs', 'theme', 'settings'];
/** And of these what it has to hear of. */
const LISTENS: readonly PropertyKey[] = ['trajectories', 'metric', 'lines', 'settings'];
const NOTHING_DUE = { rebuild: false, size: false, zoom: false, data: false, nulls: false, highlighted: false };

@customElement('metric-chart')
export class MetricChart extends LitElement {
  @property({ attribute: false }) metric!: Metric;
  /** A new array only when the lines or their looks change: it decides about a rebuild. */
  @property({ attribute: false }) lines: readonly ChartLine[] = [];
  @property({ type: Number }) epochs = 1;
  @property() theme: Theme = 'dark';
  @property({ attribute: false }) settings: ChartSettings = STANDARD_SETTINGS;
  @property({ attribute: false }) trajectories!: FrameSource;
  @property({ attribute: false }) pointing!: Pointing;
  /** `files`: it can be saved; `all`: pinned, enlarged and moved, too. */
  @property() tools: 'none' | 'files' | 'all' = 'none';
  @property({ type: Boolean }) pinned = false;
  @state() private message = '';
  @query('.plot') private readonly box!: HTMLElement;

  /** Its x range where charts do not share one. */
  @property({ attribute: false }) ownRange: Range | null = null;

  #plot: ChartPlot | undefined;
  #near = true;
  #inView = false;
  #wasSeen = false;
  /** Of the plot's box; undefined when it may have changed. Reading it makes the browser lay out what was written. */
  #size: { width: number; height: number } | undefined;
  #due = { ...NOTHING_DUE, rebuild: true };
  /** Ends what is listened to while in view. */
  #stops: (() => void)[] = [];
  #observers: { disconnect: () => void }[] = [];

  static override readonly styles = [unsafeCSS(uplotCss), commonStyles, chartStyles];

  /** False where whoever holds thousands of charts knows it to be far from view: then it need not be watched. */
  get near(): boolean {
    return this.#near;
  }

  set near(near: boolean) {
    if (near === this.#near) return;
    this.#near = near;
    if (near && this.isConnected) this.#watch();
    if (!near) this.#unwatch();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.#near) this.#watch();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unwatch();
  }

  #watch(): void {
    const view = new IntersectionObserver((entries) => this.#seen(entries.at(-1)!.isIntersecting), {
      rootMargin: AHEAD,
    });
    view.observe(this);
    const size = new ResizeObserver(() => {
      this.#size = undefined;
      this.#ask('size');
    });
    size.observe(this);
    this.#observers = [view, size];
  }

  #unwatch(): void {
    for (const observer of this.#observers.splice(0)) observer.disconnect();
    this.#seen(false);
  }

  /** Out of view nothing but the name is worth an update: there may be thousands. */
  protected override shouldUpdate(changed: PropertyValues<this>): boolean {
    if ([...changed.keys()].some((name) => REBUILDS.includes(name))) {
      const before = changed.get('settings');
      const zoomedAlone = changed.size === 1 && before !== undefined && equalButForRange(before, this.settings);
      this.#ask(zoomedAlone ? 'zoom' : 'rebuild');
    }
    if (changed.has('ownRange')) this.#ask('zoom');
    if (changed.has('trajectories')) this.#ask('rebuild');
    if ([...changed.keys()].some((name) => LISTENS.includes(name))) this.#listen();
    return this.#inView || !this.hasUpdated || changed.has('metric');
  }

  override render(): unknown {
    const { name } = this.metric;
    const runs = `${this.lines.length} ${this.lines.length === 1 ? 'run' : 'runs'}`;
    const parts = [`${name} by ${xWords(this.settings.x, stepWord(this.lines))}`, this.metric.note, runs].filter(
      (part) => part !== '',
    );
    const note = chartNote(this.metric, this.settings);
    return html`<div class="head" draggable=${this.tools === 'all' ? 'true' : 'false'}>
        <h3>${name} <span>${note}</span></h3>
        ${this.tools !== 'none' && this.#wasSeen ? this.#tools(name) : nothing}
      </div>
      <div class="plot" role="img" aria-label=${parts.join(', ')}>
        ${this.message === '' ? nothing : html`<p class="message">${this.message}</p>`}
      </div>`;
  }

  #tools(name: string): unknown {
    const button = (kind: ChartAction['kind'], label: string, sign: 'pin' | 'enlarge' | 'more'): unknown =>
      html`<button
        class="plain ${sign} ${kind === 'pin' && this.pinned ? 'pinned' : ''}"
        aria-label="${label} ${name}"
        title=${label}
        aria-pressed=${kind === 'pin' ? String(this.pinned) : nothing}
        aria-haspopup=${kind === 'menu' ? 'true' : nothing}
        @click=${(event: Event) => this.#act(kind, event.currentTarget as HTMLElement)}
      >
        ${icon(sign)}
      </button>`;
    return html`<div class="tools">
      ${
        this.tools === 'all' ? html`${button('pin', 'pin', 'pin')}${button('enlarge', 'enlarge', 'enlarge')}` : nothing
      }${button('menu', 'more of', 'more')}
    </div>`;
  }

  #act(kind: ChartAction['kind'], anchor: HTMLElement): void {
    const detail: ChartAction = { kind, metric: this.metric, anchor };
    this.dispatchEvent(new CustomEvent('chart-action', { detail, bubbles: true, composed: true }));
  }

  #seen(inView: boolean): void {
    if (inView === this.#inView) return;
    this.#inView = inView;
    this.#wasSeen ||= inView;
    this.#listen();
    if (!inView) {
      frames.cancel(this);
      this.#destroy();
      // Nobody tells that the pointer has left what is taken away.
      if (this.pointing.pointer?.chart === this.box) this.pointing.leave();
      return;
    }
    this.requestUpdate();
    this.#ask('rebuild');
  }

  /** To the source that it has now, while it is in view. */
  #listen(): void {
    for (const stop of this.#stops.splice(0)) stop();
    if (!this.#inView) return;
    this.#stops = [
      this.trajectories.onFrames((runId) => {
        if (this.lines.some((line) => line.id === runId)) this.#ask('data');
      }),
      whenChanged(
        () => this.pointing.highlighted.value,
        () => this.#ask('highlighted'),
      ),
      whenChanged(
        () => nullsKey(this.metric, this.lines, this.settings.chance, this.#nullOf),
        // Departures are drawn from nulls; beside other values these stand behind the lines.
        () => this.#ask(this.metric.departs === true ? 'rebuild' : 'nulls'),
      ),
    ];
  }

  #ask(what: keyof typeof NOTHING_DUE): void {
    this.#due[what] = true;
    const patient = what === 'data' || what === 'highlighted' || what === 'nulls';
    if (this.#inView) frames.schedule(this, () => this.#draw(), patient);
  }

  #draw(): void {
    const due = this.#due;
    this.#size ??= { width: this.box.clientWidth, height: this.box.clientHeight };
    const { width, height } = this.#size;
    if (!this.#inView || width === 0) return;
    this.#due = { ...NOTHING_DUE };
    if (due.rebuild || this.#plot === undefined) {
      this.#rebuild(width, height);
    } else {
      if (due.size) this.#plot.resize(width, height);
      if (due.zoom) this.#plot.zoom(this.#range);
      if (due.nulls) this.#plot.updateNulls();
      if (due.data) this.#plot.update();
      if (due.highlighted) this.#plot.highlight();
    }
    this.#showMessage();
  }

  #showMessage(): void {
    this.message = this.#plot?.notes.join(' · ') ?? '';
  }

  #rebuild(width: number, height: number): void {
    this.#destroy();
    this.#plot = new ChartPlot(
      {
        metric: this.metric,
        lines: this.lines,
        epochs: this.epochs,
        settings: this.settings,
        zoom: this.#range,
        columnsOf: (runId) => this.trajectories.columns(runId),
        nullOf: this.#nullOf,
        pointing: this.pointing,
        width,
        height,
        painted: () => this.#showMessage(),
        zoomed: (range) => this.#zoomed(range),
      },
      this.box,
    );
  }

  readonly #nullOf: NullOf = (runId, series) => this.trajectories.nullOf?.(runId, series);

  get #range(): Range | null {
    return shownRange(this.settings, this.ownRange);
  }

  #zoomed(range: Range | null): void {
    const detail: ChartZoom = { name: this.metric.name, range, shared: this.settings.shared };
    this.dispatchEvent(new CustomEvent('chart-zoom', { detail, bubbles: true, composed: true }));
  }

  #destroy(): void {
    this.#plot?.destroy();
    this.#plot = undefined;
  }
}

function equalButForRange(a: ChartSettings, b: ChartSettings): boolean {
  const { range: _a, ...restA } = a;
  const { range: _b, ...restB } = b;
  return JSON.stringify(restA) === JSON.stringify(restB);
}

declare global {
  interface HTMLElementTagNameMap {
    'metric-chart': MetricChart;
  }
}
