/** The keys that do something, and the switch for those that are single letters. */
import { css, html, LitElement } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { KeptSwitch } from '../state/kept-switch.js';
import { type Shortcut, SHORTCUTS } from '../state/shortcuts.js';
import { WatchController } from '../state/watch-controller.js';
import { commonStyles } from './common-styles.js';
import { dialogStyles } from './dialog-styles.js';
import { icon } from './icon.js';

const GROUPS: readonly Shortcut['group'][] = ['page', 'views', 'runs'];
const IN_TABLE: readonly { keys: readonly string[]; title: string }[] = [
  { keys: ['↑', '↓', 'Home', 'End'], title: 'from run to run' },
  { keys: ['Enter'], title: 'show or hide its line' },
  { keys: ['Tab'], title: 'what can be done to it' },
];
const onMac = navigator.userAgent.includes('Mac');

@customElement('help-sheet')
export class HelpSheet extends LitElement {
  /** Whether single letters are listened to. */
  @property({ attribute: false }) letters!: KeptSwitch;
  @query('dialog') private readonly dialog!: HTMLDialogElement;

  static override readonly styles = [
    commonStyles,
    dialogStyles,
    css`
      dialog {
        width: min(640px, calc(100vw - 24px));
      }
      .head {
        display: flex;
        align-items: start;
        justify-content: space-between;
        margin-bottom: 10px;
      }
      .groups {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(240px, 1fr));
        gap: 4px 32px;
      }
      h3 {
        margin: 8px 0 4px;
        color: var(--muted);
        font-size: 12px;
        font-weight: 600;
      }
      dl {
        margin: 0;
      }
      dl div {
        display: flex;
        gap: 12px;
        align-items: center;
        justify-content: space-between;
        min-height: 27px;
        border-bottom: 1px solid var(--hairline);
      }
      dd {
        display: flex;
        gap: 4px;
        margin: 0;
      }
      kbd {
        min-width: 22px;
        padding: 1px 6px;
        font: inherit;
        font-size: 12px;
        text-align: center;
        background: var(--sunken);
        border: 1px solid var(--border-strong);
        border-radius: 5px;
      }
      label {
        display: flex;
        gap: 9px;
        align-items: center;
        min-height: var(--target);
        margin-top: 14px;
      }
      input {
        width: 15px;
        min-height: 15px;
        margin: 0;
        accent-color: var(--accent);
      }
    `,
  ];

  constructor() {
    super();
    new WatchController(this, () => [this.letters]);
  }

  show(): void {
    this.dialog.showModal();
  }

  override render(): unknown {
    return html`<dialog aria-labelledby="title">
      <div class="head">
        <h2 id="title">Keyboard shortcuts</h2>
        <button class="plain square" aria-label="close" @click=${() => this.dialog.close()}>${icon('close')}</button>
      </div>
      <div class="groups">
        ${GROUPS.map((group) =>
          this.#group(
            group,
            SHORTCUTS.filter((each) => each.group === group),
          ),
        )}
        ${this.#group('in the table', IN_TABLE)}
      </div>
      <label>
        <input
          type="checkbox"
          .checked=${this.letters.value}
          @change=${(event: Event) => this.letters.set((event.target as HTMLInputElement).checked)}
        />
        listen to single letters
      </label>
    </dialog>`;
  }

  #group(title: string, shortcuts: readonly Pick<Shortcut, 'title' | 'keys' | 'always'>[]): unknown {
    return html`<section>
      <h3>${title}</h3>
      <dl>
        ${shortcuts.map(
          ({ title, keys }) =>
            html`<div>
              <dt>${title}</dt>
              <dd>${keys.map((key) => html`<kbd>${onMac && key === 'Ctrl' ? '⌘' : key}</kbd>`)}</dd>
            </div>`,
        )}
      </dl>
    </section>`;
  }
}
