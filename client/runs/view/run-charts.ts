/** All series of one run as small charts. */
import { SignalElement } from '../../ui/signal-element.js';
import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { type MetricGroup, readAs } from '../../charts/metric.js';
import type { ChartLine } from '../../charts/metric-chart.js';
import { experimentOf } from '../../experiments/experiments.js';
import { chartLine, longestTotal, type RunLine } from '../run-lines.js';
import type { Observatory } from '../observatory.js';
import { runViewChoice } from './run-view-choice.js';
import '../small-charts.js';

/** Groups of no more charts all stand open at first. */
const FEW_CHARTS = 16;

@customElement('run-charts')
export class RunCharts extends SignalElement {
  @property({ attribute: false }) observatory!: Observatory;
  @property({ attribute: false }) line!: RunLine;
  #lines: readonly ChartLine[] = [];
  #linesKey = '';
  #groups: readonly MetricGroup[] = [];
  #groupsKey = '';

  static override readonly styles = css`
    :host {
      display: block;
    }
  `;

  override render(): unknown {
    this.#keep();
    const { chartSource } = this.observatory;
    return html`<small-charts
      .observatory=${this.observatory}
      .groups=${this.#groups}
      .lines=${this.#lines}
      .epochs=${longestTotal([this.line.run])}
      .source=${chartSource}
      .folds=${runViewChoice(this.observatory).folds}
    ></small-charts>`;
  }

  /** The run changes many times a second; what charts are built from does not, and must then stay the same. */
  #keep(): void {
    const { run, label, style } = this.line;
    const experiment = experimentOf(run);
    const linesKey = JSON.stringify([run.id, run.total, experiment.measured(run)?.every, label, style, run.seams]);
    if (linesKey !== this.#linesKey) {
      this.#linesKey = linesKey;
      // Alone it need not step back behind the run that took its place.
      const shown = { ...style, opacity: 1 };
      this.#lines = [{ ...chartLine(this.line), label: label.main, style: shown }];
    }
    const reading = this.observatory.charts.cv.value;
    const groupsKey = JSON.stringify([experiment.groupsKey([run]), reading]);
    if (groupsKey !== this.#groupsKey) {
      this.#groupsKey = groupsKey;
      const groups = readAs(experiment.groups([run]), reading);
      const areFew = groups.every(({ metrics }) => metrics.length <= FEW_CHARTS);
      this.#groups = groups.map((group) => ({ ...group, open: group.open || areFew }));
    }
  }
}
