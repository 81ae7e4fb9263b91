/** A button whose list shows all runs of one kind, as of one size or status, and those alone, at a press. */
import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { experimentOf } from '../../experiments/experiments.js';
import type { Observatory } from '../observatory.js';
import { type FacetChoice, facetValues, isChosen, toggled } from './run-facets.js';
import { SignalElement } from '../../ui/signal-element.js';
import { commonStyles } from '../../ui/common-styles.js';
import { icon } from '../../ui/icon.js';
import { returnFocus } from '../../ui/popover.js';

const EDGE_PX = 8;

@customElement('run-chooser')
export class RunChooser extends SignalElement {
  @property({ attribute: false }) observatory!: Observatory;
  @state() private wanted: FacetChoice = {};
  /** The hidden lines that `wanted` led to: once they change by other hands, nothing is pressed any more. */
  #result: readonly string[] = [];
  @query('[popover]') private readonly list!: HTMLElement;
  @query('.opener') private readonly opener!: HTMLElement;

  static override readonly styles = [
    commonStyles,
    css`
      .opener {
        padding: 0 9px;
      }
      [popover] {
        position: fixed;
        inset: auto;
        width: min(300px, calc(100vw - 16px));
        max-height: calc(100vh - 80px);
        margin: 0;
        padding: 10px 12px 12px;
        overflow: auto;
        color: var(--text);
        background: var(--raised);
        border: 1px solid var(--border);
        border-radius: var(--radius);
        box-shadow: var(--shadow-float);
      }
      .facet {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
        margin: 0 0 8px;
        padding: 0;
        border: 0;
      }
      legend {
        margin-bottom: 3px;
        padding: 0;
        color: var(--faint);
        font-size: 12px;
      }
      .facet button {
        gap: 5px;
        min-width: 36px;
        min-height: max(25px, var(--target));
        padding: 0 8px;
      }
      .facet button[aria-pressed='true'] {
        color: var(--on-accent);
        background: var(--accent);
        border-color: transparent;
      }
      .facet small {
        color: var(--faint);
      }
      [aria-pressed='true'] small {
        color: inherit;
      }
      footer {
        display: flex;
        gap: 8px;
        align-items: center;
        justify-content: space-between;
        color: var(--muted);
      }
    `,
  ];

  show(): void {
    this.list.showPopover();
    returnFocus(this.list, this.opener);
    const place = this.opener.getBoundingClientRect();
    const left = Math.min(place.left, document.documentElement.clientWidth - this.list.offsetWidth - EDGE_PX);
    this.list.style.left = `${Math.max(EDGE_PX, left)}px`;
    const below = innerHeight - place.bottom;
    const above = this.list.offsetHeight > below - EDGE_PX && place.top > below;
    this.list.style.top = `${above ? Math.max(EDGE_PX, place.top - this.list.offsetHeight - 4) : place.bottom + 4}px`;
    this.list.querySelector('button')?.focus();
  }

  override render(): unknown {
    const { shownRuns, selection } = this.observatory;
    const lines = shownRuns.lines.value;
    // The kinds of choice in a few words: `dim, head size or status`.
    const facets = lines[0] === undefined ? [] : experimentOf(lines[0].run).facets(lines[0].run);
    const named = facets.slice(0, 2).map(([facet]) => facet);
    const kinds = named.length === 0 ? 'status' : `${named.join(', ')} or status`;
    const pressed = selection.hidden.value === this.#result ? this.wanted : {};
    const shown = shownRuns.shown.value.length;
    return html`<button
        class="opener"
        aria-haspopup="dialog"
        title="show the runs of one ${kinds}"
        @click=${() => this.show()}
      >
        ${icon('select')}choose
      </button>
      <div popover role="dialog" aria-label="choose runs">
        ${facetValues(lines.map(({ run }) => run)).map(
          ({ facet, values }) =>
            html`<fieldset class="facet">
              <legend>${facet}</legend>
              ${values.map(
                ({ value, count }) =>
                  html`<button
                    aria-pressed=${pressed[facet]?.includes(value) ? 'true' : 'false'}
                    @click=${() => this.#press(pressed, facet, value)}
                  >
                    ${value} <small>${count}</small>
                  </button>`,
              )}
            </fieldset>`,
        )}
        <footer>
          <span role="status">${shown} of ${lines.length} shown</span>
          ${shown === lines.length ? nothing : html`<button @click=${() => selection.showAll()}>show all</button>`}
        </footer>
      </div>`;
  }

  #press(pressed: FacetChoice, facet: string, value: string): void {
    const { shownRuns, selection } = this.observatory;
    this.wanted = toggled(pressed, facet, value);
    const chosen = shownRuns.lines.value.filter(({ run }) => isChosen(run, this.wanted));
    selection.showOnly(new Set(chosen.map(({ run }) => run.id)));
    this.#result = selection.hidden.value;
  }
}
