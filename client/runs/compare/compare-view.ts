/** Two or more runs side by side: which parameters differ, and how far each series is from that of a base run. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { Differences, differenceName } from '../../charts/differences.js';
import { DEPARTURE_WORDS, type MetricGroup } from '../../charts/metric.js';
import type { ChartLine } from '../../charts/metric-chart.js';
import { commonStyles } from '../../ui/common-styles.js';
import { experimentOf, commonGroups, seriesGroupsKey } from '../../experiments/experiments.js';
import { saveCsv } from '../../ui/save-file.js';
import type { Compared } from '../compare-choice.js';
import { cvReading, withoutNullsWords } from '../chart-controls.js';
import { longestTotal, type RunLine } from '../run-lines.js';
import type { Observatory } from '../observatory.js';
import { groupOf } from '../../data/run-list.js';
import { SignalElement } from '../../ui/signal-element.js';
import { fullLabel } from '../run-words.js';
import './compare-parameters.js';
import { commonEvery, comparedSeries, cvSeries, type ComparedRun, compareNotes } from './compare-rows.js';
import { trajectoriesCsv } from './compare-text.js';
import './compare-picker.js';
import './compare-values.js';
import { epochViewStyles } from '../../ui/view-styles.js';
import '../small-charts.js';

@customElement('compare-view')
export class CompareView extends SignalElement {
  @property({ attribute: false }) observatory!: Observatory;
  #differences: Differences | undefined;
  #differencesKey = '';
  #lines: readonly ChartLine[] = [];
  #linesKey = '';
  #groups: readonly MetricGroup[] = [];
  #groupsKey = '';

  static override readonly styles = [
    commonStyles,
    epochViewStyles,
    css`
      .missing {
        margin: 0 2px 12px;
        overflow-wrap: anywhere;
      }
      .missing button {
        margin-left: 6px;
      }
      .reading {
        margin: 0 2px 12px;
      }
      .notes {
        margin: 0 2px 12px;
        padding: 0;
        color: var(--muted);
        list-style: none;
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
      /* The selection of runs is too high to stand before what it is about. */
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

  override render(): unknown {
    const { shownRuns, compare } = this.observatory;
    const lines = shownRuns.lines.value;
    const compared = compare.compared(lines, shownRuns.shown.value);
    return html`<div class="bar"><compare-picker .observatory=${this.observatory}></compare-picker></div>
      ${compared === undefined ? nothing : this.#reading(compared)} ${this.#missing(lines)}
      ${compared === undefined ? this.#tooFew(lines.length) : this.#compare(compared)}`;
  }

  /** Offered where the base has CVs to be read so. */
  #reading({ base, others }: Compared): unknown {
    if (experimentOf(base.run).band === undefined) return nothing;
    const without = withoutNullsWords(
      this.observatory,
      [base, ...others].map(({ run }) => run),
    );
    return html`<div class="reading">${cvReading(this.observatory.charts)}</div>
      ${without === '' ? nothing : html`<p class="without" role="status">${without}: they have no departures.</p>`}`;
  }

  /** What a link asks for and is not here: without a word, others would be taken for it. */
  #missing(lines: readonly RunLine[]): unknown {
    const { compare, selection, runList } = this.observatory;
    const { isComplete, runs } = runList.state.value;
    if (!isComplete) return nothing;
    const { elsewhere, gone } = compare.missing(lines, runs);
    const sweeps = [...new Set(elsewhere.map(groupOf))];
    return html`<div role="status">
      ${
        gone.length === 0
          ? nothing
          : html`<p class="missing gone">
              ${gone.length === 1 ? 'There is no run' : 'There are no runs'} ${gone.join(', ')}: deleted, or the link
              belongs to another data folder.
              <button @click=${() => compare.letGo(gone)}>Compare without</button>
            </p>`
      }
      ${
        elsewhere.length === 0
          ? nothing
          : html`<p class="missing elsewhere">
              ${elsewhere.map(({ name }) => name).join(', ')} ${elsewhere.length === 1 ? 'is' : 'are'} in a sweep that
              is not shown. <button @click=${() => selection.addSweeps(sweeps)}>Show it, too</button>
            </p>`
      }
    </div>`;
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
      <compare-parameters .lines=${[base, ...others]} .folds=${this.observatory.compare.folds}></compare-parameters>
      <compare-values .observatory=${this.observatory} .compared=${compared} .runs=${runs}></compare-values>
      ${this.#charts(compared)}`;
  }

  #known({ run }: RunLine): ComparedRun {
    const { trajectories, measurements } = this.observatory;
    return { run, columns: trajectories.columns(run.id), measurements: measurements.of(run.id) };
  }

  #charts({ base, others }: Compared): TemplateResult {
    this.#keep(base, others);
    const epochs = longestTotal([base, ...others].map(({ run }) => run));
    const about = `each run minus ${fullLabel(base.label)}`;
    return html`<h2 class="apart">
        Differences over training <span class="note">${about}</span>
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
        .about=${about}
      ></small-charts>`;
  }

  /** Runs change many times a second; what charts are built from does not, and must then stay the same. */
  #keep(base: RunLine, others: readonly RunLine[]): void {
    const { chartSource, charts } = this.observatory;
    const departs = charts.cv.value === 'departure';
    // Differences are kept as they were made: where nulls are, or come, they are made anew.
    const nulls = departs ? [base, ...others].map(({ run }) => this.#nullsOf(run)) : [];
    const differencesKey = JSON.stringify([base.run.id, departs, nulls]);
    if (differencesKey !== this.#differencesKey) {
      this.#differencesKey = differencesKey;
      this.#differences = new Differences(chartSource, base.run.id, departs ? cvSeries(base.run) : undefined);
    }
    const linesKey = JSON.stringify(
      [base, ...others].map(({ run, label, style }) => [run.id, experimentOf(run).measured(run)?.every, label, style]),
    );
    if (linesKey !== this.#linesKey) {
      this.#linesKey = linesKey;
      this.#lines = others.map(({ run, label, style }) => ({
        id: run.id,
        label: fullLabel(label),
        main: label.main,
        style: { ...style, opacity: 1 },
        // Where both are measured; what only one run has, as its middle epoch, is a point less and no gap.
        config: { epochs: 0, every: commonEvery(base.run, run) },
      }));
    }
    const rest = others.map(({ run }) => run);
    const groupsKey = JSON.stringify([seriesGroupsKey([base.run]), seriesGroupsKey(rest), departs]);
    if (groupsKey === this.#groupsKey) return;
    this.#groupsKey = groupsKey;
    this.#groups = commonGroups(base.run, rest).map((group) => ({
      ...group,
      note: group.id === 'training' ? 'accuracy in percentage points' : group.note,
      metrics: group.metrics.map(({ name, note, banded }) => ({
        name: differenceName(name),
        note: group.id === 'training' ? '' : departs && banded ? DEPARTURE_WORDS : note,
        axis: 'linear',
        banded: false,
        sparse: group.id !== 'training',
      })),
    }));
  }

  #nullsOf(run: RunLine['run']): unknown {
    return [...cvSeries(run)].map((series) => this.observatory.nullOf(run.id, series)?.cv);
  }

  #saveCharts(base: RunLine, others: readonly RunLine[]): void {
    const names = comparedSeries(base.run).map(differenceName);
    const all = others.map(({ run }) => ({ run, differences: this.#differences?.columns(run.id) }));
    saveCsv('compare-differences.csv', trajectoriesCsv(base.run, all, names));
  }
}

function nameIn({ base, others }: Compared, runId: string): string {
  const line = [base, ...others].find(({ run }) => run.id === runId);
  return line === undefined ? runId : fullLabel(line.label);
}
