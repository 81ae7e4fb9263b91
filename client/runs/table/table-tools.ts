/** What narrows the table: a filter of words and comparisons, a status, and the chooser of what is shown. */
import { css, html, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { leadingExperiment } from '../../experiments/experiments.js';
import type { Observatory } from '../observatory.js';
import { STATUS_FILTERS, type StatusFilter, tableChoice } from './table-choice.js';
import { SignalElement } from '../../ui/signal-element.js';
import { commonStyles } from '../../ui/common-styles.js';
import './run-chooser.js';

@customElement('table-tools')
export class TableTools extends SignalElement {
  @property({ attribute: false }) observatory!: Observatory;
  @query('input') private readonly input!: HTMLInputElement;

  static override readonly styles = [
    commonStyles,
    css`
      :host {
        display: block;
        padding: 0 16px 6px;
      }
      div {
        display: flex;
        gap: 6px;
      }
      input,
      select {
        min-width: 0;
        min-height: max(28px, var(--target));
        padding: 0 9px;
        color: var(--text);
        font: inherit;
        background: var(--sunken);
        border: 1px solid var(--border);
        border-radius: 6px;
      }
      input {
        flex: 1;
      }
      input::placeholder {
        color: var(--faint);
        opacity: 1;
      }
      select {
        width: 104px;
        padding: 0 5px;
        background: var(--raised);
      }
      .active {
        border-color: var(--accent);
      }
      p span {
        display: block;
      }
      p {
        margin: 4px 0 0;
        color: var(--warn);
        font-size: 12px;
        overflow-wrap: anywhere;
      }
      @media (hover: none), (max-width: 760px) {
        :host {
          padding: 0 12px 6px;
        }
      }
    `,
  ];

  override focus(): void {
    this.input.focus();
    this.input.select();
  }

  override render(): unknown {
    const { shownRuns, trajectories } = this.observatory;
    const table = tableChoice(this.observatory);
    const { examples } = leadingExperiment(shownRuns.lines.value.map(({ run }) => run));
    const hints = table.hints(shownRuns.lines.value, (id) => trajectories.columns(id));
    return html`<div role="search" aria-label="runs">
        <input
          type="search"
          class=${table.filter.value === '' ? nothing : 'active'}
          aria-label="filter runs"
          aria-describedby="hints"
          placeholder="filter: ${examples.filter} …"
          title="text, ${examples.tip}; the help (?) has all of it"
          autocomplete="off"
          spellcheck="false"
          .value=${table.filter.value}
          @input=${() => table.filter.set(this.input.value)}
        />
        <select
          class=${table.status.value === 'any' ? nothing : 'active'}
          aria-label="status of runs"
          @change=${(event: Event) => table.status.set((event.target as HTMLSelectElement).value as StatusFilter)}
        >
          ${STATUS_FILTERS.map(
            (status) =>
              html`<option value=${status} .selected=${status === table.status.value}>
                ${status === 'any' ? 'any status' : status}
              </option>`,
          )}
        </select>
        <run-chooser .observatory=${this.observatory}></run-chooser>
      </div>
      <p id="hints" role="status" ?hidden=${hints.length === 0}>${hints.map((hint) => html`<span>${hint}</span>`)}</p>`;
  }
}
