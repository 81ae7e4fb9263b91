/** Two or more runs side by side: which parameters differ, and how far each series is from that of a base run. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { Differences, differenceName } from '../analysis/differences.js';
import { type MetricGroup, metricGroups } from '../charts/metric.js';
import type { ChartLine } from '../charts/metric-chart.js';
import { commonStyles } from '../elements/common-styles.js';
import '../elements/compare-picker.js';
import '../elements/epoch-scrubber.js';
import { icon } from '../elements/icon.js';
import { lineSwatch } from '../elements/line-swatch.js';
import { saveFile } from '../elements/save-file.js';
import { commonEpoch } from '../state/common-epoch.js';
import type { Compared } from '../state/compare-choice.js';
import type { Observatory } from '../state/observatory.js';
import type { RunLine } from '../state/run-lines.js';
import { WatchController } from '../state/watch-controller.js';
import { fullLabel } from '../state/wording.js';
import {
  commonEvery,
  type ComparedRun,
  compareNotes,
  differenceRows,
  differencesCsv,
  parameterRows,
  trajectoriesCsv,
} from './compare-rows.js';
import './compare-values.js';
import { epochViewStyles } from './epoch-view-styles.js';
import './small-charts.js';

@customElement('compare-view')
export class CompareView extends LitElement {
  @property({ attribute: false }) observatory!: Observatory;
  #differences: Differences | undefined;
  #lines: readonly ChartLine[] = [];
  #linesKey = '';
  #groups: readonly MetricGroup[] = [];
  #groupsKey = '';

  static override readonly styles = [
    commonStyles,
    epochViewStyles,
    css`
      .notes {
        margin: 0 2px 12px;
        padding: 0;
        color: var(--muted);
        list-style: none;
      }
      .card td,
      .card tbody th {
        text-align: right;
      }
      .card tr > :first-child {
        text-align: left;
      }
      .parameters {
        max-width: 100%;
      }
      .parameters table {
        min-width: 0;
      }
      .parameters th,
      .parameters td {
        padding: 0 14px;
      }
      .parameters tr > :first-child {
        padding-left: 12px;
      }
      .name {
        display: inline-flex;
        gap: 7px;
        align-items: center;
        max-width: 210px;
        color: var(--text);
        font-weight: 650;
        white-space: normal;
      }
      .other {
        font-weight: 650;
      }
      .alike th {
        font-weight: 400;
      }
      .alike td,
      .alike th {
        color: var(--muted);
      }
      details summary {
        display: flex;
        align-items: center;
        min-height: max(30px, var(--target));
        padding: 0 12px;
        color: var(--muted);
        list-style: none;
        cursor: pointer;
        border-top: 1px solid var(--hairline);
      }
      summary .icon {
        margin-right: 6px;
        rotate: -90deg;
      }
      details[open] .icon {
        rotate: none;
      }
      .none {
        margin: 0;
        padding: 2px 12px 10px;
        color: var(--muted);
      }
      .scrub {
        display: flex;
        max-width: 620px;
        padding: 0 12px 6px;
      }
      .about {
        margin: 0;
        padding: 0 12px 8px;
        font-size: 12px;
      }
      h2.apart {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 8px;
        align-items: center;
        margin: 18px 2px 8px;
      }
      h2 .note {
        font-weight: 400;
      }
      /* The choice of runs is too high to stand before what it is about. */
      @media (max-width: 760px) {
        .bar {
          position: static;
        }
      }
      h2.apart button {
        margin-left: auto;
        padding: 0 8px;
        color: var(--muted);
        font-size: 12px;
      }
    `,
  ];

  constructor() {
    super();
    new WatchController(this, () => {
      const { shownRuns, compare, trajectories, measurements, epoch, themes } = this.observatory;
      return [shownRuns.lines, shownRuns.shown, trajectories, measurements, epoch, themes.theme, ...compare.changes];
    });
  }

  override render(): unknown {
    const { shownRuns, compare } = this.observatory;
    const lines = shownRuns.lines.value;
    const compared = compare.compared(lines, shownRuns.shown.value);
    return html`<div class="bar"><compare-picker .observatory=${this.observatory}></compare-picker></div>
      ${compared === undefined ? this.#tooFew(lines.length) : this.#compare(compared)}`;
  }

  #tooFew(runs: number): TemplateResult {
    return html`<p class="hint">
      ${runs < 2 ? 'Comparing takes two runs: there is only one here.' : 'Comparing takes two runs: choose another.'}
    </p>`;
  }

  #compare(compared: Compared): TemplateResult {
    const { base, others } = compared;
    const runs = [base, ...others].map((line) => this.#known(line));
    const notes = compareNotes(runs, (run) => nameIn(compared, run.id));
    return html`${
      notes.length === 0
        ? nothing
        : html`<ul class="notes" aria-label="what limits the comparison">
            ${notes.map((note) => html`<li>${note}</li>`)}
          </ul>`
    }
    ${this.#parameters(compared)} ${this.#values(compared, runs)} ${this.#charts(compared)}`;
  }

  #known({ run }: RunLine): ComparedRun {
    const { trajectories, measurements } = this.observatory;
    return { run, columns: trajectories.columns(run.id), measurements: measurements.of(run.id) };
  }

  #parameters({ base, others }: Compared): TemplateResult {
    const lines = [base, ...others];
    const rows = parameterRows(lines.map(({ run }) => run));
    const [differing, alike] = [rows.filter(({ differs }) => differs), rows.filter(({ differs }) => !differs)];
    return html`<section class="card parameters" aria-labelledby="parameters">
      <header>
        <h2 id="parameters">Parameters that differ</h2>
      </header>
      ${
        differing.length === 0
          ? html`<p class="none">none: these runs are alike in all of them</p>`
          : html`<div class="scroller" tabindex="0" role="group" aria-label="parameters that differ, the table">
              <table aria-labelledby="parameters">
                <thead>
                  <tr>
                    <td></td>
                    ${lines.map(
                      ({ style, label }, index) =>
                        html`<th scope="col">
                          <span class="name"
                            >${lineSwatch(style)}${fullLabel(label)}${index === 0 ? ', base' : ''}</span
                          >
                        </th>`,
                    )}
                  </tr>
                </thead>
                <tbody>
                  ${differing.map(
                    ({ name, values }) =>
                      html`<tr>
                        <th scope="row">${name}</th>
                        ${values.map((value) => html`<td class=${value === values[0] ? '' : 'other'}>${value}</td>`)}
                      </tr>`,
                  )}
                </tbody>
              </table>
            </div>`
      }
      <details>
        <summary>${icon('unfold')}${alike.length} are the same</summary>
        <table class="alike" aria-label="parameters that are the same">
          <tbody>
            ${alike.map(
              ({ name, values }) =>
                html`<tr>
                  <th scope="row">${name}</th>
                  <td>${values[0]}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </details>
    </section>`;
  }

  #values(compared: Compared, runs: readonly ComparedRun[]): TemplateResult {
    const [base, ...others] = runs;
    const trained = runs.flatMap(({ columns }) => (columns !== undefined && columns.rows > 0 ? [columns] : []));
    const isTrained = (base!.columns?.rows ?? 0) > 0 && trained.length > 1;
    const epoch = isTrained ? commonEpoch(trained, this.observatory.epoch.value) : undefined;
    const rows = epoch === undefined ? [] : differenceRows(base!, others, epoch);
    const { order } = this.observatory.compare;
    const toggle = (): void => order.set(order.value === 'all' ? '' : 'all');
    return html`<section class="card" aria-labelledby="values">
      <header>
        <h2 id="values">Values and differences</h2>
        <span class="note">${epoch === undefined ? '' : `at epoch ${epoch}, on the fixed sample`}</span>
        <div class="tools">
          <button class="plain" aria-pressed=${order.value === 'all' ? 'true' : 'false'} @click=${toggle}>
            largest difference first
          </button>
          <button
            class="plain"
            title="download the table as CSV"
            aria-label="values and differences as CSV"
            ?disabled=${epoch === undefined}
            @click=${() =>
              save(
                'values',
                differencesCsv(
                  base!.run,
                  others.map(({ run }) => run),
                  epoch ?? 0,
                  rows,
                ),
              )}
          >
            CSV
          </button>
        </div>
      </header>
      <div class="scrub"><epoch-scrubber .observatory=${this.observatory}></epoch-scrubber></div>
      ${
        epoch === undefined
          ? html`<p class="none">no epoch yet at which two of these runs were measured, the base among them</p>`
          : html`<p class="about">
                ${this.#aboutEpoch(epoch)} ± as of two independent measurements, where both runs were measured in full;
                bold: beyond two of them. Accuracy in %, its difference in percentage points.
              </p>
              <compare-values .observatory=${this.observatory} .compared=${compared} .rows=${rows}></compare-values>`
      }
    </section>`;
  }

  #aboutEpoch(epoch: number): string {
    const wanted = this.observatory.epoch.value;
    if (wanted === null) return `Epoch ${epoch} is the newest at which all of them were measured.`;
    return epoch === Math.floor(wanted)
      ? ''
      : `Epoch ${epoch} is the last up to there at which all of them were measured.`;
  }

  #charts({ base, others }: Compared): TemplateResult {
    this.#keep(base, others);
    const epochs = Math.max(1, ...[base, ...others].map(({ run }) => run.epochs));
    return html`<h2 class="apart">
        Differences over training <span class="note">each run minus ${fullLabel(base.label)}</span>
        <button
          class="plain"
          aria-label="differences over training as CSV"
          @click=${() => this.#saveCharts(base, others)}
        >
          CSV
        </button>
      </h2>
      <small-charts
        .observatory=${this.observatory}
        .groups=${this.#groups}
        .lines=${this.#lines}
        .epochs=${epochs}
        .source=${this.#differences}
        .folds=${this.observatory.compare.folds}
      ></small-charts>`;
  }

  /** Runs change many times a second; what charts are built from does not, and must then stay the same. */
  #keep(base: RunLine, others: readonly RunLine[]): void {
    if (this.#differences?.baseId !== base.run.id)
      this.#differences = new Differences(this.observatory.trajectories, base.run.id);
    const linesKey = JSON.stringify(
      [base, ...others].map(({ run, label, style }) => [run.id, run.config.every, label, style]),
    );
    if (linesKey !== this.#linesKey) {
      this.#linesKey = linesKey;
      this.#lines = others.map(({ run, label, style }) => ({
        id: run.id,
        label: fullLabel(label),
        style: { ...style, opacity: 1 },
        // Where both are measured; what only one run has, as its middle epoch, is a point less and no gap.
        config: { epochs: 0, every: commonEvery(base.run.config.every, run.config.every) },
      }));
    }
    const { heads, vocab, classes } = base.run.config;
    const common = Math.min(heads, Math.max(...others.map(({ run }) => run.config.heads)));
    const groupsKey = [common, vocab, classes].join();
    if (groupsKey === this.#groupsKey) return;
    this.#groupsKey = groupsKey;
    this.#groups = metricGroups(common, { vocab, classes }).map((group) => ({
      ...group,
      note: group.id === 'training' ? 'accuracy in percentage points' : group.note,
      metrics: group.metrics.map(({ name, note }) => ({
        name: differenceName(name),
        note: group.id === 'training' ? '' : note,
        axis: 'linear',
        banded: false,
        sparse: group.id !== 'training',
      })),
    }));
  }

  #saveCharts(base: RunLine, others: readonly RunLine[]): void {
    const names = ['loss', 'accuracy', ...base.run.series].map(differenceName);
    const all = others.map(({ run }) => ({ run, differences: this.#differences?.columns(run.id) }));
    save('differences', trajectoriesCsv(base.run, all, names));
  }
}

function nameIn({ base, others }: Compared, runId: string): string {
  const line = [base, ...others].find(({ run }) => run.id === runId);
  return line === undefined ? runId : fullLabel(line.label);
}

function save(what: string, csv: string): void {
  saveFile(`compare-${what}.csv`, new Blob([csv], { type: 'text/csv' }));
}
