/** One table of the summary: sortable, to be copied as it is seen, scrolling sideways in its own place. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { classMap } from 'lit/directives/class-map.js';
import { repeat } from '../../ui/tidy-repeat.js';
import { commonStyles } from '../../ui/common-styles.js';
import { inPlace } from '../../ui/in-place.js';
import { lineSwatch } from '../../charts/line-swatch.js';
import '../../ui/table-files.js';
import { LOADING } from '../../runs/epoch-reading.js';
import type { Observatory } from '../../runs/observatory.js';
import { SignalElement } from '../../ui/signal-element.js';
import { epochViewStyles } from '../../ui/view-styles.js';
import { footnoteLetter, footnotes } from '../../ui/footnotes.js';
import { type SortHead, sortHead, sortHeadStyles } from '../../ui/sort-head.js';
import {
  reasonsIn,
  type ShownCell,
  type SummaryColumn,
  type SummaryRow,
  type SummaryTable,
  toCsv,
  toMarkdown,
} from './summary-tables.js';
import { epochViewsOf } from './epoch-views.js';

const IN_WORDS = {
  in: 'in the band',
  undecided: 'undecided',
  beyond: 'beyond chance',
  moved: 'moved',
  still: 'not significant',
};

@customElement('summary-table')
export class SummaryTableElement extends SignalElement {
  @property({ attribute: false }) observatory!: Observatory;
  @property({ attribute: false }) table!: SummaryTable;
  @property({ attribute: false }) rows: readonly SummaryRow[] = [];
  /** Whether any cell has a standard error, so that the others keep its place. */
  #errors = false;

  static override readonly styles = [
    commonStyles,
    epochViewStyles,
    sortHeadStyles,
    css`
      tbody a {
        display: inline-flex;
        gap: 8px;
        align-items: center;
        min-height: var(--target);
        color: inherit;
        text-decoration: none;
      }
      tbody a:hover span {
        text-decoration: underline;
      }
      .size,
      .percent {
        color: var(--muted);
      }
      .moved {
        font-weight: 650;
      }
      .still {
        color: var(--faint);
      }
      td small {
        color: var(--faint);
        font-size: 11px;
        font-weight: 400;
      }
      th.movement,
      td.movement {
        padding: 0 5px;
      }
      /* Digits stay in line where a run has no error yet. */
      .place {
        display: inline-block;
        width: 43px;
      }
      td.why {
        text-align: left;
      }
      sup {
        line-height: 0;
      }
      td.none {
        color: var(--faint);
      }
    `,
  ];

  override render(): unknown {
    const { title, note, columns } = this.table;
    const cells = this.rows.map((row) => columns.map((column) => column.cell(row)));
    const measured = cells.filter((_, index) => this.rows[index]!.reading.epoch !== null);
    const reasons = reasonsIn(measured);
    this.#errors = cells.flat().some(({ standardError }) => standardError !== undefined);
    return html`<section class="card" aria-labelledby="title">
      <header>
        <h2 id="title">${title}</h2>
        <span class="note">${note}</span>
        <slot></slot>
        <div class="tools">
          <table-files .write=${this.#write} file="pentachoron-${this.table.id}"></table-files>
        </div>
      </header>
      <div class="scroller" tabindex="0" role="group" aria-label="${title}, the table">
        <table aria-labelledby="title">
          <thead>
            <tr>
              ${this.#head({ key: '', words: 'dim × heads', title: 'in the grid’s order' })}
              ${columns.map(({ key, title, kind }) => this.#head({ key, words: title, kind }))}
            </tr>
          </thead>
          <tbody>
            ${repeat(
              this.rows,
              ({ line }) => line.run.id,
              (row, index) => this.#row(row, cells[index]!, reasons),
            )}
          </tbody>
        </table>
      </div>
      ${footnotes(reasons)}
    </section>`;
  }

  #head(head: Pick<SortHead, 'key' | 'words' | 'title' | 'kind'>): TemplateResult {
    const { sort } = epochViewsOf(this.observatory);
    return sortHead({ ...head, sort: sort.value, choose: (next) => sort.set(next) });
  }

  #row({ line, reading }: SummaryRow, cells: readonly ShownCell[], reasons: readonly string[]): TemplateResult {
    const { navigation, pointing } = this.observatory;
    const { run, label } = line;
    return html`<tr
      class=${pointing.highlighted.value === run.id ? 'highlighted' : ''}
      @pointerenter=${(event: PointerEvent) => event.pointerType === 'mouse' && (pointing.highlighted.value = run.id)}
      @pointerleave=${() => (pointing.highlighted.value = null)}
    >
      <th scope="row">
        <a href=${navigation.linkToRun(run.id)} @click=${inPlace(() => navigation.showRun(run.id))}
          >${lineSwatch(line.style)}<span>${label.main}</span>${
            label.more === '' ? nothing : html`<small>${label.more}</small>`
          }</a
        >
      </th>
      ${
        reading.epoch === null
          ? this.#nothing(cells)
          : this.table.columns.map((column, index) => this.#cell(column, cells[index]!, reasons))
      }
    </tr>`;
  }

  /** A run without a number says why once, or that it will have some in a moment. */
  #nothing(cells: readonly ShownCell[]): TemplateResult {
    const reason = cells.find((cell) => cell.reason !== undefined)?.reason ?? '';
    return html`${cells[0]!.value === null ? nothing : html`<td class="size">${cells[0]!.text}</td>`}
      <td class="none why" colspan=${cells.length - 1}>
        ${reason === LOADING ? html`<span class="skeleton"></span><span class="visually-hidden">loading</span>` : reason}
      </td>`;
  }

  #cell({ kind, file }: SummaryColumn, cell: ShownCell, reasons: readonly string[]): TemplateResult {
    const { text, mark, standardError, valid, reason } = cell;
    if (reason !== undefined)
      return html`<td class="none" title=${reason}>${text}<sup>${footnoteLetter(reasons.indexOf(reason))}</sup></td>`;
    const detail = kind === 'movement' || epochViewsOf(this.observatory).detail.value;
    const band = kind === 'cv';
    return html`<td
      class=${classMap({ [kind]: true, [mark ?? 'out']: true })}
      title=${explained(cell, file) || nothing}
    >
      ${band ? html`<span class="mark"></span>` : nothing}${text}${
        standardError !== undefined && detail
          ? html` <small>±${standardError}</small>`
          : kind === 'movement' && this.#errors
            ? html` <small class="place"></small>`
            : nothing
      }${detail && valid !== undefined ? html` <small>· ${valid}</small>` : nothing}${
        mark === undefined ? nothing : html`<span class="visually-hidden">${wordsOf(mark, file)}</span>`
      }
    </td>`;
  }

  readonly #write = (format: 'Markdown' | 'CSV'): string => {
    const detail = epochViewsOf(this.observatory).detail.value;
    return (format === 'CSV' ? toCsv : toMarkdown)(this.table, this.rows, detail);
  };
}

/** @param file of a column of departures */
function wordsOf(mark: NonNullable<ShownCell['mark']>, file: string | undefined): string {
  return IN_WORDS[mark === 'in' && file !== undefined ? 'beyond' : mark];
}

function explained({ standardError, valid, mark, departure }: ShownCell, file: string | undefined): string {
  return [
    standardError === undefined ? '' : `standard error ${standardError}`,
    valid === undefined ? '' : `${valid} valid samples`,
    mark === undefined ? '' : wordsOf(mark, file),
    departure === undefined ? '' : `${departure} sd from chance`,
  ]
    .filter((part) => part !== '')
    .join(' · ');
}
