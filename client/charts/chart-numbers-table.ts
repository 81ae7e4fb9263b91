/** What a chart shows as a table, for those who would rather read it: epochs down, runs across. */
import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { formatNull, type NullOf, nullsKey } from './chance.js';
import { ChartData } from './chart-data.js';
import { numberTable } from './chart-numbers.js';
import { type ChartSettings, type Range, shownRange } from './chart-settings.js';
import { type ChartLine, stepWord } from './drawn-line.js';
import type { LinePoint } from './line-points.js';
import { formatValue, type Metric } from './metric.js';
import type { FrameSource } from './metric-chart.js';
import type { Pointing } from './pointing.js';
import { SignalElement } from '../ui/signal-element.js';
import { NO_VALUE } from '../ui/numbers.js';
import { epochViewStyles } from '../ui/view-styles.js';
import { commonStyles } from '../ui/common-styles.js';
import { lineSwatch } from './line-swatch.js';

/** More rows than this are not read. */
const MOST_ROWS = 101;

@customElement('chart-numbers-table')
export class ChartNumbersTable extends SignalElement {
  @property({ attribute: false }) metric!: Metric;
  @property({ attribute: false }) lines: readonly ChartLine[] = [];
  @property({ attribute: false }) settings!: ChartSettings;
  /** What the chart shows of x where charts do not share it. */
  @property({ attribute: false }) ownRange: Range | null = null;
  /** Whether all there is stands in it although the chart shows a part. */
  @state() private all = false;
  @property({ attribute: false }) trajectories!: FrameSource;
  @property({ attribute: false }) pointing!: Pointing;
  #data: ChartData | undefined;
  #nullsKey = '';

  static override readonly styles = [
    commonStyles,
    epochViewStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
      }
      .scroller {
        flex: 1;
        overflow: auto;
      }
      thead th {
        position: sticky;
        top: 0;
        z-index: 1;
        background: var(--panel);
      }
      thead th:first-child {
        z-index: 2;
      }
      th .swatch {
        margin-right: 6px;
        vertical-align: 0;
      }
      .chance > * {
        color: var(--muted);
        font-weight: 400;
      }
      td small {
        color: var(--faint);
        font-size: 11px;
      }
      .note {
        display: flex;
        flex-wrap: wrap;
        gap: 2px 16px;
        align-items: center;
        margin: 6px 12px 0;
      }
      label {
        display: inline-flex;
        gap: 6px;
        align-items: center;
        min-height: var(--target);
        color: var(--text);
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { metric, lines, settings } = this;
    const nullOf: NullOf = (runId, series) => this.trajectories.nullOf?.(runId, series);
    const key = nullsKey(metric, lines, settings.chance, nullOf);
    if (changed.has('metric') || changed.has('lines') || changed.has('settings') || key !== this.#nullsKey)
      this.#data = undefined;
    this.#nullsKey = key;
    this.#data ??= new ChartData(metric, lines, settings, 1, nullOf);
    this.#data.update((runId) => this.trajectories.columns(runId));
  }

  override render(): unknown {
    const { lines } = this.#data!;
    const zoom = shownRange(this.settings, this.ownRange);
    const { rows, epochs, nulls } = numberTable(this.#data!, MOST_ROWS, this.all ? null : zoom);
    const highlighted = this.pointing.highlighted.value;
    const stepName = stepWord(this.lines);
    return html`<div class="scroller" tabindex="0" role="group" aria-label="${this.metric.name}, the numbers">
        <table>
          <thead>
            <tr>
              <th scope="col">${stepName}</th>
              ${lines.map(
                (line) =>
                  html`<th scope="col" class=${line.id === highlighted ? 'highlighted' : ''}>
                    ${lineSwatch(line.style)}${line.label}
                  </th>`,
              )}
            </tr>
          </thead>
          <tbody>
            ${
              nulls.length === 0
                ? nothing
                : html`<tr class="chance">
                    <th scope="row">chance</th>
                    ${nulls.map((each) => html`<td>${each === undefined ? NO_VALUE : formatNull(each)}</td>`)}
                  </tr>`
            }
            ${rows.map(
              ({ epoch, values }) =>
                html`<tr>
                  <th scope="row">${epoch}</th>
                  ${values.map((point) => html`<td>${this.#cell(point)}</td>`)}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      ${
        zoom === null && rows.length === epochs
          ? nothing
          : html`<p class="note">
              ${
                zoom === null
                  ? nothing
                  : html`<label
                      ><input
                        type="checkbox"
                        .checked=${this.all}
                        @change=${() => (this.all = !this.all)}
                      />${`all ${stepName}s, not those in view alone`}</label
                    >`
              }
              ${rows.length < epochs ? html`<span>${rows.length} of ${epochs} ${stepName}s; the CSV has each</span>` : nothing}
            </p>`
      }`;
  }

  #cell(point: LinePoint | undefined): unknown {
    if (point === undefined) return NO_VALUE;
    const write = (value: number): string => formatValue(this.metric, value);
    const more = [
      ...(Number.isNaN(point.smoothed) ? [] : [`smoothed ${write(point.smoothed)}`]),
      ...(Number.isNaN(point.low) ? [] : [`${write(point.low)} – ${write(point.high)}`]),
    ];
    return html`${write(point.value)}${more.length === 0 ? nothing : html` <small>${more.join(' · ')}</small>`}`;
  }
}
