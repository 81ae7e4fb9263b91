/** What each series of the compared runs is at one epoch, and how far that is from the base: a table to sort. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { commonStyles } from '../elements/common-styles.js';
import { lineSwatch } from '../elements/line-swatch.js';
import type { Compared } from '../state/compare-choice.js';
import type { Observatory } from '../state/observatory.js';
import type { RunLine } from '../state/run-lines.js';
import { WatchController } from '../state/watch-controller.js';
import { formatAccuracy, formatCv, formatLoss, fullLabel, NO_VALUE } from '../state/wording.js';
import { bySize, type DifferenceCell, type DifferenceRow } from './compare-rows.js';
import { epochViewStyles } from './epoch-view-styles.js';

const DECIMALS = 4;
/** The order by the largest difference of all runs. */
const OF_ALL = 'all';

@customElement('compare-values')
export class CompareValues extends LitElement {
  @property({ attribute: false }) observatory!: Observatory;
  @property({ attribute: false }) compared!: Compared;
  @property({ attribute: false }) rows: readonly DifferenceRow[] = [];

  static override readonly styles = [
    commonStyles,
    epochViewStyles,
    css`
      th button {
        min-height: calc(var(--row) - 2px);
        margin-right: -6px;
        padding: 0 6px;
        color: inherit;
        font-weight: inherit;
      }
      th:first-child button {
        margin-left: -6px;
      }
      th[aria-sort] {
        color: var(--text);
      }
      /* Sixteen heads have 120 series: the names of the runs stay in sight. */
      .scroller {
        max-height: 76vh;
        overflow: auto;
      }
      thead {
        position: sticky;
        top: 0;
        z-index: 2;
      }
      thead tr > * {
        background: var(--panel);
      }
      /* Two runs are read side by side: no wider than they need. */
      table {
        min-width: 0;
      }
      tr > :first-child {
        padding-right: 22px;
      }
      .edge {
        padding-left: 22px;
        border-left: 1px solid var(--hairline);
      }
      .name {
        display: inline-flex;
        gap: 7px;
        align-items: center;
        min-width: 76px;
        max-width: 210px;
        color: var(--text);
        font-weight: 650;
        white-space: normal;
      }
      @media (max-width: 760px) {
        .edge {
          padding-left: 10px;
        }
        .name {
          flex-direction: column;
          gap: 2px;
          align-items: flex-end;
          min-width: 48px;
        }
        tr > :first-child {
          padding-right: 6px;
        }
      }
      .value {
        color: var(--muted);
      }
      small {
        color: var(--faint);
        font-size: 11px;
        font-weight: 400;
      }
      .clear {
        font-weight: 650;
      }
      .unclear,
      .none {
        color: var(--faint);
      }
      tbody + tbody > tr:first-child > * {
        border-top: 1px solid var(--border);
      }
    `,
  ];

  constructor() {
    super();
    new WatchController(this, () => [this.observatory.compare.order, this.observatory.pointing.lit]);
  }

  override render(): unknown {
    const { base, others } = this.compared;
    const order = this.observatory.compare.order.value;
    const index = others.findIndex(({ run }) => run.id === order);
    // Loss and accuracy are in units of their own: they stay on top.
    const training = this.rows.filter(({ group }) => group === 'training');
    const cvs = this.rows.filter(({ group }) => group !== 'training');
    const sorted = index >= 0 ? bySize(cvs, index) : order === OF_ALL ? bySize(cvs, null) : cvs;
    return html`<div class="scroller" tabindex="0" role="group" aria-label="values and differences, the table">
      <table aria-label="values and differences">
        <thead>
          <tr>
            <td></td>
            <th scope="col">${name(base)}</th>
            ${others.map((line) => html`<th scope="colgroup" colspan="2" class="edge">${name(line)}</th>`)}
          </tr>
          <tr>
            <th scope="col" aria-sort=${order === '' ? 'other' : nothing}>
              <button class="plain" title="in the order in which they are measured" @click=${() => this.#sort('')}>
                series
              </button>
            </th>
            <th scope="col">base</th>
            ${others.map(
              ({ run, label }) =>
                html`<th scope="col" class="edge">value</th>
                  <th scope="col" aria-sort=${run.id === order ? 'descending' : nothing}>
                    <button
                      class="plain"
                      title="largest difference first"
                      aria-label="difference of ${fullLabel(label)}, largest first"
                      @click=${() => this.#sort(run.id === order ? '' : run.id)}
                    >
                      difference${run.id === order ? html`<span aria-hidden="true">↓</span>` : nothing}
                    </button>
                  </th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${training.map((row) => this.#row(row))}
        </tbody>
        <tbody>
          ${sorted.map((row) => this.#row(row))}
        </tbody>
      </table>
    </div>`;
  }

  #sort(order: string): void {
    this.observatory.compare.order.set(order);
  }

  #row({ series, base, cells }: DifferenceRow): TemplateResult {
    return html`<tr>
      <th scope="row">${series}</th>
      <td class="value">${written(series, base)}</td>
      ${cells.map((cell) => pair(series, cell))}
    </tr>`;
  }
}

function name({ label, style }: RunLine): TemplateResult {
  return html`<span class="name">${lineSwatch(style)}${fullLabel(label)}</span>`;
}

function pair(series: string, { value, difference, standardError, significant }: DifferenceCell): TemplateResult {
  if (Number.isNaN(difference))
    return html`<td class="edge value">${written(series, value)}</td>
      <td class="none">${NO_VALUE}</td>`;
  const clear = significant === null ? '' : significant ? 'clear' : 'unclear';
  return html`<td class="edge value">${written(series, value)}</td>
    <td class=${clear}>
      ${difference < 0 ? '−' : '+'}${written(series, Math.abs(difference))}${
        standardError === null ? nothing : html` <small>± ${formatCv(standardError, DECIMALS)}</small>`
      }${significant === false ? html`<span class="visually-hidden">, not significant</span>` : nothing}
    </td>`;
}

function written(series: string, value: number): string {
  if (series === 'loss') return formatLoss(value);
  return series === 'accuracy' ? formatAccuracy(value) : formatCv(value, DECIMALS);
}
