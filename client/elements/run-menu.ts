/** What can be done to one run, as a list beside its button: where there is no room for buttons in the row. */
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { isActive, type RunAction } from '../../shared/run.js';
import type { RunLine } from '../state/run-lines.js';
import { fullLabel } from '../state/wording.js';
import { commonStyles } from './common-styles.js';
import { icon } from './icon.js';
import { offeredActions } from './run-actions.js';

const EDGE_PX = 8;

@customElement('run-menu')
export class RunMenu extends LitElement {
  /** The run as it is now; the list follows it while it is open. */
  @property({ attribute: false }) line: RunLine | undefined;
  @property({ type: Boolean }) enabled = false;
  /** Whether this viewer may do more than look. */
  @property({ type: Boolean }) controls = false;
  @property({ attribute: false }) control!: (line: RunLine, action: RunAction) => void;
  @property({ attribute: false }) open!: (line: RunLine) => void;
  @property({ attribute: false }) readLog!: (line: RunLine) => void;
  @property({ attribute: false }) discard!: (line: RunLine) => void;
  @query('[popover]') private readonly list!: HTMLElement;

  readonly #hide = (): void => this.list.hidePopover();

  static override readonly styles = [
    commonStyles,
    css`
      [popover] {
        position: fixed;
        inset: auto;
        min-width: 190px;
        margin: 0;
        padding: 4px;
        color: var(--text);
        background: var(--raised);
        border: 1px solid var(--border);
        border-radius: var(--radius);
        box-shadow: var(--shadow-float);
      }
      p {
        margin: 4px 11px 2px;
        color: var(--faint);
        font-size: 12px;
      }
      button {
        display: flex;
        justify-content: start;
        width: 100%;
        min-height: max(32px, var(--target));
      }
      .icon {
        justify-content: center;
        width: 18px;
        color: var(--muted);
      }
    `,
  ];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('scroll', this.#hide);
  }

  /** Opens beside `anchor`: below it, or above where the window ends. */
  async show(anchor: Element): Promise<void> {
    await this.updateComplete;
    this.list.showPopover();
    const place = anchor.getBoundingClientRect();
    const { offsetWidth, offsetHeight } = this.list;
    const below = place.bottom + offsetHeight + EDGE_PX <= innerHeight;
    const left = Math.min(place.right, document.documentElement.clientWidth - EDGE_PX) - offsetWidth;
    this.list.style.left = `${Math.max(EDGE_PX, left)}px`;
    this.list.style.top = `${below ? place.bottom : Math.max(EDGE_PX, place.top - offsetHeight)}px`;
    this.list.querySelector<HTMLElement>('button:enabled')?.focus();
  }

  override render(): unknown {
    const { line } = this;
    const label = line === undefined ? '' : fullLabel(line.label);
    return html`<div popover role="group" aria-label=${label} @toggle=${(event: ToggleEvent) => this.#toggled(event)}>
      <p>${label}${line === undefined ? nothing : ` · ${line.run.status}`}</p>
      ${
        line === undefined || !this.controls
          ? nothing
          : offeredActions(line.run.status, line.replaced).map(
              ({ action, title }) =>
                html`<button
                  class="plain"
                  ?disabled=${!this.enabled}
                  @click=${() => this.#chosen(() => this.control(line, action))}
                >
                  ${icon(action)}${title}
                </button>`,
            )
      }
      ${line === undefined ? nothing : this.#always(line)}
    </div>`;
  }

  /** Reading is open to everybody at any time; what trains is not to be deleted. */
  #always(line: RunLine): unknown {
    return html`<button class="plain" @click=${() => this.#chosen(() => this.open(line))}>${icon('open')}open</button>
      <button class="plain" @click=${() => this.#chosen(() => this.readLog(line))}>${icon('log')}log</button>
      ${
        !this.controls || isActive(line.run.status)
          ? nothing
          : html`<button
              class="plain"
              ?disabled=${!this.enabled}
              @click=${() => this.#chosen(() => this.discard(line))}
            >
              ${icon('bin')}delete …
            </button>`
      }`;
  }

  #chosen(act: () => void): void {
    this.list.hidePopover();
    act();
  }

  /** It stands still in the window: when the page moves, its row is elsewhere. */
  #toggled({ newState }: ToggleEvent): void {
    if (newState === 'open') addEventListener('scroll', this.#hide, { once: true, passive: true });
    else removeEventListener('scroll', this.#hide);
  }
}
