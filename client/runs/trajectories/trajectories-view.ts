/** Every metric over training, all shown runs overlaid, in groups that can be folded. */
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from '../../ui/tidy-repeat.js';
import { arrange, moved, seriesSearch } from '../../charts/arrangement.js';
import { shownRange } from '../../charts/chart-settings.js';
import { type Metric, type MetricGroup, readAs } from '../../charts/metric.js';
import type { ChartAction, ChartLine, ChartZoom } from '../../charts/metric-chart.js';
import type { ChartMenuChoice } from '../../charts/chart-menu.js';
import '../../charts/chart-menu.js';
import './chart-toolbar.js';
import './enlarged-chart.js';
import { seriesGroups, seriesGroupsKey } from '../../experiments/experiments.js';
import { saveChart } from '../../charts/save-chart.js';
import { chartLine, haveSeedReplicates, longestTotal } from '../run-lines.js';
import type { Observatory } from '../observatory.js';
import { SignalElement } from '../../ui/signal-element.js';
import type { ChartMove } from './chart-group.js';
import './chart-group.js';

@customElement('trajectories-view')
export class TrajectoriesView extends SignalElement {
  @property({ attribute: false }) observatory!: Observatory;
  @state() private menu: { metric: Metric; anchor: HTMLElement } | undefined;
  #lines: readonly ChartLine[] = [];
  #linesKey = '';
  /** As they are if nothing is pinned, moved or looked for. */
  #standard: readonly MetricGroup[] = [];
  #standardKey = '';
  #shownGroups: readonly MetricGroup[] = [];

  static override readonly styles = css`
    :host {
      display: block;
    }
    .none {
      margin: 24px 2px;
      color: var(--muted);
    }
  `;

  override render(): unknown {
    const { themes, chartSource, pointing, charts } = this.observatory;
    const theme = themes.theme.value;
    const epochs = this.#epochs;
    this.#takeLines();
    this.#takeGroups();
    const { find, pinned } = charts.arrangement.value;
    const large = this.#metrics.find(({ name }) => name === charts.large.value);
    return html`<chart-toolbar
        .observatory=${this.observatory}
        .seedReplicates=${haveSeedReplicates(this.#lines)}
        .trouble=${seriesSearch(find).trouble}
      ></chart-toolbar>
      <div @chart-action=${(event: CustomEvent<ChartAction>) => this.#act(event.detail)} @chart-zoom=${this.#zoomed}>
        ${
          this.#shownGroups.length === 0
            ? html`<p class="none" role="status">No series is called “${find}”.</p>`
            : repeat(
                this.#shownGroups,
                ({ id }) => id,
                (group) =>
                  html`<chart-group
                    .group=${group}
                    .open=${find.trim() !== '' || charts.isOpen(group)}
                    .lines=${this.#lines}
                    .epochs=${epochs}
                    .theme=${theme}
                    .settings=${charts.settings.value}
                    .trajectories=${chartSource}
                    .pointing=${pointing}
                    .pinned=${pinned}
                    .ranges=${charts.independentZoom.all.value}
                    @chart-fold=${() => charts.turn(group)}
                    @chart-move=${(event: CustomEvent<ChartMove>) => this.#move(group, event.detail)}
                  ></chart-group>`,
              )
        }
      </div>
      <chart-menu
        .opened=${this.menu}
        @closed=${() => (this.menu = undefined)}
        .pinned=${pinned}
        .zoomed=${({ name }: Metric) => shownRange(charts.settings.value, charts.independentZoom.of(name)) !== null}
        @chart-choice=${(event: CustomEvent<ChartMenuChoice>) => this.#choose(event.detail)}
      ></chart-menu>
      ${
        large === undefined
          ? nothing
          : html`<enlarged-chart
              .observatory=${this.observatory}
              .metric=${large}
              .metrics=${this.#shownGroups.flatMap(({ metrics }) => metrics)}
              .lines=${this.#lines}
              .epochs=${epochs}
              @chart-zoom=${this.#zoomed}
            ></enlarged-chart>`
      }`;
  }

  /** Runs change many times a second; their lines do not, and a new array would rebuild every chart. */
  #takeLines(): void {
    const lines = this.observatory.shownRuns.shown.value.map(chartLine);
    const key = JSON.stringify([this.observatory.themes.theme.value, lines]);
    if (key === this.#linesKey) return;
    this.#linesKey = key;
    this.#lines = lines;
  }

  #takeGroups(): void {
    const { shownRuns, charts } = this.observatory;
    const all = shownRuns.lines.value.map(({ run }) => run);
    const arrangement = charts.arrangement.value;
    const reading = charts.cv.value;
    const key = JSON.stringify([seriesGroupsKey(all), arrangement, reading]);
    if (key === this.#standardKey) return;
    this.#standardKey = key;
    const groups = readAs(seriesGroups(all), reading);
    this.#standard = arrange(groups, { pinned: [], order: [], ribbon: arrangement.ribbon, find: '' });
    this.#shownGroups = arrange(groups, arrangement);
  }

  get #epochs(): number {
    return longestTotal(this.observatory.shownRuns.shown.value.map(({ run }) => run));
  }

  get #metrics(): MetricGroup['metrics'] {
    return this.#standard.flatMap(({ metrics }) => metrics);
  }

  readonly #zoomed = ({ detail: { name, range, shared } }: CustomEvent<ChartZoom>): void => {
    const { charts } = this.observatory;
    if (shared) charts.range.set(range);
    else charts.independentZoom.set(name, range);
  };

  #act({ kind, metric, anchor }: ChartAction): void {
    const { charts } = this.observatory;
    if (kind === 'pin') charts.pin(metric.name);
    else if (kind === 'enlarge') charts.enlarge(metric.name, false);
    else this.menu = { metric, anchor };
  }

  #choose({ kind, metric }: ChartMenuChoice): void {
    const { charts } = this.observatory;
    if (kind === 'pin') charts.pin(metric.name);
    else if (kind === 'enlarge' || kind === 'numbers') charts.enlarge(metric.name, kind === 'numbers');
    else if (kind === 'earlier' || kind === 'later') this.#shift(metric.name, kind === 'earlier' ? -1 : 1);
    else {
      const { chartSource: source } = this.observatory;
      const settings = charts.settings.value;
      const ownRange = charts.independentZoom.of(metric.name);
      const all = kind === 'csv-all';
      saveChart(all ? 'csv' : kind, metric, this.#lines, { epochs: this.#epochs, settings, source, ownRange, all });
    }
  }

  #shift(name: string, by: -1 | 1): void {
    const group = this.#shownGroups.find(({ metrics }) => metrics.some((metric) => metric.name === name));
    const names = group?.metrics.map((metric) => metric.name) ?? [];
    const target = names[names.indexOf(name) + by];
    if (group !== undefined && target !== undefined) this.#move(group, { name, target });
  }

  #move({ id, metrics }: MetricGroup, { name, target }: ChartMove): void {
    const { charts } = this.observatory;
    const names = metrics.map((metric) => metric.name);
    if (id === 'pinned') return charts.pinned.set(moved(names, [], [], name, target));
    const standard = this.#metrics.map((metric) => metric.name).filter((each) => names.includes(each));
    charts.order.set(moved(names, standard, charts.order.value, name, target));
  }
}
