/** The dialog that asks before a run or a sweep is deleted: it says what is lost, and that it is final. */
import { SignalElement } from '../ui/signal-element.js';
import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Observatory } from './observatory.js';
import { commonStyles } from '../ui/common-styles.js';
import { dialogStyles } from '../ui/dialog-styles.js';

export interface Doomed {
  kind: 'runs' | 'sweeps';
  id: string;
  /** What the dialog calls it. */
  name: string;
  /** A sentence. */
  loses: string;
}

@customElement('delete-form')
export class DeleteForm extends SignalElement {
  @property({ attribute: false }) observatory!: Observatory;
  @state() private doomed: Doomed | undefined;
  @state() private refusal = '';
  @state() private sending = false;
  @query('dialog') private readonly dialog!: HTMLDialogElement;

  static override readonly styles = [
    commonStyles,
    dialogStyles,
    css`
      dialog {
        width: min(380px, calc(100vw - 24px));
      }
      h2 {
        overflow-wrap: anywhere;
      }
      p {
        text-wrap: pretty;
      }
      .how b {
        color: var(--text);
        font-weight: 600;
      }
      .delete {
        color: var(--on-bad);
        font-weight: 650;
        background: var(--bad);
        border-color: transparent;
      }
    `,
  ];

  show(doomed: Doomed): void {
    this.doomed = doomed;
    this.refusal = '';
    this.dialog.showModal();
  }

  override render(): unknown {
    const { kind, name, loses } = this.doomed ?? {};
    return html`<dialog aria-labelledby="title" aria-describedby="loses">
      <form @submit=${(event: SubmitEvent) => void this.#submit(event)}>
        <h2 id="title">Delete ${name}</h2>
        <p class="how" id="loses">${loses} <b>This is final: nothing brings it back.</b></p>
        ${this.refusal === '' ? nothing : html`<p class="refusal" role="alert">${this.refusal}</p>`}
        <footer>
          <button type="button" autofocus @click=${() => this.dialog.close()}>Cancel</button>
          <button class="delete" ?disabled=${this.sending}>
            ${kind === 'sweeps' ? 'Delete the sweep' : 'Delete the run'}
          </button>
        </footer>
      </form>
    </dialog>`;
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const { doomed } = this;
    if (doomed === undefined) return;
    this.sending = true;
    const answer = await this.observatory.commands.deleteForGood(doomed.kind, doomed.id);
    this.sending = false;
    // Cancelled, and asked of another, while the answer was on its way.
    if (this.doomed !== doomed) return;
    this.refusal = answer.ok ? '' : answer.error.message;
    if (answer.ok) this.dialog.close();
  }
}
