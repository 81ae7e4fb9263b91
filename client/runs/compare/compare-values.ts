/** What each series of the compared runs is at one epoch, and how far that is from the base: a table to sort. */
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { commonStyles } from '../../ui/common-styles.js';
import { lineSwatch } from '../../charts/line-swatch.js';
import type { Compared } from '../compare-choice.js';
import '../epoch-scrubber.js';
import '../../ui/table-files.js';
import type { Observatory } from '../observatory.js';
import type { RunLine } from '../run-lines.js';
import { SignalElement } from '../../ui/signal-element.js';
import { fullLabel } from '../run-words.js';
import {
  type ComparedRun,
  type DifferenceCell,
  type DifferenceRow,
  differenceRows,
  orderedRows,
} from './compare-rows.js';
import { DEPARTURE_WORDS } from '../../charts/metric.js';
import { differencesCsv, differencesMarkdown, differenceText, valueText } from './compare-text.js';
import { compareValuesStyles } from './compare-values-styles.js';
import { epochViewStyles } from '../../ui/view-styles.js';
import { type SortHead, sortHead, sortHeadStyles } from '../../ui/sort-head.js';
import { measuredEpoch } from '../epoch-reading.js';
import type { RunColumns } from '../../data/run-columns.js';

/** The order by the largest difference of all runs. */
const BY_ALL = '-difference';

@customElement('compare-values')
export class CompareValues extends SignalElement {
  @property({ attribute: false }) observatory!: Observatory;
  @property({ attribute: false }) compared!: Compared;
  /** What is known of them, the base first. */
  @property({ attribute: false }) runs: readonly ComparedRun[] = [];

  static override readonly styles = [commonStyles, epochViewStyles, sortHeadStyles, compareValuesStyles];

  override render(): unknown {
    const epoch = this.#epoch;
    const { order } = this.observatory.compare;
    const departs = this.observatory.charts.cv.value === 'departure';
    return html`<section class="card" aria-labelledby="values">
      <header>
        <h2 id="values">Values and differences</h2>
        <span class="note"
          >${epoch === undefined ? '' : `at epoch ${epoch}, on the fixed sample${departs ? `; CVs as ${DEPARTURE_WORDS}` : ''}`}</span
        >
        <div class="tools">
          <button
            class="plain"
            aria-pressed=${order.value === BY_ALL ? 'true' : 'false'}
            @click=${() => order.set(order.value === BY_ALL ? '' : BY_ALL)}
          >
            largest difference first
          </button>
          <table-files .write=${this.#write} ?disabled=${epoch === undefined} file="compare-values"></table-files>
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
              ${this.#table(this.#rows(epoch))}`
      }
    </section>`;
  }

  /** Which of them is shown; undefined while there is none that two of them have, the base among them. */
  get #epoch(): number | undefined {
    const trained = this.runs.flatMap(({ columns }) => (columns !== undefined && columns.rows > 0 ? [columns] : []));
    const isTrained = (this.runs[0]?.columns?.rows ?? 0) > 0 && trained.length > 1;
    return isTrained ? commonEpoch(trained, this.observatory.epoch.value) : undefined;
  }

  /** In the order that is chosen. */
  #rows(epoch: number): DifferenceRow[] {
    const { charts } = this.observatory;
    const [base, ...others] = this.runs;
    const runIds = others.map(({ run }) => run.id);
    return orderedRows(
      differenceRows(base!, others, epoch, charts.cv.value),
      this.observatory.compare.order.value,
      runIds,
    );
  }

  #aboutEpoch(epoch: number): string {
    const wanted = this.observatory.epoch.value;
    if (wanted === null) return `Epoch ${epoch} is the newest at which all of them were measured.`;
    return epoch === Math.floor(wanted)
      ? ''
      : `Epoch ${epoch} is the last up to there at which all of them were measured.`;
  }

  #table(rows: readonly DifferenceRow[]): TemplateResult {
    const { base, others } = this.compared;
    const [training, cvs] = [true, false].map((wanted) =>
      rows.filter(({ group }) => (group === 'training') === wanted),
    );
    return html`<div class="scroller" tabindex="0" role="group" aria-label="values and differences, the table">
      <table aria-label="values and differences">
        <thead>
          <tr>
            <td></td>
            <th scope="col">${name(base)}</th>
            ${others.map((line) => html`<th scope="colgroup" colspan="2" class="edge">${name(line)}</th>`)}
          </tr>
          <tr>
            ${this.#head({ key: 'series', words: 'series', title: 'order by name', first: 'ascending' })}
            ${this.#head({ key: 'base', words: 'base', title: 'order by the base’s value' })}
            ${others.map((line) => this.#heads(line))}
          </tr>
        </thead>
        <tbody>
          ${training!.map(rowOf)}
        </tbody>
        <tbody>
          ${cvs!.map(rowOf)}
        </tbody>
      </table>
    </div>`;
  }

  #heads({ run, label }: RunLine): TemplateResult {
    const name = fullLabel(label);
    return html`${this.#head({ key: `value.${run.id}`, words: 'value', label: `value of ${name}`, kind: 'edge' })}
    ${this.#head({
      key: `difference.${run.id}`,
      words: 'difference',
      label: `difference of ${name}`,
      title: 'order by the size of the difference',
    })}`;
  }

  #head(head: Omit<SortHead, 'sort' | 'choose'>): TemplateResult {
    const { order } = this.observatory.compare;
    return sortHead({ ...head, sort: order.value, choose: (next) => order.set(next) });
  }

  readonly #write = (format: 'Markdown' | 'CSV'): string => {
    const { base, others } = this.compared;
    const epoch = this.#epoch ?? 0;
    const rows = this.#rows(epoch);
    if (format === 'Markdown')
      return differencesMarkdown(
        [base, ...others].map(({ label }) => fullLabel(label)),
        rows,
      );
    return differencesCsv(
      base.run,
      others.map(({ run }) => run),
      epoch,
      rows,
    );
  };
}

function name({ label, style }: RunLine): TemplateResult {
  return html`<span class="name">${lineSwatch(style)}${fullLabel(label)}</span>`;
}

function rowOf(row: DifferenceRow): TemplateResult {
  return html`<tr>
    <th scope="row">${row.series}</th>
    <td class="value">${valueText(row, row.base)}</td>
    ${row.cells.map((cell) => pair(row, cell))}
  </tr>`;
}

function pair(row: DifferenceRow, cell: DifferenceCell): TemplateResult {
  const { text, error } = differenceText(row, cell);
  const { difference, significant } = cell;
  const kind = Number.isNaN(difference) ? 'none' : significant === null ? '' : significant ? 'clear' : 'unclear';
  return html`<td class="edge value">${valueText(row, cell.value)}</td>
    <td class=${kind}>
      ${text}${error === '' ? nothing : html` <small>${error}</small>`}${
        kind === 'unclear' ? html`<span class="visually-hidden">, not significant</span>` : nothing
      }
    </td>`;
}

/** The newest epoch, or the newest up to `epoch`, whose CVs all of them have; undefined if there is none. */
export function commonEpoch(all: readonly RunColumns[], epoch: number | null): number | undefined {
  let common = Math.min(...all.map(({ lastStep }) => lastStep), epoch === null ? Infinity : Math.floor(epoch));
  if (!Number.isFinite(common)) return undefined;
  for (;;) {
    const at = common;
    const measured = all.map((columns) => measuredEpoch(columns, at) ?? -1);
    const least = Math.min(...measured);
    if (least < 0) return undefined;
    if (least === common) return common;
    common = least;
  }
}
