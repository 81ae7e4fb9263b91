/** The dialog that says how a program's run comes here: commands to copy, with this server's address and a token in them. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { createToken, readHealth } from '../data/commands.js';
import type { NewToken } from '../data/token-list.js';
import type { Observatory } from '../runs/observatory.js';
import { commonStyles } from '../ui/common-styles.js';
import { DialogController } from '../ui/dialog-controller.js';
import { dialogStyles } from '../ui/dialog-styles.js';
import { icon } from '../ui/icon.js';
import { copyText } from '../ui/save-file.js';
import { SignalElement } from '../ui/signal-element.js';
import { isLoopback } from './access-words.js';
import { type ConnectSnippet, connectSnippets, serverOf, TOKEN_PLACE } from './connect-commands.js';

/** How long a button says what it did. */
const SAID_MS = 2000;

@customElement('connect-dialog')
export class ConnectDialog extends SignalElement {
  @property({ attribute: false }) observatory!: Observatory;
  @state() private version = '';
  @state() private trouble = '';
  @state() private made: NewToken | undefined;
  @state() private refusal = '';
  @state() private sending = false;
  /** Which command was copied just now, and whether it could be. */
  @state() private copied: { id: string; done: boolean } | undefined;
  @query('#name') private readonly name!: HTMLInputElement | null;
  @query('h2') private readonly heading!: HTMLElement;

  static override readonly styles = [
    commonStyles,
    dialogStyles,
    css`
      dialog {
        width: min(720px, calc(100vw - 24px));
        /* What comes to it makes it longer, and moves nothing that is there. */
        max-height: calc(94dvh - 12px);
        margin-top: 5dvh;
      }
      .head {
        display: flex;
        align-items: start;
        justify-content: space-between;
        margin: -4px -6px 0 0;
      }
      h2 {
        margin-top: 4px;
      }
      /* It has the keyboard so that the dialog is read from its name on. */
      h2:focus-visible {
        outline: 0;
      }
      .how {
        margin-bottom: 10px;
        text-wrap: pretty;
      }
      .note {
        margin: 0 0 10px;
        padding: 8px 12px;
        background: var(--sunken);
        border-radius: 6px;
        text-wrap: pretty;
      }
      .note code {
        overflow-wrap: anywhere;
      }
      form {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 3px 8px;
        margin-bottom: 12px;
        padding: 10px 12px 6px;
        background: var(--sunken);
        border-radius: var(--radius);
      }
      form label {
        grid-column: 1 / -1;
        text-wrap: pretty;
      }
      form input {
        min-width: 0;
        background: var(--panel);
      }
      form input[aria-invalid='true'] {
        border-color: var(--bad);
      }
      form button {
        min-height: max(32px, var(--target));
      }
      form small {
        grid-column: 1 / -1;
        min-height: 18px;
      }
      small {
        color: var(--muted);
        font-size: 12px;
        white-space: pre-line;
        overflow-wrap: anywhere;
      }
      .problem {
        color: var(--bad);
      }
      .way {
        margin-top: 14px;
      }
      h3 {
        margin: 0;
        font-size: 13px;
        font-weight: 650;
      }
      .code {
        position: relative;
        margin-top: 5px;
      }
      pre {
        margin: 0;
        padding: 9px 104px 9px 12px;
        overflow: auto;
        font:
          12px/1.55 ui-monospace,
          'SFMono-Regular',
          Menlo,
          Consolas,
          monospace;
        background: var(--sunken);
        border: 1px solid var(--border);
        border-radius: 6px;
      }
      .code button {
        position: absolute;
        top: 4px;
        right: 4px;
        min-width: 88px;
        background: var(--panel);
      }
      @media (max-width: 760px) {
        dialog {
          padding: 14px;
        }
        pre {
          padding: 9px 10px 54px;
        }
        .code button {
          top: auto;
          bottom: 5px;
        }
      }
    `,
  ];

  constructor() {
    super();
    new DialogController(
      this,
      () => this.observatory.dialogs.of('connect'),
      () => {
        this.heading.focus();
        void this.#readVersion();
      },
    );
  }

  /** Whether programs need a token, as everyone does then. */
  get #needsToken(): boolean {
    return this.observatory.runList.people.value.length > 0;
  }

  override render(): unknown {
    const { dialogs } = this.observatory;
    const isOpen = dialogs.of('connect') !== undefined;
    const token = this.#needsToken ? (this.made?.secret ?? TOKEN_PLACE) : undefined;
    const target = { address: serverOf(document.baseURI), version: this.version, token };
    return html`<dialog aria-labelledby="title" @close=${() => this.#closed()}>
      <div class="head">
        <h2 id="title" tabindex="-1">Connect a run</h2>
        <button class="plain square" aria-label="close" @click=${() => dialogs.close('connect')}>
          ${icon('close')}
        </button>
      </div>
      <p class="how">
        A training that runs anywhere is watched here, and paused, resumed and stopped from here where its program
        obeys.
      </p>
      ${this.#needsToken ? this.#token() : nothing} ${this.#reach()}
      ${this.trouble === '' ? nothing : html`<p class="refusal" role="alert">${this.trouble}</p>`}
      ${!isOpen || this.version === '' ? nothing : connectSnippets(target).map((snippet) => this.#snippet(snippet))}
      <span class="visually-hidden" role="status"
        >${this.copied === undefined ? '' : this.copied.done ? 'copied' : 'the browser does not allow to copy'}</span
      >
    </dialog>`;
  }

  #token(): TemplateResult {
    if (this.made !== undefined)
      return html`<p class="note">
        The token of ${this.made.name} is in the commands below. It may begin runs and nothing else, and is shown this
        once; <i>share</i> lists it and revokes it.
      </p>`;
    return html`<form novalidate @submit=${(event: SubmitEvent) => void this.#create(event)}>
      <label for="name">Programs need a token here: one that may begin runs and nothing else.</label>
      <input
        id="name"
        autocomplete="off"
        maxlength="40"
        spellcheck="false"
        placeholder="for what, as cluster"
        aria-invalid=${this.refusal === '' ? 'false' : 'true'}
        aria-describedby="what"
        @input=${() => (this.refusal = '')}
      />
      <button class="primary" aria-disabled=${this.sending ? 'true' : nothing}>Make a token</button>
      <small id="what" class=${this.refusal === '' ? '' : 'problem'} aria-live="polite"
        >${this.refusal === '' ? 'it then stands in the commands below; the log shows its name' : this.refusal}</small
      >
    </form>`;
  }

  /** Another machine does not find this one by a name that each has for itself. */
  #reach(): unknown {
    if (!isLoopback(location.hostname)) return nothing;
    const { port } = location;
    return html`<p class="note">
      For a program on this machine. From another one, open a way there first:
      <code>ssh -R ${port}:127.0.0.1:${port} machine</code>
    </p>`;
  }

  #snippet({ id, title, note, code }: ConnectSnippet): TemplateResult {
    const copied = this.copied?.id === id ? this.copied : undefined;
    return html`<div class="way">
      <h3 id=${id}>${title}</h3>
      <small>${note}</small>
      <div class="code">
        <pre tabindex="0" role="region" aria-label="${title}: the command">${code}</pre>
        <button aria-label="copy: ${title}" @click=${(event: Event) => void this.#copy(id, code, event)}>
          ${icon('copy')}${copied === undefined ? 'Copy' : copied.done ? 'Copied' : 'Press Ctrl C'}
        </button>
      </div>
    </div>`;
  }

  async #readVersion(): Promise<void> {
    this.trouble = '';
    const answer = await readHealth();
    if (answer.ok) this.version = answer.data.version ?? '';
    else this.trouble = answer.error.message;
  }

  async #create(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.sending || this.name === null) return;
    const name = this.name.value.trim();
    this.refusal = name === '' ? 'a name is needed: the log shows it, and so does share' : '';
    if (this.refusal === '') {
      this.sending = true;
      const answer = await createToken(name, 'writer');
      this.sending = false;
      if (this.observatory.dialogs.of('connect') === undefined) return;
      if (answer.ok) {
        this.made = answer.data;
        this.heading.focus();
        return;
      }
      this.refusal = answer.error.message;
    }
    this.name.focus();
  }

  async #copy(id: string, code: string, event: Event): Promise<void> {
    const button = event.currentTarget as HTMLElement;
    const copied = { id, done: await copyText(code) };
    this.copied = copied;
    if (!copied.done) {
      const pre = button.parentElement?.querySelector('pre');
      if (pre != null) getSelection()?.selectAllChildren(pre);
    }
    setTimeout(() => {
      if (this.copied === copied) this.copied = undefined;
    }, SAID_MS);
  }

  /** Nothing of a token stays in the page that nobody looks at. */
  #closed(): void {
    this.made = undefined;
    this.refusal = '';
    this.copied = undefined;
    this.observatory.dialogs.close('connect');
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'connect-dialog': ConnectDialog;
  }
}
