/** Which head sizes are in the band by the chosen series: a sentence, the figure, and the means that both follow from. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { type Band, judgementWords } from '../../charts/band.js';
import type { HeadSizeVerdict, Verdict } from './head-size-verdict.js';
import { formatDeviation, formatQuantity, type Quantity, readQuantity, titleOf } from './quantity.js';
import type { LineStyle } from '../../charts/line-style.js';
import { commonStyles } from '../../ui/common-styles.js';
import { lineSwatch } from '../../charts/line-swatch.js';
import { LOADING } from '../../runs/epoch-reading.js';
import { formatCv, NO_VALUE } from '../../ui/numbers.js';
import { epochViewStyles } from '../../ui/view-styles.js';
import type { FigureStroke } from './head-size-layout.js';
import { noHeadValue } from './head-size-words.js';
import type { VerdictPart, VerdictWords } from './verdict-words.js';

const DECIMALS = 3;

@customElement('head-size-answer')
export class HeadSizeAnswer extends LitElement {
  @property({ attribute: false }) quantity!: Quantity;
  @property({ attribute: false }) verdicts: readonly HeadSizeVerdict[] = [];
  /** All that are shown, measured or not, ascending; the dims likewise. */
  @property({ attribute: false }) headDims: readonly number[] = [];
  @property({ attribute: false }) dims: readonly number[] = [];
  /** By which they are judged. */
  @property({ attribute: false }) band!: Band;
  /** Undefined where the band means nothing: then there is the figure alone. */
  @property({ attribute: false }) words: VerdictWords | undefined;
  @property({ attribute: false }) styleOf!: (line: FigureStroke) => LineStyle;

  static override readonly styles = [
    commonStyles,
    epochViewStyles,
    css`
      p {
        margin: 0;
        padding: 0 12px;
      }
      .sentence {
        padding-top: 2px;
        font-size: 14px;
      }
      .sentence b {
        font-weight: 650;
      }
      .first {
        white-space: nowrap;
      }
      .sentence .in {
        color: var(--good);
        font-weight: 650;
      }
      .sentence :is(.undecided, .out, .none) {
        color: var(--muted);
      }
      .differ {
        padding-top: 3px;
        color: var(--muted);
      }
      .basis {
        padding-top: 3px;
        padding-bottom: 6px;
        color: var(--faint);
        font-size: 12px;
      }
      table {
        border-top: 1px solid var(--hairline);
      }
      thead th {
        color: var(--text);
        font-weight: 650;
      }
      th:first-child {
        width: 1%;
        font-weight: 400;
      }
      .swatched {
        display: inline-flex;
        gap: 8px;
        align-items: center;
      }
      tbody tr:first-child > * {
        font-weight: 650;
      }
      /* Columns of one width, whatever is in them, as far as there is room. */
      td,
      th + th {
        width: 9%;
      }
      tbody td {
        color: var(--muted);
      }
      td.none {
        color: var(--faint);
      }
      @media (max-width: 760px) {
        td,
        th + th {
          width: auto;
        }
        th,
        td {
          height: 36px;
          padding: 0 0 0 3px;
          font-size: 11.5px;
        }
        tr > :last-child {
          padding-right: 8px;
        }
        td .mark {
          margin-right: 2px;
        }
        .swatch {
          display: none;
        }
      }
    `,
  ];

  override render(): unknown {
    if (this.words === undefined) return html`<slot></slot>`;
    const { lead, parts, dims, basis } = this.words;
    return html`<p class="sentence">
        <b>${lead}:</b>
        ${parts.map(
          ({ judgement, words }, index) =>
            html`${index === 0 ? nothing : ' · '}<span class=${judgement}>${marked(judgement, words)}</span>`,
        )}
      </p>
      ${dims === '' ? nothing : html`<p class="differ">${dims}.</p>`}
      <p class="basis">${titleOf(readQuantity(this.quantity, 'value'))}, ${basis}</p>
      <slot></slot>
      <div class="scroller" tabindex="0" role="group" aria-label="means by head size, the table">
        ${this.#table()}
      </div>`;
  }

  #table(): TemplateResult {
    return html`<table aria-label="means by head size">
      <thead>
        <tr>
          <th scope="col">head size</th>
          ${this.headDims.map((headDim) => html`<th scope="col">${headDim}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${this.#row(this.dims.length > 1 ? 'all dims' : 'mean', (verdict) => verdict)}
        ${
          this.dims.length > 1
            ? this.dims.map((dim) =>
                this.#row(
                  html`<span class="swatched"
                    >${lineSwatch(this.styleOf({ dim, variant: 0, variants: 1 }))}dim ${dim}</span
                  >`,
                  ({ dims }) => dims.find((each) => each.dim === dim),
                ),
              )
            : nothing
        }
      </tbody>
    </table>`;
  }

  #row(title: unknown, of: (verdict: HeadSizeVerdict) => Verdict | undefined): TemplateResult {
    return html`<tr>
      <th scope="row">${title}</th>
      ${this.headDims.map((headDim) => {
        const size = this.verdicts.find((each) => each.headDim === headDim);
        return this.#cell(size === undefined ? undefined : of(size), headDim);
      })}
    </tr>`;
  }

  #cell(verdict: Verdict | undefined, headDim: number): TemplateResult {
    if (verdict === undefined) {
      const reason = noHeadValue(this.quantity, headDim);
      return html`<td class="none" title=${reason}>
        <span class="mark"></span>${NO_VALUE}<span class="visually-hidden">${reason}</span>
      </td>`;
    }
    const { mean, error, judgement } = verdict;
    if (judgement === undefined) return html`<td title=${LOADING}><span class="mark"></span>${this.#text(mean)}</td>`;
    const words = judgementWords(this.band)[judgement];
    const about = error == null ? '' : ` ± ${error.measured ? '' : 'about '}${this.#spread(error.value)}`;
    return html`<td class=${judgement} title="${words}${about}">
      <span class="mark"></span>${this.#text(mean)}<span class="visually-hidden">, ${words}</span>
    </td>`;
  }

  #text(mean: number): string {
    return this.quantity.departs === true ? formatQuantity(this.quantity, mean) : formatCv(mean, DECIMALS);
  }

  #spread(error: number): string {
    return this.quantity.departs === true ? formatDeviation(this.quantity, error) : formatCv(error, DECIMALS);
  }
}

/** A line does not end between the mark and what it marks. */
function marked(judgement: VerdictPart['judgement'], words: string): unknown {
  if (judgement !== 'in' && judgement !== 'undecided') return words;
  const [first, ...rest] = words.split(' ');
  return html`<span class="first"><span class="mark"></span>${first}</span> ${rest.join(' ')}`;
}
