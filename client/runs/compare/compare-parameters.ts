/** The parameters of the compared runs: those that differ side by side, the same ones folded away. */
import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { commonStyles } from '../../ui/common-styles.js';
import { icon } from '../../ui/icon.js';
import { lineSwatch } from '../../charts/line-swatch.js';
import '../../ui/table-files.js';
import type { CollapsedGroups } from '../../charts/chart-choices.js';
import type { RunLine } from '../run-lines.js';
import { fullLabel } from '../run-words.js';
import { type ParameterRow, parameterRows } from './compare-rows.js';
import { parametersText } from './compare-text.js';
import { epochViewStyles } from '../../ui/view-styles.js';

const SAME = { id: 'same', open: false };

@customElement('compare-parameters')
export class CompareParameters extends LitElement {
  /** The base first. */
  @property({ attribute: false }) lines: readonly RunLine[] = [];
  /** Whether the same ones are shown, among what else is folded in the view. */
  @property({ attribute: false }) folds!: CollapsedGroups;

  static override readonly styles = [
    commonStyles,
    epochViewStyles,
    css`
      table {
        min-width: 0;
      }
      th,
      td {
        padding: 0 14px;
      }
      tr > :first-child {
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
      summary {
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
    `,
  ];

  override render(): unknown {
    const rows = this.#rows;
    const [differing, alike] = [rows.filter(({ differs }) => differs), rows.filter(({ differs }) => !differs)];
    return html`<section class="card" aria-labelledby="parameters">
      <header>
        <h2 id="parameters">Parameters that differ</h2>
        <div class="tools"><table-files .write=${this.#write} file="compare-parameters"></table-files></div>
      </header>
      ${
        differing.length === 0
          ? html`<p class="none">none: these runs are alike in all of them</p>`
          : this.#differing(differing)
      }
      <details
        ?open=${this.folds.isOpen(SAME)}
        @toggle=${({ currentTarget }: Event) => {
          if ((currentTarget as HTMLDetailsElement).open !== this.folds.isOpen(SAME)) this.folds.turn(SAME.id);
        }}
      >
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

  #differing(rows: readonly ParameterRow[]): TemplateResult {
    return html`<div class="scroller" tabindex="0" role="group" aria-label="parameters that differ, the table">
      <table aria-labelledby="parameters">
        <thead>
          <tr>
            <td></td>
            ${this.lines.map(
              ({ style }, index) =>
                html`<th scope="col"><span class="name">${lineSwatch(style)}${this.#names[index]}</span></th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ name, values }) =>
              html`<tr>
                <th scope="row">${name}</th>
                ${values.map((value) => html`<td class=${value === values[0] ? '' : 'other'}>${value}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  get #rows(): ParameterRow[] {
    return parameterRows(this.lines.map(({ run }) => run));
  }

  get #names(): string[] {
    return this.lines.map(({ label }, index) => `${fullLabel(label)}${index === 0 ? ', base' : ''}`);
  }

  readonly #write = (format: 'Markdown' | 'CSV'): string => parametersText(format, this.#names, this.#rows);
}
