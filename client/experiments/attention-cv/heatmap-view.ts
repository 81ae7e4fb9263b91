/** The sweep's grid, dim by heads, each cell in the colour of its value at the shown epoch. */
import { html, nothing, svg, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { classMap } from 'lit/directives/class-map.js';
import { type Band, bandTitle, bandWords, BEYOND_CHANCE, judgementWords } from '../../charts/band.js';
import { type GridCell, gridCells, variantKey } from './grid-cells.js';
import {
  epochWords,
  columnName,
  formatDeviation,
  formatQuantity,
  type Quantity,
  readQuantity,
  titleOf,
} from './quantity.js';
import { DEPARTURE_WORDS } from '../../charts/metric.js';
import { SCALED_ERRORS } from '../../data/standard-error.js';
import { commonStyles } from '../../ui/common-styles.js';
import '../../runs/epoch-scrubber.js';
import { type Figure, FIGURE_FORMATS, saveFigure } from '../../ui/figure-file.js';
import { inPlace } from '../../ui/in-place.js';
import { saveCsv } from '../../ui/save-file.js';
import './series-picker.js';
import { gridRuns, type MeasurementsOf, quantityRange } from './epoch-grid.js';
import { cvReading, withoutNullsWords } from '../../runs/chart-controls.js';
import type { Observatory } from '../../runs/observatory.js';
import { SignalElement } from '../../ui/signal-element.js';
import { NO_VALUE } from '../../ui/numbers.js';
import { epochViewStyles } from '../../ui/view-styles.js';
import { cellsCsv, judgementOf } from './head-size-words.js';
import { colorOf, heatmapGrid, partOf, scaleSteps } from './heatmap-layout.js';
import { hasScaledErrors, heatmapPicture } from './heatmap-picture.js';
import { heatmapStyles } from './heatmap-styles.js';
import { nothingShownWords, onGrid } from './config.js';
import { epochViewsOf } from './epoch-views.js';

const LEGEND = { width: 260, height: 34, steps: 52 };

@customElement('heatmap-view')
export class HeatmapView extends SignalElement {
  @property({ attribute: false }) observatory!: Observatory;
  /** The cell of several runs whose runs are listed. */
  @state() private opened = '';

  static override readonly styles = [commonStyles, epochViewStyles, heatmapStyles];

  override render(): unknown {
    const { shownRuns, trajectories, measurements, epoch, charts } = this.observatory;
    const shown = onGrid(shownRuns.shown.value);
    if (shown.length === 0) return html`<p class="hint">${nothingShownWords(shownRuns.shown.value)}</p>`;
    const quantity = this.#quantity;
    const columnsOf = (runId: string): ReturnType<typeof trajectories.columns> => trajectories.columns(runId);
    const measurementsOf: MeasurementsOf = (runId) => measurements.of(runId);
    const cells = gridCells(gridRuns(shown, columnsOf, measurementsOf, quantity, epoch.value));
    const means = cells.flatMap(({ spread }) => (spread === undefined ? [] : [spread.mean]));
    const [low, high] = quantityRange(shown, columnsOf, quantity, measurementsOf) ?? [NaN, NaN];
    const range = means.length === 0 ? null : ([Math.min(low, ...means), Math.max(high, ...means)] as const);
    const when = epochWords(shown, epoch.value);
    const without = withoutNullsWords(
      this.observatory,
      shown.map(({ run }) => run),
    );
    const opened = cells.find((cell) => keyOf(cell) === this.opened && cell.runs.length > 1);
    return html`<div class="bar">
        ${cvReading(charts)}<epoch-scrubber .observatory=${this.observatory}></epoch-scrubber>
      </div>
      ${without === '' ? nothing : html`<p class="without" role="status">${without}: they have no colour here.</p>`}
      <section class="card" aria-labelledby="title">
        <header>
          <h2 id="title">${titleOf(epochViewsOf(this.observatory).quantity.value)}</h2>
          <span class="note"
            >${quantity.departs === true ? `${DEPARTURE_WORDS}, ` : ''}dim by heads,
            ${when}${means.length === 0 ? ', nothing measured there yet' : ''}</span
          >
          <div class="tools">
            <series-picker .observatory=${this.observatory}></series-picker>
            <span class="files">
              ${FIGURE_FORMATS.map(
                (format) =>
                  html`<button
                    class="plain"
                    title="download the heatmap as ${format.toUpperCase()}"
                    ?disabled=${range === null}
                    @click=${() => void saveFigure(this.#figure(cells, range, when), format)}
                  >
                    ${format.toUpperCase()}
                  </button>`,
              )}
              <button class="plain" title="download the numbers as CSV" @click=${() => this.#saveCsv(cells)}>
                CSV
              </button>
            </span>
          </div>
        </header>
        <div class="scroller" tabindex="0" role="group" aria-label="heatmap">${this.#grid(cells, range)}</div>
        ${opened === undefined ? nothing : this.#runsOf(opened)}
        ${range === null ? nothing : this.#legend(range, cells)}
      </section>`;
  }

  #grid(cells: readonly GridCell[], range: readonly [number, number] | null): TemplateResult {
    const { heads, rows } = heatmapGrid(cells);
    return html`<table class="grid" aria-labelledby="title">
      <thead>
        <tr>
          <td class="corner">dim ╲ heads</td>
          ${heads.map((count) => html`<th scope="col">${count}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              <th scope="row">
                ${row[0]!.dim}${row[0]!.variant === '' ? nothing : html`<small>${row[0]!.variant}</small>`}
              </th>
              ${heads.map((count) => {
                const cell = row.find((each) => each.heads === count);
                return cell === undefined ? html`<td title="not in this sweep"></td>` : this.#cell(cell, range);
              })}
            </tr>`,
        )}
      </tbody>
    </table>`;
  }

  #cell(cell: GridCell, range: readonly [number, number] | null): TemplateResult {
    const { themes, pointing } = this.observatory;
    const quantity = this.#quantity;
    const { dim, heads, headDim, runs, spread } = cell;
    const highlighted = runs.some(({ id }) => id === pointing.highlighted.value);
    const name = `${dim} × ${heads}`;
    if (spread === undefined || range === null)
      return html`<td class="none ${highlighted ? 'highlighted' : ''}" title="no value at this epoch">
        ${this.#opener(cell, `${name}, no value`, html`${NO_VALUE} <small>hd ${headDim}</small>`)}
      </td>`;
    const { background, text } = colorOf(spread.mean, range, quantity, themes.theme.value);
    const judgement = judgementOf(cell, quantity, this.#band) ?? 'out';
    const where = judgement === 'out' ? '' : `, ${judgementWords(this.#band)[judgement]}`;
    const value = formatQuantity(quantity, spread.mean);
    const several = spread.deviation === null ? '' : ` ± ${formatDeviation(quantity, spread.deviation)}`;
    const count = runs.length > 1 ? ` · ${spread.n} of ${runs.length} runs` : '';
    return html`<td
      class=${classMap({ band: judgement === 'in', undecided: judgement === 'undecided', highlighted })}
      .style=${`background:${background};color:${text}`}
      title="${name}: ${value}${several}${count}${where}"
      @pointerenter=${(event: PointerEvent) => event.pointerType === 'mouse' && (pointing.highlighted.value = runs[0]!.id)}
      @pointerleave=${() => (pointing.highlighted.value = null)}
    >
      ${this.#opener(
        cell,
        `${name}${where},`,
        html`<span>${judgement === 'out' ? nothing : html`<span class="dot"></span>`}${value}</span>
          <small>${several === '' ? `hd ${headDim}` : `${several.trim()} · hd ${headDim}`}</small>`,
      )}
    </td>`;
  }

  /** A cell of one run leads to it; one of several lists them. */
  #opener(cell: GridCell, which: string, seen: TemplateResult): TemplateResult {
    const [run] = cell.runs;
    const content = html`<span class="visually-hidden">${which} </span>${seen}`;
    if (cell.runs.length === 1) return this.#runLink(run!.id, 'cell', content);
    const key = keyOf(cell);
    return html`<button
      class="cell"
      aria-expanded=${this.opened === key ? 'true' : 'false'}
      @click=${() => (this.opened = this.opened === key ? '' : key)}
    >
      ${content}
    </button>`;
  }

  #runLink(runId: string, classes: string, content: unknown): TemplateResult {
    const { navigation } = this.observatory;
    return html`<a
      class=${classes}
      href=${navigation.linkToRun(runId)}
      @click=${inPlace(() => navigation.showRun(runId))}
      >${content}</a
    >`;
  }

  #runsOf({ dim, heads, runs }: GridCell): TemplateResult {
    const quantity = this.#quantity;
    return html`<p class="runs" role="status">
      ${dim} × ${heads}:
      ${runs.map(({ id, seed, value }) => this.#runLink(id, 'run', `seed ${seed}: ${formatQuantity(quantity, value)}`))}
    </p>`;
  }

  #legend([low, high]: readonly [number, number], cells: readonly GridCell[]): TemplateResult {
    const { themes } = this.observatory;
    const band = this.#band;
    const quantity = this.#quantity;
    const { axis, banded } = quantity.family;
    const { width, height, steps } = LEGEND;
    const x = (value: number): number => Math.min(1, Math.max(0, partOf(value, [low, high], axis === 'log'))) * width;
    const [from, to] = [x(band.low), x(band.high)];
    const colors = scaleSteps([low, high], quantity, themes.theme.value, steps);
    return html`<div class="legend">
      <svg
        width=${width}
        height=${height}
        role="img"
        aria-label="colours from ${formatQuantity(quantity, low)} to ${formatQuantity(quantity, high)}"
      >
        ${colors.map(
          ({ background }, step) =>
            svg`<rect x=${(step / steps) * width} y="6" width=${width / steps + 0.5} height="10" fill=${background} />`,
        )}
        ${banded && band.beyond !== true && to > from ? svg`<path class="in-band" d="M${from + 1},20V3H${to - 1}V20" />` : nothing}
        <text x="0" y="31">${formatQuantity(quantity, low)}</text>
        <text x=${width} y="31" text-anchor="end">${formatQuantity(quantity, high)}</text>
      </svg>
      <span>scale over all epochs${axis === 'log' ? ', log' : ''}</span>
      ${
        banded
          ? html`<span><span class="ring"></span>${bandWords(band)}</span>
              <span
                ><span class="ring open"></span>undecided: within one standard error of
                ${quantity.departs === true ? '± 2' : 'an edge'}</span
              >`
          : nothing
      }
      <span>hd = head size</span>
      ${banded && hasScaledErrors(cells) ? html`<span>${SCALED_ERRORS}</span>` : nothing}
    </div>`;
  }

  #figure(cells: readonly GridCell[], range: readonly [number, number] | null, when: string): Figure {
    const quantity = this.#quantity;
    const band = this.#band;
    return {
      picture: heatmapPicture({ cells, quantity, range, band, theme: this.observatory.themes.theme.value }),
      title: `${titleOf(quantity)} · ${when}${quantity.family.banded ? ` · ${bandTitle(band)}` : ''}`,
      fileName: `pentachoron-heatmap-${columnName(quantity)}`,
    };
  }

  #saveCsv(cells: readonly GridCell[]): void {
    const quantity = this.#quantity;
    saveCsv(`pentachoron-heatmap-${columnName(quantity)}.csv`, cellsCsv(quantity, cells, this.#band));
  }

  get #quantity(): Quantity {
    return readQuantity(epochViewsOf(this.observatory).quantity.value, this.observatory.charts.cv.value);
  }

  /** What is asked of its values. */
  get #band(): Band {
    return this.#quantity.departs === true ? BEYOND_CHANCE : this.observatory.band.value;
  }
}

function keyOf(cell: GridCell): string {
  return `${cell.dim} ${cell.heads} ${variantKey(cell)}`;
}
