/** The dialog that asks before a run or a sweep is deleted: it says what is lost, and that it is final. */
import { SignalElement } from '../ui/signal-element.js';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Observatory } from './observatory.js';
import { commonStyles } from '../ui/common-styles.js';
import { DialogController } from '../ui/dialog-controller.js';
import { dialogStyles } from '../ui/dialog-styles.js';

@customElement('delete-form')
export class DeleteForm extends SignalElement {
  @property({ attribute: false }) observatory!: Observatory;
  @state() private refusal = '';
  @state() private sending = false;

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

  constructor() {
    super();
    new DialogController(
      this,
      () => this.observatory.dialogs.of('delete'),
      () => (this.refusal = ''),
    );
  }

  override render(): unknown {
    const { dialogs } = this.observatory;
    const { kind, name, loses } = dialogs.of('delete') ?? {};
    return html`<dialog aria-labelledby="title" aria-describedby="loses" @close=${() => dialogs.close('delete')}>
      <form @submit=${(event: SubmitEvent) => void this.#submit(event)}>
        <h2 id="title">Delete ${name}</h2>
        <p class="how" id="loses">${loses} <b>This is final: nothing brings it back.</b></p>
        ${this.refusal === '' ? nothing : html`<p class="refusal" role="alert">${this.refusal}</p>`}
        <footer>
          <button type="button" autofocus @click=${() => dialogs.close('delete')}>Cancel</button>
          <button class="delete" ?disabled=${this.sending}>
            ${kind === 'sweeps' ? 'Delete the sweep' : 'Delete the run'}
          </button>
        </footer>
      </form>
    </dialog>`;
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const { dialogs, commands } = this.observatory;
    const doomed = dialogs.of('delete');
    if (doomed === undefined) return;
    this.sending = true;
    const answer = await commands.deleteForGood(doomed.kind, doomed.id);
    this.sending = false;
    // Cancelled, and asked of another, while the answer was on its way.
    if (dialogs.of('delete') !== doomed) return;
    this.refusal = answer.ok ? '' : answer.error.message;
    if (answer.ok) dialogs.close('delete');
  }
}
