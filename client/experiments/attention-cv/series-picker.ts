/** Chooses what the views of one epoch show of a run: a family of series, and one of its heads or their mean. */
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { FAMILIES, type Family, type Quantity } from './quantity.js';
import type { Observatory } from '../../runs/observatory.js';
import { SignalElement } from '../../ui/signal-element.js';
import { commonStyles } from '../../ui/common-styles.js';
import { formStyles } from '../../ui/form-styles.js';
import { configOf, onGrid } from './config.js';
import { epochViewsOf } from './epoch-views.js';

@customElement('series-picker')
export class SeriesPicker extends SignalElement {
  @property({ attribute: false }) observatory!: Observatory;
  /** Offered are those families alone that have heads, and then all of their heads are meant. */
  @property({ type: Boolean }) heads = false;

  static override readonly styles = [
    commonStyles,
    formStyles,
    css`
      :host {
        display: inline-flex;
        gap: 6px;
      }
    `,
  ];

  override render(): unknown {
    const shown = onGrid(this.observatory.shownRuns.lines.value).map(({ run }) => configOf(run));
    const chosen = epochViewsOf(this.observatory).quantity.value;
    // Also what a link asks for that no shown run is measured by.
    const measured = new Set(['cv', chosen.family.metric, ...shown.flatMap(({ metrics }) => metrics ?? [])]);
    const offered = FAMILIES.filter(({ perHead, metric }) => measured.has(metric) && (perHead || !this.heads));
    const groups = [...new Set(offered.map(({ group }) => group))];
    const family = offered.find((each) => each === chosen.family) ?? headsOf(chosen).family;
    return html`<select
        aria-label="series"
        @change=${(event: Event) => this.#choose(offered[(event.target as HTMLSelectElement).selectedIndex]!, null)}
      >
        ${groups.map(
          (group) =>
            html`<optgroup label=${group}>
              ${offered
                .filter((each) => each.group === group)
                .map((each) => html`<option .selected=${each === family}>${each.id}</option>`)}
            </optgroup>`,
        )}
      </select>
      ${family.perHead && !this.heads ? this.#headSelect(chosen) : nothing}`;
  }

  #headSelect({ family, head }: Quantity): unknown {
    const counts = onGrid(this.observatory.shownRuns.lines.value).map(({ run }) => configOf(run).heads);
    const heads = Math.max(1, (head ?? 0) + 1, ...counts);
    return html`<select
      aria-label="head"
      @change=${(event: Event) => {
        const index = (event.target as HTMLSelectElement).selectedIndex;
        this.#choose(family, index === 0 ? null : index - 1);
      }}
    >
      <option .selected=${head === null}>mean of heads</option>
      ${Array.from({ length: heads }, (_, index) => html`<option .selected=${head === index}>head ${index}</option>`)}
    </select>`;
  }

  #choose(family: Family, head: number | null): void {
    epochViewsOf(this.observatory).quantity.set({ family, head });
  }
}

/** The chosen quantity if it has heads, else the first that has: a table of heads must show some. */
export function headsOf(chosen: Quantity): Quantity {
  return chosen.family.perHead ? chosen : { family: FAMILIES.find(({ id }) => id === 'act_Q')!, head: null };
}
