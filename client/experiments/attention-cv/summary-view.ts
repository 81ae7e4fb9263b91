/** The script's tables for all shown runs, at its three epochs or, on the fixed sample, at any. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from '../../ui/tidy-repeat.js';
import { SCALED_ERRORS } from '../../data/standard-error.js';
import { commonStyles } from '../../ui/common-styles.js';
import '../../runs/epoch-scrubber.js';
import { headsOf } from './series-picker.js';
import './series-picker.js';
import { fixedReading } from '../../runs/epoch-reading.js';
import { epochOfPoint, FULL_POINTS, type FullPoint, scriptReading } from './script-reading.js';
import type { Observatory } from '../../runs/observatory.js';
import { SignalElement } from '../../ui/signal-element.js';
import { bandWords, BEYOND_CHANCE } from '../../charts/band.js';
import { cvReading, withoutNullsWords } from '../../runs/chart-controls.js';
import { epochViewStyles } from '../../ui/view-styles.js';
import './summary-table.js';
import { ordered, type SummaryRow, type SummaryTable, summaryTables } from './summary-tables.js';
import { configOf, nothingShownWords, onGrid } from './config.js';
import { epochViewsOf } from './epoch-views.js';

@customElement('summary-view')
export class SummaryView extends SignalElement {
  @property({ attribute: false }) observatory!: Observatory;

  static override readonly styles = [
    commonStyles,
    epochViewStyles,
    css`
      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: 2px 18px;
        align-items: center;
        margin: 0 2px 12px;
        color: var(--muted);
        font-size: 12px;
      }
      label {
        display: inline-flex;
        gap: 6px;
        align-items: center;
        min-height: max(24px, var(--target));
        cursor: pointer;
      }
      input {
        margin: 0;
        accent-color: var(--accent);
      }
      select {
        min-height: max(26px, var(--target));
        padding: 0 4px;
        color: var(--text);
        font: inherit;
        font-size: 12px;
        background: var(--raised);
        border: 1px solid var(--border);
        border-radius: 6px;
      }
    `,
  ];

  override render(): unknown {
    const { shownRuns, band, charts } = this.observatory;
    const epochViews = epochViewsOf(this.observatory);
    const shown = onGrid(shownRuns.shown.value);
    if (shown.length === 0) return html`<p class="hint">${nothingShownWords(shownRuns.shown.value)}</p>`;
    const rows = shown.map((line) => ({ line, reading: this.#read(line) }));
    const maxHeads = Math.max(...shown.map(({ run }) => configOf(run).heads));
    const head = Math.min(Math.floor(epochViews.head.value), maxHeads - 1);
    const { family } = headsOf(epochViews.quantity.value);
    const tables = summaryTables(head, family, maxHeads, band.value, charts.cv.value);
    const inOrder = ordered(rows, epochViews.sort.value, tables);
    return html`${this.#bar()}
      <p class="about">${this.#about(rows)}</p>
      ${this.#legend(rows)}
      ${repeat(
        tables,
        ({ id }) => id,
        (table) =>
          html`<summary-table .observatory=${this.observatory} .table=${table} .rows=${inOrder}
            >${this.#picker(table, head, maxHeads)}</summary-table
          >`,
      )}`;
  }

  #read({ run }: SummaryRow['line']): SummaryRow['reading'] {
    const { trajectories, measurements, epoch } = this.observatory;
    const epochViews = epochViewsOf(this.observatory);
    const numbers = { run, columns: trajectories.columns(run.id), measurements: measurements.of(run.id) };
    return epochViews.sample.value === 'script'
      ? scriptReading(numbers, epochViews.point.value)
      : fixedReading(numbers, epoch.value);
  }

  #bar(): TemplateResult {
    const { sample } = epochViewsOf(this.observatory);
    const choice = (kind: 'fixed' | 'script', words: string): TemplateResult =>
      html`<button aria-pressed=${sample.value === kind ? 'true' : 'false'} @click=${() => sample.set(kind)}>
        ${words}
      </button>`;
    return html`<div class="bar">
      ${cvReading(this.observatory.charts)}
      <div class="segments" role="group" aria-label="sample">
        ${choice('fixed', 'fixed sample')}${choice('script', 'script draws')}
      </div>
      ${
        sample.value === 'fixed'
          ? html`<epoch-scrubber .observatory=${this.observatory}></epoch-scrubber>`
          : this.#points()
      }
    </div>`;
  }

  #points(): TemplateResult {
    const { point } = epochViewsOf(this.observatory);
    const runs = onGrid(this.observatory.shownRuns.shown.value).map(({ run }) => run);
    const words = (each: FullPoint): string => {
      const epochs = new Set(runs.map((run) => epochOfPoint(run, each)));
      return epochs.size === 1 ? `epoch ${[...epochs][0]}` : each;
    };
    // A run of one epoch has two of them at epoch 0.
    const distinct = FULL_POINTS.filter(
      (each) => FULL_POINTS.findLast((other) => words(other) === words(each)) === each,
    );
    return html`<div class="segments" role="group" aria-label="epoch">
      ${distinct.map(
        (each) =>
          html`<button
            aria-pressed=${words(point.value) === words(each) ? 'true' : 'false'}
            @click=${() => point.set(each)}
          >
            ${words(each)}
          </button>`,
      )}
    </div>`;
  }

  /** What tells the two kinds of measurement apart. */
  #about(rows: readonly SummaryRow[]): string {
    const samples = configOf(rows[0]!.line.run).samples;
    return epochViewsOf(this.observatory).sample.value === 'fixed'
      ? `Every run and epoch is measured on the same ${samples} random five-point sets, so a difference is a movement of the geometry; the script draws new ones each time, and most of its differences are the draw.`
      : `As in the original script, each measurement draws ${samples} random five-point sets of its own. A CV has a sampling error of several percent through the draw alone, and the difference between two of them has both their errors; on the fixed sample that cancels.`;
  }

  #legend(rows: readonly SummaryRow[]): TemplateResult {
    const { detail, sample } = epochViewsOf(this.observatory);
    const measured = rows.filter(({ reading }) => reading.epoch !== null);
    const full = measured.filter(({ reading }) => reading.full).length;
    const errors =
      sample.value === 'script'
        ? 'no standard errors: the script has none'
        : full === measured.length
          ? ''
          : `${full === 0 ? 'no standard errors here' : `standard errors for ${full} of ${measured.length} runs`}: ${SCALED_ERRORS}`;
    const departs = this.observatory.charts.cv.value === 'departure';
    const band = departs ? BEYOND_CHANCE : this.observatory.band.value;
    const without = withoutNullsWords(
      this.observatory,
      rows.map(({ line }) => line.run),
    );
    return html`<div class="legend">
      <span><span class="mark in"></span>${bandWords(band)}</span>
      ${
        sample.value === 'fixed'
          ? html`<span
              ><span class="mark undecided"></span>undecided: within one standard error of
              ${departs ? '± 2' : 'an edge'}</span
            >`
          : nothing
      }
      ${errors === '' ? nothing : html`<span>${errors}</span>`}
      ${without === '' ? nothing : html`<span>${without}</span>`}
      <label
        ><input
          type="checkbox"
          .checked=${detail.value}
          @change=${(event: Event) => detail.set((event.target as HTMLInputElement).checked)}
        />standard errors and valid samples</label
      >
    </div>`;
  }

  #picker({ id }: SummaryTable, head: number, maxHeads: number): unknown {
    if (id === 'heads') return html`<series-picker heads .observatory=${this.observatory}></series-picker>`;
    if (id !== 'activations' || maxHeads === 1) return nothing;
    return html`<select
      aria-label="head"
      @change=${(event: Event) => epochViewsOf(this.observatory).head.set((event.target as HTMLSelectElement).selectedIndex)}
    >
      ${Array.from({ length: maxHeads }, (_, index) => html`<option .selected=${index === head}>head ${index}</option>`)}
    </select>`;
  }
}
