/** The dialog that asks how long an ended run is to train in all. The server judges; its words are shown in place. */
import { SignalElement } from '../ui/signal-element.js';
import { css, html } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Observatory } from './observatory.js';
import type { RunLine } from './run-lines.js';
import { commonStyles } from '../ui/common-styles.js';
import { dialogStyles } from '../ui/dialog-styles.js';

@customElement('extend-form')
export class ExtendForm extends SignalElement {
  @property({ attribute: false }) observatory!: Observatory;
  @state() private line: RunLine | undefined;
  @state() private refusal = '';
  @state() private sending = false;
  @query('dialog') private readonly dialog!: HTMLDialogElement;
  @query('input') private readonly input!: HTMLInputElement;

  static override readonly styles = [
    commonStyles,
    dialogStyles,
    css`
      dialog {
        width: min(320px, calc(100vw - 24px));
      }
      label {
        display: grid;
        gap: 4px;
        margin-bottom: 10px;
        color: var(--muted);
      }
    `,
  ];

  show(line: RunLine): void {
    this.line = line;
    this.refusal = '';
    this.input.value = String(Math.max(1, 2 * (line.run.total ?? line.run.step)));
    this.dialog.showModal();
    this.input.select();
  }

  override render(): unknown {
    const { label, run } = this.line ?? {};
    const stepName = run?.stepName ?? 'epoch';
    return html`<dialog aria-labelledby="title">
      <form novalidate @submit=${(event: SubmitEvent) => void this.#submit(event)}>
        <h2 id="title">Extend ${label?.main}</h2>
        <p class="how">From ${stepName} ${run?.step}, where it ended. Its curve goes on.</p>
        <label>${stepName}s in all<input name="total" inputmode="numeric" autocomplete="off" /></label>
        <p class="refusal" role="alert" ?hidden=${this.refusal === ''}>${this.refusal}</p>
        <footer>
          <button type="button" @click=${() => this.dialog.close()}>Cancel</button>
          <button class="primary" ?disabled=${this.sending}>Extend</button>
        </footer>
      </form>
    </dialog>`;
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.line === undefined) return;
    const text = this.input.value.trim();
    const total = Number(text);
    if (text === '' || !Number.isSafeInteger(total)) {
      this.refusal = `${this.line.run.stepName}s must be a whole number`;
      return;
    }
    this.sending = true;
    const answer = await this.observatory.commands.extend(this.line.run.id, total);
    this.sending = false;
    this.refusal = answer.ok ? '' : answer.error.message;
    if (!answer.ok) return;
    this.dialog.close();
    // Not back to its button: it is gone, and another may be in its place.
    this.dispatchEvent(new CustomEvent('run-extended', { detail: this.line.run.id }));
  }
}
