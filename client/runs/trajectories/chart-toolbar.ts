/** How all charts draw: the choices made most in one line, the rest in a list behind its last button. */
import { css, html, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { experiments, leadingExperiment } from '../../experiments/experiments.js';
import { COMMON_X } from '../../charts/chart-settings.js';
import { stepWord } from '../../charts/drawn-line.js';
import { DEPARTURE_WORDS } from '../../charts/metric.js';
import { xWords } from '../../charts/x-axis.js';
import type { Observatory } from '../observatory.js';
import { SignalElement } from '../../ui/signal-element.js';
import { epochViewStyles } from '../../ui/view-styles.js';
import { formatBand } from '../../charts/band.js';
import { chartControlStyles, cvReading, smoothing, withoutNullsWords, xExtent, yScale } from '../chart-controls.js';
import './chart-more-settings.js';
import { commonStyles } from '../../ui/common-styles.js';
import { formStyles } from '../../ui/form-styles.js';
import { icon } from '../../ui/icon.js';
import { placeBeside, returnFocus } from '../../ui/popover.js';

@customElement('chart-toolbar')
export class ChartToolbar extends SignalElement {
  @property({ attribute: false }) observatory!: Observatory;
  /** Whether any shown runs differ in their seed alone. */
  @property({ type: Boolean }) seedReplicates = false;
  /** What is wrong with the search. */
  @property({ attribute: false }) trouble: string | undefined;
  @query('[popover]') private readonly more!: HTMLElement;

  static override readonly styles = [
    commonStyles,
    epochViewStyles,
    formStyles,
    chartControlStyles,
    css`
      .bar {
        gap: 8px 10px;
      }
      select {
        max-width: 128px;
      }
      .find {
        flex: 0 1 150px;
      }
      /* What is said gives way before the button would stand in a line of its own. */
      .end {
        display: flex;
        flex: 1 1 40px;
        gap: 10px;
        align-items: center;
        justify-content: end;
        min-width: 0;
      }
      .about {
        min-width: 0;
        margin: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        font-size: 12px;
        color: var(--faint);
        white-space: nowrap;
      }
      .trouble {
        flex-basis: 100%;
        margin: 0;
        color: var(--warn);
        font-size: 12px;
      }
      [popover] {
        position: fixed;
        inset: auto;
        width: min(330px, calc(100vw - 16px));
        margin: 4px 0 0;
        padding: 14px 16px;
        color: var(--text);
        background: var(--raised);
        border: 1px solid var(--border);
        border-radius: var(--radius);
        box-shadow: var(--shadow-float);
      }
      @media (max-width: 760px) {
        /* Charts are what the low screen is for. */
        .bar {
          position: static;
        }
        .find {
          flex: 1 1 100px;
        }
        .end {
          flex: none;
        }
        .about {
          display: none;
        }
      }
    `,
  ];

  override render(): unknown {
    const { charts, shownRuns } = this.observatory;
    const leading = leadingExperiment(shownRuns.shown.value.map(({ run }) => run));
    const departs = charts.cv.value === 'departure';
    const about = `fixed sample · ${departs ? DEPARTURE_WORDS : `band ${formatBand(charts.settings.value.band)}`}`;
    const without = withoutNullsWords(
      this.observatory,
      shownRuns.shown.value.map(({ run }) => run),
    );
    return html`<div class="bar" role="group" aria-label="charts">
      ${this.#xSelect()}
      ${leading.band === undefined ? nothing : cvReading(charts)}${yScale(charts)}${smoothing(charts)}
      <input
        class="find"
        type="search"
        placeholder="series: ${leading.examples.find}"
        aria-label="search series by text or regular expression"
        aria-invalid=${this.trouble === undefined ? nothing : 'true'}
        autocomplete="off"
        spellcheck="false"
        .value=${live(charts.find.value)}
        @input=${(event: Event) => charts.find.set((event.target as HTMLInputElement).value)}
      />
      ${xExtent(charts, shownRuns)}
      <div class="end">
        ${leading.band === undefined ? nothing : html`<p class="about" title=${about}>${about}</p>`}
        <button
          class="square"
          aria-label="more settings"
          title="more settings"
          aria-haspopup="dialog"
          @click=${this.#open}
        >
          ${icon('settings')}
        </button>
      </div>
      ${this.trouble === undefined ? nothing : html`<p class="trouble" role="status">${this.trouble}</p>`}
      ${without === '' ? nothing : html`<p class="trouble" role="status">${without}: they have no departures</p>`}
      <div popover role="dialog" aria-label="more settings">
        <chart-more-settings
          .observatory=${this.observatory}
          .seedReplicates=${this.seedReplicates}
        ></chart-more-settings>
      </div>
    </div>`;
  }

  #xSelect(): unknown {
    const { charts, shownRuns } = this.observatory;
    const chosen = charts.x.value;
    const step = stepWord(shownRuns.shown.value.map(({ run }) => run));
    const option = (name: string): unknown =>
      html`<option value=${name} .selected=${name === chosen}>${xWords(name, step)}</option>`;
    const named = experiments().flatMap(({ xSeries }) => xSeries);
    const groups = [...new Set(named.map(({ group }) => group))];
    const known = named.some(({ name }) => name === chosen) || COMMON_X.includes(chosen);
    return html`<label title="x axis"
      >by
      <select
        aria-label="x axis"
        @change=${(event: Event) => charts.chooseX((event.target as HTMLSelectElement).value)}
      >
        ${COMMON_X.map(option)}${known ? nothing : option(chosen)}
        ${groups.map(
          (group) =>
            html`<optgroup label=${group}>
              ${named.filter((each) => each.group === group).map(({ name }) => option(name))}
            </optgroup>`,
        )}
      </select></label
    >`;
  }

  readonly #open = (event: Event): void => {
    this.more.showPopover();
    placeBeside(this.more, event.currentTarget as HTMLElement);
    returnFocus(this.more, event.currentTarget as HTMLElement);
  };
}
