/** What can be done to one run, as a list beside its button: where there is no room for buttons in the row. Tells `closed`. */
import { html, LitElement, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { canDelete, type RunAction } from '../../../shared/run.js';
import type { RunLine } from '../run-lines.js';
import { fullLabel } from '../run-words.js';
import { commonStyles } from '../../ui/common-styles.js';
import { icon } from '../../ui/icon.js';
import { menuStyles } from '../../ui/menu-styles.js';
import { openBeside } from '../../ui/popover.js';
import { offeredActions } from '../run-commands.js';

@customElement('run-menu')
export class RunMenu extends LitElement {
  /** The run as it is now; the list follows it while it is open. */
  @property({ attribute: false }) line: RunLine | undefined;
  /** The button that it is open beside; undefined while it is closed. */
  @property({ attribute: false }) anchor: HTMLElement | undefined;
  @property({ type: Boolean }) enabled = false;
  /** Whether this viewer may do more than look. */
  @property({ type: Boolean }) controls = false;
  @property({ attribute: false }) control!: (line: RunLine, action: RunAction, anchor?: HTMLElement) => void;
  @property({ attribute: false }) open!: (line: RunLine) => void;
  @property({ attribute: false }) readLog!: (line: RunLine) => void;
  @property({ attribute: false }) discard!: (line: RunLine) => void;
  @query('[popover]') private readonly list!: HTMLElement;

  readonly #hide = (): void => this.list.hidePopover();

  static override readonly styles = [commonStyles, menuStyles];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('scroll', this.#hide);
  }

  protected override updated(): void {
    openBeside(this.list, this.anchor, () => this.dispatchEvent(new Event('closed')));
  }

  override render(): unknown {
    const { line, anchor } = this;
    const label = line === undefined ? '' : fullLabel(line.label);
    return html`<div popover role="group" aria-label=${label} @toggle=${(event: ToggleEvent) => this.#toggled(event)}>
      <p>${label}${line === undefined ? nothing : ` · ${line.run.status}`}</p>
      ${
        line === undefined || !this.controls
          ? nothing
          : offeredActions(line.run, line.replaced).map(
              ({ action, title }) =>
                html`<button
                  class="plain"
                  ?disabled=${!this.enabled}
                  @click=${() => this.#chosen(() => this.control(line, action, anchor))}
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
        !this.controls || !canDelete(line.run)
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
