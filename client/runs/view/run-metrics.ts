/** What else the matrices of one run are measured by: one metric at a time, with its errors and what chance gives. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { MeasuredMetric, Measurement } from '../../../shared/measurement.js';
import { METRICS } from '../../../shared/geometry/catalogue.js';
import { commonStyles } from '../../ui/common-styles.js';
import { footnoteLetter, footnotes } from '../../ui/footnotes.js';
import { formStyles } from '../../ui/form-styles.js';
import { formatNumber, NO_VALUE } from '../../ui/numbers.js';
import { epochViewStyles } from '../../ui/view-styles.js';
import { measuredMetrics, metricRows } from './measurement-rows.js';

@customElement('run-metrics')
export class RunMetrics extends LitElement {
  @property({ attribute: false }) measurements: readonly Measurement[] = [];
  @state() private chosen: string | undefined;

  static override readonly styles = [
    commonStyles,
    epochViewStyles,
    formStyles,
    css`
      small {
        color: var(--faint);
        font-size: 11px;
        font-weight: 400;
      }
      .edge {
        padding-left: 12px;
        border-left: 1px solid var(--hairline);
      }
      .chance {
        color: var(--muted);
      }
      .none {
        color: var(--faint);
      }
      sup {
        line-height: 0;
      }
    `,
  ];

  override render(): unknown {
    const names = measuredMetrics(this.measurements);
    const metrics = METRICS.filter(({ name }) => names.has(name));
    const shown = metrics.find(({ name }) => name === this.chosen) ?? metrics[0];
    if (shown === undefined) return nothing;
    const { epochs, rows } = metricRows(this.measurements, shown.name);
    const cells = rows.flatMap((row) => row.values);
    const reasons = [...new Set(cells.flatMap((value) => value?.reason ?? []))];
    const hasChance = rows.some(({ chance }) => chance !== undefined);
    return html`<section class="card" aria-labelledby="title">
      <header>
        <h2 id="title">Further metrics</h2>
        <select
          aria-label="metric"
          @change=${(event: Event) => (this.chosen = (event.target as HTMLSelectElement).value)}
        >
          ${metrics.map(
            ({ name, title }) => html`<option value=${name} ?selected=${name === shown.name}>${title}</option>`,
          )}
        </select>
        <span class="note">${shown.definition}${shown.unit === undefined ? nothing : ` In ${shown.unit}.`}</span>
      </header>
      <div class="scroller" tabindex="0" role="group" aria-label="further metrics, the table">
        <table aria-labelledby="title">
          <thead>
            <tr>
              <th scope="col">matrix</th>
              ${epochs.map((epoch) => html`<th scope="col" class="edge">epoch ${epoch}</th>`)}
              ${hasChance ? html`<th scope="col" class="edge">chance</th>` : nothing}
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              ({ matrix, values, chance }) =>
                html`<tr>
                  <th scope="row">${matrix}</th>
                  ${values.map((value) => valueCell(value, reasons))}
                  ${hasChance ? html`<td class="edge chance">${chance === undefined ? NO_VALUE : formatNumber(chance)}</td>` : nothing}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      ${footnotes(reasons)}
    </section>`;
  }
}

function valueCell(measured: MeasuredMetric | undefined, reasons: readonly string[]): TemplateResult {
  const { value = null, se, reason } = measured ?? {};
  if (value === null)
    return html`<td class="none edge">
      ${NO_VALUE}${
        reason === undefined
          ? nothing
          : html`<sup aria-hidden="true">${footnoteLetter(reasons.indexOf(reason))}</sup
              ><span class="visually-hidden">${reason}</span>`
      }
    </td>`;
  return html`<td class="edge">
    ${formatNumber(value)}${se === undefined ? nothing : html` <small>± ${formatNumber(Number(se.toPrecision(2)))}</small>`}
  </td>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'run-metrics': RunMetrics;
  }
}
