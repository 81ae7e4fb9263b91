/** Two numbers that bound a range: the band, or what a chart shows. Told when both make sense, said when they do not. */
import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { commonStyles } from './common-styles.js';
import { formStyles } from './form-styles.js';

@customElement('number-range')
export class NumberRange extends LitElement {
  /** Of both numbers: `band`, `x`. */
  @property() label = '';
  @property({ attribute: false }) low: number | undefined;
  @property({ attribute: false }) high: number | undefined;
  /** Shown while there is no number. */
  @property() lowHint = '';
  @property() highHint = '';
  @property({ type: Number }) least = -Infinity;
  @state() private trouble = '';
  /** What stands in the fields while it is not yet taken: it is not written over, and may be corrected. */
  #typed: { from?: string; to?: string } = {};

  static override readonly styles = [
    commonStyles,
    formStyles,
    css`
      :host {
        display: block;
      }
      span {
        display: flex;
        gap: 6px;
        align-items: center;
      }
      input {
        width: 84px;
      }
      p {
        margin: 4px 0 0;
        color: var(--bad);
        font-size: 12px;
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues<this>): void {
    // Another range was chosen, by whatever means: what was typed is answered by that.
    if (!changed.has('low') && !changed.has('high')) return;
    this.trouble = '';
    this.#typed = {};
  }

  override render(): unknown {
    const input = (name: 'from' | 'to', value: number | undefined, hint: string): unknown =>
      html`<input
        name=${name}
        inputmode="decimal"
        autocomplete="off"
        aria-label="${this.label} ${name}"
        aria-invalid=${this.trouble === '' ? nothing : 'true'}
        placeholder=${hint}
        .value=${live(this.#typed[name] ?? (value === undefined ? '' : String(value)))}
        @input=${(event: Event) => (this.#typed[name] = (event.target as HTMLInputElement).value)}
        @change=${this.#changed}
      />`;
    return html`<span>
        ${input('from', this.low, this.lowHint)} – ${input('to', this.high, this.highHint)}
        <slot></slot>
      </span>
      ${this.trouble === '' ? nothing : html`<p role="alert">${this.trouble}</p>`}`;
  }

  readonly #changed = (): void => {
    const [low, high] = [...this.renderRoot.querySelectorAll('input')].map(({ value }) => read(value)) as [
      number | undefined,
      number | undefined,
    ];
    // One empty end takes what it is a hint for.
    const range = [low ?? read(this.lowHint), high ?? read(this.highHint)] as const;
    const [from, to] = range;
    if (low === undefined && high === undefined) return this.#tell(null);
    if (from === undefined || to === undefined || Number.isNaN(from + to)) this.trouble = 'two numbers, please';
    else if (from >= to) this.trouble = 'the first must be the smaller';
    else if (from < this.least) this.trouble = `not below ${this.least}`;
    else this.#tell([from, to]);
  };

  #tell(detail: readonly [number, number] | null): void {
    this.trouble = '';
    this.#typed = {};
    this.dispatchEvent(new CustomEvent('range-chosen', { detail }));
  }
}

function read(text: string): number | undefined {
  return text.trim() === '' ? undefined : Number(text.replace(',', '.'));
}
