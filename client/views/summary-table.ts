/** One table of the summary: sortable, to be copied as it is seen, scrolling sideways in its own place. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { classMap } from 'lit/directives/class-map.js';
import { repeat } from '../elements/tidy-repeat.js';
import { commonStyles } from '../elements/common-styles.js';
import { lineSwatch } from '../elements/line-swatch.js';
import { copyText, saveFile } from '../elements/save-file.js';
import { LOADING } from '../state/epoch-reading.js';
import type { Observatory } from '../state/observatory.js';
import { WatchController } from '../state/watch-controller.js';
import { epochViewStyles } from './epoch-view-styles.js';
import { reasonsIn, type ShownCell, type SummaryColumn, type SummaryRow, type SummaryTable } from './summary-tables.js';
import { toCsv, toMarkdown } from './summary-text.js';

/** How long a button says what it did. */
const SAID_MS = 2000;

const IN_WORDS: Record<NonNullable<ShownCell['mark']>, string> = {
  in: 'in the band',
  undecided: 'undecided',
  moved: 'moved',
  still: 'not significant',
};

@customElement('summary-table')
export class SummaryTableElement extends LitElement {
  @property({ attribute: false }) observatory!: Observatory;
  @property({ attribute: false }) table!: SummaryTable;
  @property({ attribute: false }) rows: readonly SummaryRow[] = [];
  /** Whether any cell has a standard error, so that the others keep its place. */
  #errors = false;
  @state() private said: { what: 'Markdown' | 'CSV'; well: boolean } | undefined;

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

  constructor() {
    super();
    new WatchController(this, () => [
      this.observatory.epochViews.sort,
      this.observatory.epochViews.detail,
      this.observatory.pointing.lit,
    ]);
  }

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
          ${this.#copyButton('Markdown')}${this.#copyButton('CSV')}
          <button class="plain" title="download the table as CSV" @click=${() => this.#save()}>download</button>
          <span class="visually-hidden" role="status">${this.said === undefined ? '' : this.#answer()}</span>
        </div>
      </header>
      <div class="scroller" tabindex="0" role="group" aria-label="${title}, the table">
        <table aria-labelledby="title">
          <thead>
            <tr>
              ${this.#header('', 'dim × heads', '')}
              ${columns.map(({ key, title, kind }) => this.#header(key, title, key, kind))}
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
      ${
        reasons.length === 0
          ? nothing
          : html`<p class="footnotes">
              ${reasons.map((reason, index) => html`<span>– <sup>${letter(index)}</sup> ${reason}</span>`)}
            </p>`
      }
    </section>`;
  }

  #header(key: string, title: string, id: string, kind = ''): TemplateResult {
    const sort = this.observatory.epochViews.sort.value;
    const now = sort === key ? 'ascending' : sort === `-${key}` && key !== '' ? 'descending' : undefined;
    const sorted = key === '' ? undefined : now;
    return html`<th scope="col" class=${kind} aria-sort=${sorted ?? nothing} data-column=${id}>
      <button
        class="plain"
        title=${key === '' ? 'in the grid’s order' : `order by ${title}`}
        @click=${() => this.#sortBy(key, sorted)}
      >
        ${title}${sorted === undefined ? nothing : html`<span aria-hidden="true">${sorted === 'ascending' ? '↑' : '↓'}</span>`}
      </button>
    </th>`;
  }

  /** Largest first, then smallest first, then the grid's order. */
  #sortBy(key: string, now: 'ascending' | 'descending' | undefined): void {
    const next = { undefined: `-${key}`, descending: key, ascending: '' }[`${now}`];
    this.observatory.epochViews.sort.set(key === '' ? '' : next);
  }

  #row({ line, reading }: SummaryRow, cells: readonly ShownCell[], reasons: readonly string[]): TemplateResult {
    const { navigation, pointing } = this.observatory;
    const { run, label } = line;
    return html`<tr
      class=${pointing.lit.value === run.id ? 'lit' : ''}
      @pointerenter=${(event: PointerEvent) => event.pointerType === 'mouse' && pointing.lit.set(run.id)}
      @pointerleave=${() => pointing.lit.set(null)}
    >
      <th scope="row">
        <a
          href=${navigation.linkToRun(run.id)}
          @click=${(event: MouseEvent) => {
            if (event.metaKey || event.ctrlKey || event.shiftKey) return;
            event.preventDefault();
            navigation.showRun(run.id);
          }}
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

  #cell({ kind }: SummaryColumn, cell: ShownCell, reasons: readonly string[]): TemplateResult {
    const { text, mark, standardError, valid, reason } = cell;
    if (reason !== undefined)
      return html`<td class="none" title=${reason}>${text}<sup>${letter(reasons.indexOf(reason))}</sup></td>`;
    const detail = kind === 'movement' || this.observatory.epochViews.detail.value;
    const band = kind === 'cv';
    return html`<td class=${classMap({ [kind]: true, [mark ?? 'out']: true })} title=${explained(cell) || nothing}>
      ${band ? html`<span class="mark"></span>` : nothing}${text}${
        standardError !== undefined && detail
          ? html` <small>±${standardError}</small>`
          : kind === 'movement' && this.#errors
            ? html` <small class="place"></small>`
            : nothing
      }${detail && valid !== undefined ? html` <small>· ${valid}</small>` : nothing}${
        mark === undefined ? nothing : html`<span class="visually-hidden">${IN_WORDS[mark]}</span>`
      }
    </td>`;
  }

  #copyButton(what: 'Markdown' | 'CSV'): TemplateResult {
    const said = this.said?.what === what ? this.said : undefined;
    return html`<button class="plain" title="copy the table as ${what}" @click=${() => void this.#copy(what)}>
      ${said === undefined ? `copy ${what}` : said.well ? 'copied' : 'not allowed'}
    </button>`;
  }

  async #copy(what: 'Markdown' | 'CSV'): Promise<void> {
    const said = { what, well: await copyText(this.#text(what)) };
    this.said = said;
    setTimeout(() => {
      if (this.said === said) this.said = undefined;
    }, SAID_MS);
  }

  #answer(): string {
    return this.said?.well === true ? `copied as ${this.said.what}` : 'the browser does not allow to copy';
  }

  #save(): void {
    saveFile(`pentachoron-${this.table.id}.csv`, new Blob([this.#text('CSV')], { type: 'text/csv' }));
  }

  #text(what: 'Markdown' | 'CSV'): string {
    const detail = this.observatory.epochViews.detail.value;
    return (what === 'CSV' ? toCsv : toMarkdown)(this.table, this.rows, detail);
  }
}

function explained({ standardError, valid, mark }: ShownCell): string {
  return [
    standardError === undefined ? '' : `standard error ${standardError}`,
    valid === undefined ? '' : `${valid} valid samples`,
    mark === undefined ? '' : IN_WORDS[mark],
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

/** a to z, and so on with numbers: there are never that many reasons. */
function letter(index: number): string {
  return index < 26 ? String.fromCharCode(97 + index) : String(index + 1);
}
