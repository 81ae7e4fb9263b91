/** The dialog that gives links to others, and lists who has one: each with what it lets them do, and how it is ended. */
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Role, TokenInfo } from '../../shared/access.js';
import { createToken, listTokens, revokeToken, signOut } from '../data/commands.js';
import { whenChanged } from '../data/signals.js';
import { type NewToken, TokenList } from '../data/token-list.js';
import type { Observatory } from '../runs/observatory.js';
import { commonStyles } from '../ui/common-styles.js';
import type { Question } from '../ui/confirm-popover.js';
import '../ui/confirm-popover.js';
import { DialogController } from '../ui/dialog-controller.js';
import { dialogStyles } from '../ui/dialog-styles.js';
import { icon } from '../ui/icon.js';
import { copyText } from '../ui/save-file.js';
import { SignalElement } from '../ui/signal-element.js';
import { repeat } from '../ui/tidy-repeat.js';
import { isLoopback, linkWith, revocationWords, roleWord } from './access-words.js';
import { shareDialogStyles } from './share-dialog-styles.js';

/** How long a button says what it did. */
const SAID_MS = 2000;

const CHOICES: readonly { role: Role; what: string }[] = [
  { role: 'viewer', what: 'watches and exports, changes nothing' },
  { role: 'controller', what: 'does everything, and gives links to others' },
];

@customElement('share-dialog')
export class ShareDialog extends SignalElement {
  @property({ attribute: false }) observatory!: Observatory;
  @state() private may: Role = 'viewer';
  @state() private refusal = '';
  @state() private sending = false;
  /** The link that was made last, which nobody can be told again. */
  @state() private made: { token: NewToken; link: string } | undefined;
  @state() private copied: 'yes' | 'no' | undefined;
  /** Whether nobody needed a token when it was opened. */
  @state() private wasOpen = false;
  @state() private asked: { question: Question; anchor: HTMLElement } | undefined;
  @query('#name') private readonly name!: HTMLInputElement;
  @query('#link') private readonly link!: HTMLInputElement | null;
  @query('h2') private readonly heading!: HTMLElement;
  readonly #list = new TokenList({ list: listTokens, create: createToken, revoke: revokeToken });
  #stop: (() => void) | undefined;

  static override readonly styles = [commonStyles, dialogStyles, shareDialogStyles];

  constructor() {
    super();
    new DialogController(
      this,
      () => this.observatory.dialogs.of('share'),
      () => {
        this.name.value = '';
        this.name.focus();
        this.wasOpen = this.#isOpen;
        void this.#list.read();
      },
    );
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // Who comes with a token that is not listed yet was let in by someone else meanwhile.
    this.#stop = whenChanged(
      () => this.observatory.runList.people.value,
      () => {
        if (this.observatory.dialogs.of('share') !== undefined) void this.#list.read();
      },
    );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
  }

  override render(): unknown {
    const { dialogs } = this.observatory;
    return html`<dialog aria-labelledby="title" @close=${() => this.#closed()}>
      <div class="head">
        <h2 id="title" tabindex="-1">Share</h2>
        <button class="plain square" aria-label="close" @click=${() => dialogs.close('share')}>${icon('close')}</button>
      </div>
      <p class="how">A link opens this page as you see it now, and signs in whoever opens it.</p>
      ${this.#notes()} ${this.#form()} ${this.made === undefined ? nothing : this.#made(this.made)} ${this.#access()}
      <confirm-popover
        .question=${this.asked?.question}
        .anchor=${this.asked?.anchor}
        @closed=${() => (this.asked = undefined)}
      ></confirm-popover>
    </dialog>`;
  }

  /** Whether everyone needs a token: those who are here have come with one, or one was just made. */
  get #isOpen(): boolean {
    return this.observatory.runList.people.value.length === 0 && this.made === undefined;
  }

  #notes(): TemplateResult {
    return html`${
      this.wasOpen
        ? html`<p class="note">
            ${this.#isOpen ? 'Nobody has to sign in yet. From the first link on everyone has to, on this machine, too.' : 'From now on everyone has to sign in, on this machine, too.'}
            This browser ${this.#isOpen ? 'stays' : 'is'} signed in.
          </p>`
        : nothing
    }
    ${
      isLoopback(location.hostname)
        ? html`<p class="note warning">
            Others cannot open the link: ${location.hostname} is each one’s own machine. Start the server with
            <code>serve --host 0.0.0.0</code> and share from the address that it prints.
          </p>`
        : nothing
    }`;
  }

  #form(): TemplateResult {
    const chosen = CHOICES.find(({ role }) => role === this.may);
    return html`<form novalidate @submit=${(event: SubmitEvent) => void this.#create(event)}>
      <label for="name">for whom</label>
      <span id="may">may</span>
      <input
        id="name"
        autocomplete="off"
        maxlength="40"
        spellcheck="false"
        placeholder="a name, as Ann"
        aria-invalid=${this.refusal === '' ? 'false' : 'true'}
        aria-describedby="what"
        @input=${() => (this.refusal = '')}
      />
      <div class="segments" role="group" aria-labelledby="may">
        ${CHOICES.map(
          ({ role }) =>
            html`<button
              type="button"
              aria-pressed=${role === this.may ? 'true' : 'false'}
              @click=${() => (this.may = role)}
            >
              ${roleWord(role)}
            </button>`,
        )}
      </div>
      <button class="primary" aria-disabled=${this.sending ? 'true' : nothing}>Create link</button>
      <small id="what" class=${this.refusal === '' ? '' : 'problem'} aria-live="polite"
        >${this.refusal === '' ? chosen?.what : this.refusal}</small
      >
    </form>`;
  }

  #made({ token, link }: { token: NewToken; link: string }): TemplateResult {
    const { copied } = this;
    return html`<section class="made" aria-labelledby="made">
      <h3 id="made">The link of ${token.name}</h3>
      <div class="link">
        <input id="link" readonly aria-labelledby="made" .value=${link} @focus=${() => this.#select()} />
        <button @click=${() => void this.#copy(link)}>
          ${icon('copy')}${copied === undefined ? 'Copy' : copied === 'yes' ? 'Copied' : 'Press Ctrl C'}
        </button>
      </div>
      <small>It is shown this once. Whoever has it may ${roleWord(token.role)}.</small>
      <span class="visually-hidden" role="status"
        >${copied === undefined ? '' : copied === 'yes' ? 'copied' : 'the browser does not allow to copy'}</span
      >
    </section>`;
  }

  #access(): TemplateResult {
    const { tokens, trouble } = this.#list.state.value;
    return html`<section aria-labelledby="access">
      <h3 id="access">Who has access</h3>
      ${trouble === '' ? nothing : html`<p class="refusal" role="alert">${trouble}</p>`}
      ${this.#isOpen ? html`<p class="everyone">everyone who opens this page on this machine</p>` : nothing}
      ${
        tokens === undefined
          ? // A closed dialog waits for nothing.
            this.observatory.dialogs.of('share') === undefined
            ? nothing
            : html`<div class="skeleton" role="status" aria-busy="true" aria-label="loading"></div>`
          : html`<ul>
              ${repeat(
                tokens,
                ({ name }) => name,
                (token) => this.#token(token, tokens),
              )}
            </ul>`
      }
      ${
        tokens?.some(({ origin }) => origin === 'flag') === true
          ? html`<p class="footnote">
              Those by --token cannot be revoked here: they end once the server is started without.
            </p>`
          : nothing
      }
      ${this.#isOpen ? nothing : this.#signOut()}
    </section>`;
  }

  #token(token: TokenInfo, all: readonly TokenInfo[]): TemplateResult {
    const { name, role, origin } = token;
    const here = this.observatory.runList.people.value.find((each) => each.name === name)?.connections ?? 0;
    return html`<li>
      <span class="dot ${here > 0 ? 'here' : ''}"></span>
      <span class="who"
        ><b>${name}</b> <span>${roleWord(role)}</span>
        <small>${here === 0 ? 'not here now' : here === 1 ? 'connected' : `connected ×${here}`}</small></span
      >
      ${
        origin === 'flag'
          ? html`<small class="flag">by --token</small>`
          : html`<button
              class="plain"
              aria-label="revoke ${name}"
              @click=${(event: MouseEvent) => this.#askToRevoke(token, all, event.currentTarget as HTMLElement)}
            >
              Revoke
            </button>`
      }
    </li>`;
  }

  #signOut(): TemplateResult {
    const ask = (event: MouseEvent): void => {
      const question: Question = {
        title: 'Sign out?',
        text: 'To come back, this browser needs a link or a token.',
        yes: 'Sign out',
        act: () => void this.#leave(),
      };
      this.asked = { question, anchor: event.currentTarget as HTMLElement };
    };
    return html`<button class="plain sign-out" @click=${ask}>${icon('leave')}Sign out</button>`;
  }

  #askToRevoke(token: TokenInfo, all: readonly TokenInfo[], anchor: HTMLElement): void {
    const question: Question = {
      title: `Revoke ${token.name}?`,
      text: revocationWords(token, all),
      yes: 'Revoke',
      act: () => {
        // Its button goes with it.
        this.heading.focus();
        if (this.made?.token.name === token.name) this.made = undefined;
        void this.#list.revoke(token.name);
      },
    };
    this.asked = { question, anchor };
  }

  async #create(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.sending) return;
    const name = this.name.value.trim();
    this.refusal = name === '' ? 'a name is needed: the log shows it, and the list below' : '';
    if (this.refusal !== '') {
      this.name.focus();
      return;
    }
    this.sending = true;
    const answer = await this.#list.create(name, this.may);
    this.sending = false;
    if (!answer.ok) {
      this.refusal = answer.error.message;
      this.name.focus();
      return;
    }
    if (this.observatory.dialogs.of('share') === undefined) return;
    const link = linkWith(answer.data.secret, location.href, this.observatory.address.link({}));
    this.made = { token: answer.data, link };
    this.copied = undefined;
    this.name.value = '';
    await this.updateComplete;
    this.link?.focus();
  }

  /** From its end to its beginning, which is what is seen of it then. */
  #select(): void {
    this.link?.setSelectionRange(0, this.link.value.length, 'backward');
    this.link?.scrollTo({ left: 0 });
  }

  async #copy(link: string): Promise<void> {
    const copied = (await copyText(link)) ? 'yes' : 'no';
    this.copied = copied;
    if (copied === 'no') {
      this.link?.focus();
      return;
    }
    setTimeout(() => {
      if (this.copied === copied) this.copied = undefined;
    }, SAID_MS);
  }

  async #leave(): Promise<void> {
    const answer = await signOut();
    if (answer.ok) location.reload();
    else this.observatory.notices.add('sign out', answer.error.message);
  }

  /** Nothing of a link stays in the page that nobody looks at. */
  #closed(): void {
    this.made = undefined;
    this.copied = undefined;
    this.refusal = '';
    this.#list.forget();
    this.observatory.dialogs.close('share');
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'share-dialog': ShareDialog;
  }
}
