/** The full measurements of one run, with standard errors, valid samples and the reasons of what is missing. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Measurement, NullName } from '../../../shared/measurement.js';
import { commonStyles } from '../../ui/common-styles.js';
import { experimentOf } from '../../experiments/experiments.js';
import { saveCsv } from '../../ui/save-file.js';
import type { Observatory } from '../observatory.js';
import { canMeasureMore } from '../run-commands.js';
import type { RunLine } from '../run-lines.js';
import { SignalElement } from '../../ui/signal-element.js';
import { formatCv, formatSigned, NO_VALUE } from '../../ui/numbers.js';
import { BEYOND_CHANCE, formatBand, judgementWords } from '../../charts/band.js';
import { formatNull } from '../../charts/chance.js';
import { epochViewStyles } from '../../ui/view-styles.js';
import { footnoteLetter, footnotes } from '../../ui/footnotes.js';
import './run-metrics.js';
import {
  type MeasurementCell,
  type MeasurementRow,
  type NullCell,
  measuredEpochs,
  measurementRows,
  measurementsCsv,
  reasonsOf,
  toldNulls,
} from './measurement-rows.js';

const DECIMALS = 4;
const MARK_WORDS = { in: 'in the band', undecided: 'undecided', out: '', moved: 'moved', still: 'not significant' };

@customElement('run-measurements')
export class RunMeasurements extends SignalElement {
  @property({ attribute: false }) observatory!: Observatory;
  @property({ attribute: false }) line!: RunLine;

  static override readonly styles = [
    commonStyles,
    epochViewStyles,
    css`
      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: 2px 18px;
        margin: 0 2px 12px;
        color: var(--muted);
        font-size: 12px;
      }
      small {
        color: var(--faint);
        font-size: 11px;
        font-weight: 400;
      }
      th,
      td {
        padding-inline: 5px;
      }
      .edge {
        padding-left: 12px;
        border-left: 1px solid var(--hairline);
      }
      .group th {
        height: 26px;
        color: var(--faint);
        font-size: 12px;
        font-weight: 400;
        text-align: left;
        background: var(--sunken);
      }
      .script {
        color: var(--muted);
      }
      .moved {
        font-weight: 650;
      }
      .still,
      .none {
        color: var(--faint);
      }
      sup {
        line-height: 0;
      }
    `,
  ];

  override render(): unknown {
    const { run } = this.line;
    const measurements = this.observatory.measurements.of(run.id);
    if (measurements === undefined) return html`<p class="hint" role="status">loading measurements …</p>`;
    if (measurements.length === 0)
      return html`<p class="hint">
        Nothing measured yet. A full measurement is taken at the first, the middle and the last epoch.
      </p>`;
    const rows = measurementRows(run.series, measurements, this.observatory.band.value);
    const epochs = measuredEpochs(measurements);
    const reasons = reasonsOf(rows);
    const told = toldNulls(rows);
    const experiment = experimentOf(run);
    const groups = experiment.groups([run]).map(({ title, metrics }) => {
      const names = new Set(metrics.map(({ name }) => name));
      return { title, rows: rows.filter(({ series }) => names.has(series)) };
    });
    return html`${this.#legend(told)}
      <section class="card" aria-labelledby="title">
        <header>
          <h2 id="title">Full measurements</h2>
          <span class="note">${experiment.measuredOn(run)} · ± one standard error</span>
          <div class="tools">
            ${this.#measuring()}
            <button class="plain" title="download as CSV" @click=${() => this.#save(measurements)}>CSV</button>
          </div>
        </header>
        <div class="scroller" tabindex="0" role="group" aria-label="full measurements, the table">
          <table aria-labelledby="title">
            ${header(epochs, told)}
            ${groups
              .filter((group) => group.rows.length > 0)
              .map((group) => body(group.title.toLowerCase(), group.rows, epochs, reasons, told))}
          </table>
        </div>
        ${footnotes(reasons)}
      </section>
      <run-metrics .measurements=${measurements}></run-metrics>`;
  }

  /** The last epoch's, once more. */
  #measuring(): unknown {
    const { canCommand, isController, commands } = this.observatory;
    const { run } = this.line;
    if (run.measuring) return html`<span class="note" role="status">being measured …</span>`;
    if (!isController || !canMeasureMore(run)) return nothing;
    return html`<button
      class="plain"
      title="measure the last epoch again, with what its own entries give in random order; takes a trainer some seconds"
      ?disabled=${!canCommand}
      @click=${() => void commands.measureAgain([this.line])}
    >
      shuffled null
    </button>`;
  }

  #legend(told: readonly NullName[]): TemplateResult {
    return html`<div class="legend">
      <span><span class="mark in"></span>in the band ${formatBand(this.observatory.band.value)}</span>
      <span><span class="mark undecided"></span>undecided: within one standard error of an edge</span>
      <span>movement since epoch 0 on the fixed sample; bold: beyond two standard errors</span>
      ${
        told.length === 0
          ? html`<span>measured before nulls were told: no departures from chance</span>`
          : html`<span>
              chance: the Gaussian null ± one standard deviation; departure: in those, marked beyond
              ${formatBand(BEYOND_CHANCE)}
            </span>`
      }
      <span>script: the run’s own draws, as the original script makes them</span>
    </div>`;
  }

  #save(measurements: readonly Measurement[]): void {
    saveCsv(`run-${this.line.run.id}-measurements.csv`, measurementsCsv(measurements));
  }
}

interface NullColumn {
  name: NullName;
  title: 'chance' | 'shuffled' | 'departure';
}

/** The Gaussian null is the same at every epoch, and stands at the first alone; a shuffled one is of that epoch's entries. */
function nullColumns(told: readonly NullName[], isFirst: boolean): NullColumn[] {
  return told.flatMap((name): NullColumn[] => [
    ...(name === 'shuffled' ? [{ name, title: name }] : isFirst ? [{ name, title: 'chance' as const }] : []),
    { name, title: 'departure' },
  ]);
}

/** How many columns an epoch has: CV, valid and script; movements since the first; those of nulls. */
function columnsOf(epoch: number, isFirst: boolean, told: readonly NullName[]): number {
  return (epoch === 0 ? 3 : 4) + nullColumns(told, isFirst).length;
}

function header(epochs: readonly number[], told: readonly NullName[]): TemplateResult {
  return html`<thead>
    <tr>
      <td></td>
      ${epochs.map(
        (epoch, index) =>
          html`<th scope="colgroup" class="edge" colspan=${columnsOf(epoch, index === 0, told)}>epoch ${epoch}</th>`,
      )}
    </tr>
    <tr>
      <th scope="col">series</th>
      ${epochs.map(
        (epoch, index) =>
          html`<th scope="col" class="edge">CV</th>
            <th scope="col">valid</th>
            ${nullColumns(told, index === 0).map(({ title }) => html`<th scope="col">${title}</th>`)}
            ${epoch === 0 ? nothing : html`<th scope="col">movement</th>`}
            <th scope="col">script</th>`,
      )}
    </tr>
  </thead>`;
}

function body(
  title: string,
  rows: readonly MeasurementRow[],
  epochs: readonly number[],
  reasons: readonly string[],
  told: readonly NullName[],
): TemplateResult {
  const columns = 1 + epochs.reduce((sum, epoch, index) => sum + columnsOf(epoch, index === 0, told), 0);
  return html`<tbody>
    <tr class="group">
      <th scope="rowgroup" colspan=${columns}>${title}</th>
    </tr>
    ${rows.map(
      ({ series, epochs: cells }) =>
        html`<tr>
          <th scope="row">${series}</th>
          ${cells.map(
            ({ cv, nulls, movement, script }, index) =>
              html`${cell(cv, `edge cv ${cv.mark}`, reasons)}
                <td class="script">${cv.valid ?? NO_VALUE}</td>
                ${nullColumns(told, index === 0).map((column) => nullCell(nulls[column.name], column))}
                ${movement === undefined ? nothing : cell(movement, movement.mark, reasons)}
                ${cell(script, 'script', reasons)}`,
          )}
        </tr>`,
    )}
  </tbody>`;
}

function cell(
  { value, standardError, mark, reason }: MeasurementCell,
  classes: string,
  reasons: readonly string[],
): TemplateResult {
  if (value === undefined)
    return html`<td class="none ${classes.includes('edge') ? 'edge' : ''}">
      ${NO_VALUE}<sup aria-hidden="true">${footnoteLetter(reasons.indexOf(reason))}</sup
      ><span class="visually-hidden">${reason}</span>
    </td>`;
  const moves = mark === 'moved' || mark === 'still';
  const text = moves ? signed(value) : formatCv(value, DECIMALS);
  const words = classes === 'script' ? '' : MARK_WORDS[mark];
  return html`<td class=${classes}>
    ${classes.includes('cv') && mark !== 'out' ? html`<span class="mark"></span>` : nothing}${text}${
      standardError === null ? nothing : html` <small>± ${formatCv(standardError, DECIMALS)}</small>`
    }${words === '' ? nothing : html`<span class="visually-hidden">, ${words}</span>`}
  </td>`;
}

function nullCell(known: NullCell | undefined, { title }: NullColumn): TemplateResult {
  if (known === undefined) return html`<td class="none">${NO_VALUE}</td>`;
  if (title !== 'departure') return html`<td class="script">${formatNull(known)}</td>`;
  const { departure, mark } = known;
  const words = mark === 'out' ? '' : judgementWords(BEYOND_CHANCE)[mark];
  return html`<td class=${mark}>
    ${mark === 'out' ? nothing : html`<span class="mark"></span>`}${departure === null ? NO_VALUE : formatSigned(departure, 1)}${
      words === '' ? nothing : html`<span class="visually-hidden">, ${words}</span>`
    }
  </td>`;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(DECIMALS)}`;
}
