/** Chooses which runs are compared, and which of them the others are held against. */
import { css, html, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { repeat } from '../../ui/tidy-repeat.js';
import type { Observatory } from '../observatory.js';
import type { RunLine } from '../run-lines.js';
import { SignalElement } from '../../ui/signal-element.js';
import { fullLabel } from '../run-words.js';
import { commonStyles } from '../../ui/common-styles.js';
import { icon } from '../../ui/icon.js';
import { lineSwatch } from '../../charts/line-swatch.js';

const EDGE_PX = 8;

@customElement('compare-picker')
export class ComparePicker extends SignalElement {
  @property({ attribute: false }) observatory!: Observatory;
  @query('[popover]') private readonly list!: HTMLElement;
  @query('.choose') private readonly button!: HTMLElement;

  static override readonly styles = [
    commonStyles,
    css`
      :host {
        display: flex;
        flex: 1 1 300px;
        flex-wrap: wrap;
        gap: 6px 10px;
        align-items: center;
        min-width: 0;
      }
      .base {
        display: inline-flex;
        gap: 6px;
        align-items: center;
        min-width: 0;
        color: var(--muted);
      }
      select {
        min-width: 0;
        max-width: 260px;
        min-height: max(28px, var(--target));
        padding: 0 6px;
        color: var(--text);
        font: inherit;
        text-overflow: ellipsis;
        background: var(--raised);
        border: 1px solid var(--border);
        border-radius: 6px;
      }
      ul {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
        max-height: 66px;
        margin: 0;
        padding: 0;
        overflow: auto;
        list-style: none;
      }
      .chip {
        display: inline-flex;
        gap: 6px;
        align-items: center;
        max-width: 240px;
        padding: 0 0 0 8px;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        background: var(--panel);
        border: 1px solid var(--border);
        border-radius: 14px;
      }
      .chip.first {
        padding-right: 10px;
        font-weight: 650;
      }
      .chip button {
        width: max(24px, var(--target) - 12px);
        min-height: max(24px, var(--target) - 12px);
        padding: 0;
        color: var(--faint);
        border-radius: 12px;
      }
      .chip svg {
        width: 12px;
        height: 12px;
      }
      .chip .swatch {
        width: 18px;
        height: 10px;
      }
      .words {
        overflow: hidden;
        text-overflow: ellipsis;
      }
      [popover] {
        position: fixed;
        inset: auto;
        width: min(320px, calc(100vw - 16px));
        margin: 0;
        padding: 8px;
        color: var(--text);
        background: var(--raised);
        border: 1px solid var(--border);
        border-radius: var(--radius);
        box-shadow: var(--shadow-float);
      }
      .runs {
        max-height: min(360px, 50vh);
        overflow: auto;
      }
      .runs label {
        display: flex;
        gap: 8px;
        align-items: center;
        min-height: max(26px, var(--target));
        padding: 0 6px;
        border-radius: 5px;
        cursor: pointer;
      }
      .runs label:hover {
        background: var(--sunken);
      }
      .runs .words {
        flex: 1;
        overflow: visible;
        overflow-wrap: anywhere;
      }
      .runs small {
        color: var(--faint);
      }
      input {
        flex: none;
        margin: 0;
        accent-color: var(--accent);
      }
      .quick {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        padding: 0 0 8px;
      }
    `,
  ];

  override render(): unknown {
    const { shownRuns, compare } = this.observatory;
    const lines = shownRuns.lines.value;
    const chosen = compare.chosen(lines, shownRuns.shown.value);
    const base = compare.compared(lines, shownRuns.shown.value)?.base ?? chosen[0];
    return html`<button class="choose" popovertarget="runs" aria-haspopup="true">
        choose runs <span class="count">${chosen.length} of ${lines.length}</span>
      </button>
      <span class="base"
        >base
        <select
          aria-label="base"
          @change=${(event: Event) => compare.chooseBase((event.target as HTMLSelectElement).value)}
        >
          ${chosen.map(
            (line) =>
              html`<option value=${line.run.id} .selected=${live(line === base)}>${fullLabel(line.label)}</option>`,
          )}
        </select></span
      >
      <ul aria-label="compared runs">
        ${repeat(
          chosen,
          ({ run }) => run.id,
          (line) => this.#chip(line, line === base, chosen),
        )}
      </ul>
      <div
        popover
        id="runs"
        role="group"
        aria-label="runs to compare"
        @toggle=${(event: ToggleEvent) => this.#toggled(event)}
      >
        <div class="quick">
          <button @click=${() => this.#choose(shownRuns.shown.value)}>all shown</button>
          <button @click=${() => compare.choose([])}>the first two</button>
        </div>
        <div class="runs">
          ${repeat(
            lines,
            ({ run }) => run.id,
            (line) => this.#option(line, chosen),
          )}
        </div>
      </div>`;
  }

  #chip(line: RunLine, isBase: boolean, chosen: readonly RunLine[]): TemplateResult {
    const label = fullLabel(line.label);
    return html`<li class="chip ${isBase ? 'first' : ''}" title=${label}>
      ${lineSwatch(line.style)}<span class="words">${label}${isBase ? ', base' : ''}</span>
      ${
        isBase
          ? ''
          : html`<button
              class="plain"
              aria-label="compare without ${label}"
              @click=${() => this.#choose(chosen.filter((each) => each !== line))}
            >
              ${icon('close')}
            </button>`
      }
    </li>`;
  }

  #option(line: RunLine, chosen: readonly RunLine[]): TemplateResult {
    const isChosen = chosen.includes(line);
    return html`<label>
      <input
        type="checkbox"
        .checked=${live(isChosen)}
        @change=${() => this.#choose(isChosen ? chosen.filter((each) => each !== line) : [...chosen, line])}
      />
      ${lineSwatch(line.style)}<span class="words">${fullLabel(line.label)}</span>
      <small>${line.replaced ? 'trained again' : line.run.status}</small>
    </label>`;
  }

  #choose(lines: readonly RunLine[]): void {
    this.observatory.compare.choose(lines.map(({ run }) => run.id));
  }

  /** Below its button, within the window. */
  #toggled({ newState }: ToggleEvent): void {
    if (newState !== 'open') return;
    const { left, bottom } = this.button.getBoundingClientRect();
    const most = document.documentElement.clientWidth - this.list.offsetWidth - EDGE_PX;
    this.list.style.left = `${Math.max(EDGE_PX, Math.min(left, most))}px`;
    this.list.style.top = `${Math.max(EDGE_PX, Math.min(bottom + 4, innerHeight - this.list.offsetHeight - EDGE_PX))}px`;
    this.list.querySelector<HTMLElement>('input')?.focus();
  }
}
