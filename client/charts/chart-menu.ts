/** What can be done with one chart, as a list beside its button. Tells `closed`. */
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { Metric } from './metric.js';
import { commonStyles } from '../ui/common-styles.js';
import { icon, type IconName } from '../ui/icon.js';
import { menuStyles } from '../ui/menu-styles.js';
import { openBeside } from '../ui/popover.js';
import type { ChartFile } from './save-chart.js';

export interface ChartMenuChoice {
  kind: 'pin' | 'enlarge' | 'numbers' | 'earlier' | 'later' | ChartFile | 'csv-all';
  metric: Metric;
}

@customElement('chart-menu')
export class ChartMenu extends LitElement {
  @property({ attribute: false }) pinned: readonly string[] = [];
  /** Whether it can be saved alone, and neither pinned nor moved. */
  @property({ type: Boolean }) files = false;
  /** Those that show a part of x alone. */
  @property({ attribute: false }) zoomed: (metric: Metric) => boolean = () => false;
  /** Whose menu is open, and beside which button; undefined while it is closed. */
  @property({ attribute: false }) opened: { metric: Metric; anchor: HTMLElement } | undefined;
  @query('[popover]') private readonly list!: HTMLElement;

  readonly #hide = (): void => this.list.hidePopover();

  static override readonly styles = [
    commonStyles,
    menuStyles,
    css`
      hr {
        margin: 4px 8px;
        border: 0;
        border-top: 1px solid var(--hairline);
      }
    `,
  ];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('scroll', this.#hide);
  }

  protected override updated(): void {
    openBeside(this.list, this.opened?.anchor, () => this.dispatchEvent(new Event('closed')));
  }

  override render(): unknown {
    const metric = this.opened?.metric;
    const item = (kind: ChartMenuChoice['kind'], sign: IconName, label: string): unknown =>
      html`<button class="plain" @click=${() => this.#chosen(kind)}>${icon(sign)}${label}</button>`;
    return html`<div popover role="group" aria-label=${metric?.name ?? ''} @toggle=${this.#toggled}>
      ${
        metric === undefined
          ? nothing
          : html`<p>${metric.name}</p>
              ${
                this.files
                  ? nothing
                  : html`${item('pin', 'pin', this.pinned.includes(metric.name) ? 'unpin' : 'pin to the top')}
                      ${item('enlarge', 'enlarge', 'enlarge')} ${item('numbers', 'numbers', 'numbers')}
                      <hr />
                      ${item('earlier', 'earlier', 'move earlier')} ${item('later', 'later', 'move later')}
                      <hr />`
              }
              ${item('png', 'picture', 'save as PNG')} ${item('svg', 'drawing', 'save as SVG')}
              ${
                this.zoomed(metric)
                  ? html`${item('csv', 'csv', 'save data in view as CSV')}${item('csv-all', 'csv', 'save all data as CSV')}`
                  : item('csv', 'csv', 'save data as CSV')
              }`
      }
    </div>`;
  }

  #chosen(kind: ChartMenuChoice['kind']): void {
    const { metric, anchor } = this.opened!;
    this.list.hidePopover();
    const detail: ChartMenuChoice = { kind, metric };
    this.dispatchEvent(new CustomEvent('chart-choice', { detail }));
    // Where the chart stands after it was moved, so that it can be moved on.
    requestAnimationFrame(() => anchor.focus());
  }

  /** It stands still in the window: when the page moves, its chart is elsewhere. */
  readonly #toggled = ({ newState }: ToggleEvent): void => {
    if (newState === 'open') addEventListener('scroll', this.#hide, { once: true, passive: true });
    else removeEventListener('scroll', this.#hide);
  };
}
