/** The hypothesis itself: how CVs stand to head size, and whether dim, head size or the number of heads decides them. */
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { classMap } from 'lit/directives/class-map.js';
import { repeat } from '../../ui/tidy-repeat.js';
import { distinct } from '../../data/statistics.js';
import { FACTORS } from './explained-variance.js';
import { epochWords, columnName, quantityId, readQuantity, titleOf } from './quantity.js';
import type { LineStyle } from '../../charts/line-style.js';
import { lineStyle } from './line-style.js';
import { commonStyles } from '../../ui/common-styles.js';
import '../../runs/epoch-scrubber.js';
import { FIGURE_FORMATS, type FigureFormat, saveFigure } from '../../ui/figure-file.js';
import { progressBar } from '../../runs/progress-bar.js';
import { saveCsv } from '../../ui/save-file.js';
import './series-picker.js';
import { LOADING } from '../../runs/epoch-reading.js';
import type { Observatory } from '../../runs/observatory.js';
import { SignalElement } from '../../ui/signal-element.js';
import { bandTitle, bandWords, BEYOND_CHANCE } from '../../charts/band.js';
import { DEPARTURE_WORDS } from '../../charts/metric.js';
import { cvReading, withoutNullsWords } from '../../runs/chart-controls.js';
import { epochViewStyles } from '../../ui/view-styles.js';
import './head-size-answer.js';
import type { HeadSizeFigure } from './head-size-figure.js';
import { headSizeCounts, figureNumbers } from './head-size-counts.js';
import './head-size-figure.js';
import { allEffects, effect, type Effect, type EffectsOf, verdicts } from './head-size-effects.js';
import type { FigurePoint, FigureStroke } from './head-size-layout.js';
import { headSizeStyles } from './head-size-styles.js';
import {
  byDecider,
  byHeadSizes,
  cellWords,
  cellsCsv,
  FACTOR_WORDS,
  percentOf,
  decidingWords,
} from './head-size-words.js';
import { verdictSentence, verdictWords } from './verdict-words.js';
import { configOf, nothingShownWords, onGrid } from './config.js';
import { epochViewsOf } from './epoch-views.js';

@customElement('head-size-view')
export class HeadSizeView extends SignalElement {
  @property({ attribute: false }) observatory!: Observatory;
  @query('.large head-size-figure') private readonly figure!: HeadSizeFigure;

  static override readonly styles = [commonStyles, epochViewStyles, headSizeStyles];

  override render(): unknown {
    const { shownRuns, trajectories, measurements, epoch, band, charts } = this.observatory;
    const reading = charts.cv.value;
    const epochViews = epochViewsOf(this.observatory);
    const shown = onGrid(shownRuns.shown.value);
    if (shown.length === 0) return html`<p class="hint">${nothingShownWords(shownRuns.shown.value)}</p>`;
    const of: EffectsOf = {
      shown,
      columnsOf: (runId) => trajectories.columns(runId),
      measurementsOf: (runId) => measurements.of(runId),
      epoch: epoch.value,
      chance: charts.chance.value,
      band: reading === 'departure' ? BEYOND_CHANCE : band.value,
      dims: distinct(onGrid(shownRuns.lines.value).map(({ run }) => configOf(run).dim)),
    };
    const all = allEffects(of, reading);
    const when = epochWords(shown, epoch.value);
    const chosen = effect(readQuantity(epochViews.quantity.value, reading), of);
    const without = withoutNullsWords(
      this.observatory,
      shown.map(({ run }) => run),
    );
    return html`<div class="bar">
        ${cvReading(charts)}<epoch-scrubber .observatory=${this.observatory}></epoch-scrubber>
      </div>
      ${without === '' ? nothing : html`<p class="without" role="status">${without}: they have no place here.</p>`}
      ${this.#large(chosen, of, when)}
      <h2 class="apart">All series <span class="note">heads averaged; choose one to enlarge it</span></h2>
      ${this.#answers(all, of, when)}
      <div class="small">
        ${repeat(
          all,
          ({ quantity }) => quantityId(quantity),
          (each) => this.#small(each, each.quantity.family === chosen.quantity.family),
        )}
      </div>
      ${headSizeCounts(all, distinct(shown.map(({ run }) => configOf(run).headDim)), of.band)}`;
  }

  /** The two questions of the experiment, answered for every family at once. */
  #answers(all: readonly Effect[], { band }: EffectsOf, when: string): TemplateResult {
    const names = (effects: readonly Effect[]): string => effects.map(({ quantity }) => quantity.family.id).join(', ');
    const sizes = byHeadSizes(all);
    const isLoading = all.some(({ counts }) => counts.some(({ unjudged }) => unjudged > 0));
    return html`<div class="answers">
      <section aria-labelledby="sizes-in-band">
        <h2 id="sizes-in-band">Head sizes ${bandWords(band)} <span class="note">${when}</span></h2>
        <dl>
          ${sizes.map(
            ({ words, inside, effects }) =>
              html`<dt class=${inside ? 'in' : 'open'}><span class="mark"></span>${words}</dt>
                <dd>${names(effects)}</dd>`,
          )}
        </dl>
        ${sizes.length === 0 ? html`<p class="note">${isLoading ? LOADING : 'nothing measured yet'}</p>` : nothing}
      </section>
      <section aria-labelledby="deciders">
        <h2 id="deciders">
          What decides a ${band.beyond === true ? 'departure' : 'CV'} <span class="note">${when}</span>
        </h2>
        <dl>
          ${byDecider(all).map(
            ({ decides, words, effects }) =>
              html`<dt class=${decides === undefined ? 'open' : ''}>${words}</dt>
                <dd>${names(effects)}</dd>`,
          )}
        </dl>
      </section>
    </div>`;
  }

  #large(chosen: Effect, of: EffectsOf, when: string): TemplateResult {
    const { themes, pointing } = this.observatory;
    const epochViews = epochViewsOf(this.observatory);
    const { quantity, figure } = chosen;
    const title = titleOf(quantity);
    const measured = figure.cells.filter(({ spread }) => spread !== undefined);
    const headDims = distinct(figure.cells.map(({ headDim }) => headDim));
    const ofSizes = verdicts(quantity, of);
    const words = verdictWords(ofSizes, headDims, of.band, when);
    return html`<section class="card" aria-labelledby="chosen">
      <header>
        <h2 id="chosen">${titleOf(epochViews.quantity.value)}</h2>
        <span class="note"
          >${quantity.departs === true ? `${DEPARTURE_WORDS} ` : figure.band === null ? '' : 'CV '}against head size,
          ${when}</span
        >
        <div class="tools">
          <series-picker .observatory=${this.observatory}></series-picker>
          <span class="files">
            ${FIGURE_FORMATS.map(
              (format) =>
                html`<button
                  class="plain"
                  title="download the figure as ${format.toUpperCase()}"
                  ?disabled=${measured.length === 0}
                  @click=${() => this.#saveFigure(chosen, of, when, format)}
                >
                  ${format.toUpperCase()}
                </button>`,
            )}
            <button class="plain" title="download the numbers as CSV" @click=${() => this.#saveCsv(chosen, of)}>
              CSV
            </button>
          </span>
        </div>
      </header>
      <head-size-answer
        .quantity=${quantity}
        .verdicts=${ofSizes}
        .band=${of.band}
        .headDims=${headDims}
        .dims=${distinct(figure.cells.map(({ dim }) => dim))}
        .words=${figure.band === null ? undefined : words}
        .styleOf=${this.#styleOf}
      >
        <div class="large">
          <head-size-figure
            .spec=${figure}
            .label="${title} by head size: ${decidingWords(chosen.explained)}.${figure.band === null ? '' : ` ${verdictSentence(words)}`} The numbers are in the tables beside it."
            .theme=${themes.theme.value}
            .styleOf=${this.#styleOf}
            .highlighted=${pointing.highlighted.value}
            .wordsOf=${(point: FigurePoint) => cellWords(point.cell, quantity, of.band)}
            @point=${(event: CustomEvent<string | null>) => (pointing.highlighted.value = event.detail)}
          ></head-size-figure>
          ${measured.length === 0 ? html`<p class="nothing">nothing measured at this epoch yet</p>` : nothing}
          <div class="aside">
            <h3>what explains the differences</h3>
            ${FACTORS.map((factor) => {
              const share = chosen.explained.shares[factor];
              return html`<div class="share ${chosen.explained.decides === factor ? 'decides' : ''}">
                <span>${FACTOR_WORDS[factor]}</span>${progressBar(share ?? 0)}<b>${percentOf(share)}</b>
              </div>`;
            })}
            <p>${decidingWords(chosen.explained)}.</p>
            <p class="note">
              Share of the variance of ${quantity.departs === true ? 'departures' : 'log₂ values'} between runs that
              each explains alone (ε², adjusted for the number of groups). In a grid dim and head size overlap: the
              shares need not add up to 100 %.
            </p>
          </div>
        </div>
      </head-size-answer>
      <details
        ?open=${epochViews.numbers.value}
        @toggle=${({ currentTarget }: Event) => epochViews.numbers.set((currentTarget as HTMLDetailsElement).open)}
      >
        <summary>numbers</summary>
        <div class="scroller" tabindex="0" role="group" aria-label="the numbers of the figure">
          ${figureNumbers(chosen)}
        </div>
      </details>
    </section>`;
  }

  #small({ quantity, figure, explained }: Effect, chosen: boolean): TemplateResult {
    const { themes, pointing } = this.observatory;
    const epochViews = epochViewsOf(this.observatory);
    const { shares, decides } = explained;
    return html`<button aria-pressed=${chosen ? 'true' : 'false'} @click=${() => epochViews.quantity.set(quantity)}>
      <span class="name"
        >${quantity.family.id}<span
          class=${classMap({ note: true, decides: decides !== undefined })}
          title=${decides === undefined ? 'nothing alone decides' : nothing}
          >${decides === undefined ? 'none' : `${FACTOR_WORDS[decides]} ${percentOf(shares[decides])}`}</span
        ></span
      >
      <head-size-figure
        small
        .spec=${figure}
        .theme=${themes.theme.value}
        .styleOf=${this.#styleOf}
        .highlighted=${pointing.highlighted.value}
      ></head-size-figure>
    </button>`;
  }

  /** Hue = dim; learning rates and sweeps, where there are several, differ as heads do elsewhere. */
  readonly #styleOf = ({ dim, variant, variants }: FigureStroke): LineStyle => {
    const { shownRuns, themes } = this.observatory;
    const dims = distinct(onGrid(shownRuns.lines.value).map(({ run }) => configOf(run).dim));
    const ranks = Array.from({ length: variants }, (_, rank) => rank);
    return lineStyle({ dim, heads: variant }, dims, ranks, themes.theme.value);
  };

  #saveFigure({ quantity }: Effect, { band }: EffectsOf, when: string, format: FigureFormat): void {
    const { picture } = this.figure;
    if (picture === undefined) return;
    const about = quantity.family.banded ? ` · ${bandTitle(band)}` : '';
    const title = `${titleOf(quantity)} · ${when}${about}`;
    void saveFigure({ picture, title, fileName: `pentachoron-head-size-${columnName(quantity)}` }, format);
  }

  #saveCsv({ quantity, figure }: Effect, { band }: EffectsOf): void {
    saveCsv(`pentachoron-head-size-${columnName(quantity)}.csv`, cellsCsv(quantity, figure.cells, band));
  }
}
