/** The keys that do something, the switch for those that are single letters, and the language of the filter. */
import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { StoredSwitch } from '../data/stored-switch.js';
import { type Shortcut, SHORTCUTS } from './shortcuts.js';
import { SignalElement } from '../ui/signal-element.js';
import { commonStyles } from '../ui/common-styles.js';
import type { FilterHelp, SearchExamples } from '../experiments/experiment.js';
import type { Dialogs } from '../runs/dialogs.js';
import { DialogController } from '../ui/dialog-controller.js';
import { dialogStyles } from '../ui/dialog-styles.js';
import { icon } from '../ui/icon.js';

const GROUPS: readonly Shortcut['group'][] = ['page', 'views', 'runs'];
const IN_TABLE: readonly { keys: readonly string[]; title: string }[] = [
  { keys: ['↑', '↓', 'Home', 'End'], title: 'from run to run' },
  { keys: ['Enter'], title: 'show or hide its line' },
  { keys: ['Tab'], title: 'what can be done to it' },
];
/** The language of the filter, by example. */
const filterHelp = ({ configs, series }: SearchExamples['help']): readonly FilterHelp[] => [
  ...configs,
  { terms: ['loss<0.1', 'acc>0.99', 'acc>99%'], title: 'newest values; accuracy above 1 is in percent' },
  ...series,
  { terms: ['tag=good', 'tag!=good', 'tag=go*', 'tag=""'], title: 'by tag; "" is none' },
  { terms: ['name="two words"', 'notes=warm'], title: 'part of a name or of the notes' },
  { terms: ['status=failed', 'status=active'], title: 'its beginning is enough' },
  { terms: ['warm', '"two words"'], title: 'text in names, tags, notes or status' },
];
const onMac = navigator.userAgent.includes('Mac');

@customElement('help-sheet')
export class HelpSheet extends SignalElement {
  /** Whether single letters are listened to. */
  @property({ attribute: false }) letters!: StoredSwitch;
  @property({ attribute: false }) dialogs!: Dialogs;
  /** Whether this viewer may do more than look. */
  @property({ type: Boolean }) controls = false;
  @property({ attribute: false }) examples!: SearchExamples['help'];

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
      .filter div {
        flex-wrap: wrap;
        gap: 2px 12px;
        padding: 3px 0;
      }
      .filter dd {
        color: var(--muted);
        font-size: 12px;
      }
      code {
        padding: 1px 5px;
        font: inherit;
        font-size: 12px;
        background: var(--sunken);
        border-radius: 4px;
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
    new DialogController(this, () => this.dialogs.of('help'));
  }

  override render(): unknown {
    return html`<dialog aria-labelledby="title" @close=${() => this.dialogs.close('help')}>
      <div class="head">
        <h2 id="title">Keyboard shortcuts and filter</h2>
        <button class="plain square" aria-label="close" @click=${() => this.dialogs.close('help')}>
          ${icon('close')}
        </button>
      </div>
      <div class="groups">
        ${GROUPS.map((group) =>
          this.#group(
            group,
            SHORTCUTS.filter((each) => each.group === group && (this.controls || !each.controls)),
          ),
        )}
        ${this.#group('in the table', IN_TABLE)}
      </div>
      <section class="filter">
        <h3>the filter of runs; all terms must hold</h3>
        <dl>
          ${filterHelp(this.examples).map(
            ({ terms, title }) =>
              html`<div>
                <dt>${terms.map((term) => html`<code>${term}</code> `)}</dt>
                <dd>${title}</dd>
              </div>`,
          )}
        </dl>
      </section>
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
