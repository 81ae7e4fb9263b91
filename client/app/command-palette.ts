/** Every command of the page behind one key: type a few letters, choose with the arrows, Enter. */
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { PageCommand } from './page-commands.js';
import { commonStyles } from '../ui/common-styles.js';
import type { Dialogs } from '../runs/dialogs.js';
import { DialogController } from '../ui/dialog-controller.js';
import { dialogStyles } from '../ui/dialog-styles.js';

/** More would not be read. */
const MOST = 60;

@customElement('command-palette')
export class CommandPalette extends LitElement {
  /** Asked for the commands whenever it opens. */
  @property({ attribute: false }) commands!: () => readonly PageCommand[];
  /** Why some are not among them now, '' if all are. */
  @property({ attribute: false }) missing: () => string = () => '';
  /** Words that find some. */
  @property() example = '';
  @state() private offered: readonly PageCommand[] = [];
  @state() private at = 0;
  #all: readonly PageCommand[] = [];
  @property({ attribute: false }) dialogs!: Dialogs;
  @query('input') private readonly input!: HTMLInputElement;

  static override readonly styles = [
    commonStyles,
    dialogStyles,
    css`
      dialog {
        width: min(540px, calc(100vw - 24px));
        margin-top: 12vh;
        padding: 0;
        overflow: hidden;
      }
      dialog[open] {
        display: flex;
        flex-direction: column;
      }
      input {
        width: 100%;
        min-height: 46px;
        padding: 0 16px;
        font-size: 15px;
        background: none;
        border: 0;
        border-bottom: 1px solid var(--border);
        border-radius: 0;
      }
      input:focus-visible {
        outline: 0;
        border-bottom-color: var(--accent);
      }
      ul {
        max-height: min(400px, 60vh);
        margin: 0;
        padding: 6px;
        overflow: auto;
        list-style: none;
      }
      li {
        display: flex;
        gap: 12px;
        align-items: center;
        justify-content: space-between;
        min-height: max(32px, var(--target));
        padding: 0 10px;
        border-radius: 6px;
        cursor: pointer;
      }
      li[aria-selected='true'] {
        background: var(--row-highlighted);
        box-shadow: inset 0 0 0 1px var(--accent);
      }
      li span {
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      small {
        flex: none;
        color: var(--muted);
      }
      p {
        margin: 0;
        padding: 14px 16px;
        color: var(--muted);
      }
    `,
  ];

  constructor() {
    super();
    new DialogController(
      this,
      () => this.dialogs.of('commands'),
      () => {
        this.#all = this.commands();
        this.input.value = '';
        this.#search();
      },
    );
  }

  override render(): unknown {
    return html`<dialog
      aria-label="commands"
      @click=${(event: Event) => {
        // The dialog itself is hit only beside what is in it.
        if (event.target === event.currentTarget) this.dialogs.close('commands');
      }}
      @close=${() => this.dialogs.close('commands')}
    >
      <input
        role="combobox"
        aria-label="search commands"
        aria-expanded="true"
        aria-controls="list"
        aria-autocomplete="list"
        aria-activedescendant=${this.offered.length > 0 ? `option-${this.at}` : nothing}
        placeholder="${this.example} …"
        autocomplete="off"
        spellcheck="false"
        @input=${() => this.#search()}
        @keydown=${(event: KeyboardEvent) => this.#key(event)}
      />
      <ul id="list" role="listbox" aria-label="commands" ?hidden=${this.offered.length === 0}>
        ${this.offered.map(
          (command, index) =>
            html`<li
              id="option-${index}"
              role="option"
              aria-selected=${index === this.at ? 'true' : 'false'}
              @pointermove=${() => {
                this.at = index;
              }}
              @click=${() => this.#run(command)}
            >
              <span>${command.title}</span><small>${command.group}</small>
            </li>`,
        )}
      </ul>
      <p role="status" ?hidden=${this.offered.length > 0}>
        ${
          this.offered.length > 0
            ? ''
            : ['no command by that name', this.missing()].filter((part) => part !== '').join('; ')
        }
      </p>
    </dialog>`;
  }

  #search(): void {
    const scored = this.#all.map((command) => {
      return { command, score: fuzzyScore(this.input.value, `${command.title} ${command.group}`) };
    });
    const fitting = scored.filter((each): each is { command: PageCommand; score: number } => each.score !== undefined);
    // Without a word to search for, the list's own order is the better one.
    if (this.input.value.trim() !== '') fitting.sort((a, b) => b.score - a.score);
    this.offered = fitting.slice(0, MOST).map(({ command }) => command);
    this.at = 0;
  }

  #key(event: KeyboardEvent): void {
    // Enter and arrows belong to an input method while it composes.
    if (event.isComposing) return;
    const count = this.offered.length;
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (event.key === 'Enter') {
      event.preventDefault();
      const chosen = this.offered[this.at];
      if (chosen !== undefined) this.#run(chosen);
    } else if (step !== undefined && count > 0) {
      event.preventDefault();
      const next = this.at + step;
      this.at = Math.abs(step) === 1 ? (next + count) % count : Math.min(count - 1, Math.max(0, next));
      void this.updateComplete.then(() =>
        this.shadowRoot!.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' }),
      );
    }
  }

  #run(command: PageCommand): void {
    this.dialogs.close('commands');
    command.run();
  }
}

/** How well a typed search fits a text: every word of it must be there, whole or as letters in their order. */
const WHOLE = 100;
const AT_WORD_START = 40;
const IN_ORDER = 20;

/** Undefined where it does not fit; else the more the better. `64x4` finds `64 × 4`. */
export function fuzzyScore(search: string, text: string): number | undefined {
  const hay = plain(text);
  let score = -hay.length / 10;
  for (const word of plain(search).split(/\s+/).filter(Boolean)) {
    const part = scoreOf(word, hay);
    if (part === undefined) return undefined;
    score += part;
  }
  return score;
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll('×', 'x');
}

function scoreOf(word: string, hay: string): number | undefined {
  const at = hay.indexOf(word);
  if (at !== -1) return WHOLE + (at === 0 || /\W/.test(hay[at - 1]!) ? AT_WORD_START : 0) - at / 10;
  let from = -1;
  let gaps = 0;
  for (const letter of word) {
    const next = hay.indexOf(letter, from + 1);
    if (next === -1) return undefined;
    if (from !== -1) gaps += next - from - 1;
    from = next;
  }
  return IN_ORDER - gaps;
}
