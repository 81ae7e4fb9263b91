/** The table of all series: how many runs of each head size are in the band, and what explains their differences. */
import { html, nothing, type TemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import { type Band, bandWords, judgementWords } from '../../charts/band.js';
import { FACTORS } from './explained-variance.js';
import { LOADING } from '../../runs/epoch-reading.js';
import { NO_VALUE } from '../../ui/numbers.js';
import type { Effect } from './head-size-effects.js';
import { footnoteLetter, footnotes } from '../../ui/footnotes.js';
import { FACTOR_WORDS, noHeadValue, percentOf } from './head-size-words.js';
import type { GridCell } from './grid-cells.js';
import { columnName, formatDeviation, formatQuantity } from './quantity.js';

export function headSizeCounts(all: readonly Effect[], headDims: readonly number[], band: Band): TemplateResult {
  const inside = judgementWords(band).in;
  const reasons = [
    ...new Set(
      all.flatMap(({ quantity, counts }) =>
        headDims
          .filter((headDim) => (counts.find((count) => count.headDim === headDim)?.of ?? 0) === 0)
          .map((headDim) => noHeadValue(quantity, headDim)),
      ),
    ),
  ];
  return html`<section class="card sizes-table" aria-labelledby="sizes">
    <header>
      <h2 id="sizes">Head sizes ${inside}</h2>
      <span class="note">how many runs of those measured are ${bandWords(band)}; +n?: so many more are undecided</span>
    </header>
    <div class="scroller" tabindex="0" role="group" aria-label="head sizes ${inside}, the table">
      <table aria-labelledby="sizes">
        <thead>
          <tr>
            <td></td>
            <th scope="colgroup" colspan=${headDims.length}>runs ${inside}, by head size</th>
            <th scope="colgroup" colspan=${FACTORS.length} class="edge explained">differences explained by</th>
          </tr>
          <tr>
            <th scope="col">series</th>
            ${headDims.map((headDim) => html`<th scope="col">${headDim}</th>`)}
            ${FACTORS.map((factor, index) => html`<th scope="col" class="explained ${index === 0 ? 'edge' : ''}">${FACTOR_WORDS[factor]}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${all.map(({ quantity, counts, explained }) => {
            const { shares, decides } = explained;
            return html`<tr>
              <th scope="row">
                ${quantity.family.id}${quantity.family.perHead ? html` <small>mean of heads</small>` : nothing}
              </th>
              ${headDims.map((headDim) => {
                const count = counts.find((each) => each.headDim === headDim);
                const { inside = 0, undecided = 0, unjudged = 0, of = 0 } = count ?? {};
                if (unjudged > 0) return html`<td class="none" title=${LOADING}><span class="mark"></span>…</td>`;
                const open = undecided > 0 ? 'undecided' : 'none';
                const mark = of > 0 && inside === of ? 'in' : inside > 0 ? 'some' : open;
                const reason = of === 0 ? noHeadValue(quantity, headDim) : undefined;
                const title = reason ?? (undecided > 0 ? `${undecided} undecided` : nothing);
                return html`<td class=${mark} title=${title}>
                  <span class="mark"></span>${
                    reason === undefined
                      ? `${inside}/${of}`
                      : html`${NO_VALUE}<sup aria-hidden="true">${footnoteLetter(reasons.indexOf(reason))}</sup
                          ><span class="visually-hidden">${reason}</span>`
                  }${
                    undecided === 0
                      ? nothing
                      : html`<small aria-hidden="true">+${undecided}?</small
                          ><span class="visually-hidden">, ${undecided} undecided</span>`
                  }
                </td>`;
              })}
              ${FACTORS.map(
                (factor, index) =>
                  html`<td
                    class=${classMap({ explained: true, edge: index === 0, decides: decides === factor, none: decides !== factor })}
                  >
                    ${percentOf(shares[factor])}
                  </td>`,
              )}
            </tr>`;
          })}
        </tbody>
      </table>
    </div>
    ${footnotes(reasons)}
  </section>`;
}

/** The points of a head-size figure as a table: a row a config, its mean and spread where it has several runs. */
export function figureNumbers({ figure, quantity }: Effect): TemplateResult {
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
            : html`<th scope="col">${columnName(quantity)}</th>`
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
  quantity: Effect['quantity'],
): TemplateResult {
  const mean = formatQuantity(quantity, spread?.mean ?? NaN);
  const deviation = spread?.deviation ?? null;
  return html`<tr>
    <th scope="row">${dim} × ${heads}</th>
    <td>${headDim}</td>
    <td>${mean}</td>
    ${
      several
        ? html`<td>${deviation === null ? NO_VALUE : formatDeviation(quantity, deviation)}</td>
            <td>${spread?.n ?? 0} of ${runs.length}</td>`
        : nothing
    }
  </tr>`;
}
