/** The points of a head-size figure as a table: a row a config, its mean and spread where it has several runs. */
import { html, nothing, type TemplateResult } from 'lit';
import type { GridCell } from './grid-cells.js';
import { quantityId } from './quantity.js';
import { NO_VALUE } from '../../state/wording.js';
import type { Finding } from './head-size-findings.js';
import { formatQuantity } from './quantity-words.js';

export function figureNumbers({ figure, quantity }: Finding): TemplateResult {
  const several = figure.cells.some(({ runs }) => runs.length > 1);
  return html`<table>
    <thead>
      <tr>
        <th scope="col">dim × heads</th>
        <th scope="col">head size</th>
        ${
          several
            ? html`<th scope="col">mean</th>
                <th scope="col">± spread</th>
                <th scope="col">runs</th>`
            : html`<th scope="col">${quantityId(quantity)}</th>`
        }
      </tr>
    </thead>
    <tbody>
      ${figure.cells.map((cell) => row(cell, several, quantity))}
    </tbody>
  </table>`;
}

function row(
  { dim, heads, headDim, runs, spread }: GridCell,
  several: boolean,
  quantity: Finding['quantity'],
): TemplateResult {
  const mean = formatQuantity(quantity, spread?.mean ?? NaN);
  const deviation = spread?.deviation ?? null;
  return html`<tr>
    <th scope="row">${dim} × ${heads}</th>
    <td>${headDim}</td>
    <td>${mean}</td>
    ${
      several
        ? html`<td>${deviation === null ? NO_VALUE : formatQuantity(quantity, deviation)}</td>
            <td>${spread?.n ?? 0} of ${runs.length}</td>`
        : nothing
    }
  </tr>`;
}
