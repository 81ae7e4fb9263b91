/** The dialog that asks how long an ended run is to train in all. The server judges; its words are shown in place. */
import { SignalElement } from '../ui/signal-element.js';
import { css, html } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Observatory } from './observatory.js';
import { commonStyles } from '../ui/common-styles.js';
import { DialogController } from '../ui/dialog-controller.js';
import { dialogStyles } from '../ui/dialog-styles.js';

@customElement('extend-form')
export class ExtendForm extends SignalElement {
  @property({ attribute: false }) observatory!: Observatory;
  @state() private refusal = '';
  @state() private sending = false;
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

  constructor() {
    super();
    new DialogController(
      this,
      () => this.observatory.dialogs.of('extend'),
      ({ line: { run } }) => {
        this.refusal = '';
        this.input.value = String(Math.max(1, 2 * (run.total ?? run.step)));
        this.input.select();
      },
    );
  }

  override render(): unknown {
    const { dialogs } = this.observatory;
    const { label, run } = dialogs.of('extend')?.line ?? {};
    const stepName = run?.stepName ?? 'epoch';
    return html`<dialog aria-labelledby="title" @close=${() => dialogs.close('extend')}>
      <form novalidate @submit=${(event: SubmitEvent) => void this.#submit(event)}>
        <h2 id="title">Extend ${label?.main}</h2>
        <p class="how">From ${stepName} ${run?.step}, where it ended. Its curve goes on.</p>
        <label>${stepName}s in all<input name="total" inputmode="numeric" autocomplete="off" /></label>
        <p class="refusal" role="alert" ?hidden=${this.refusal === ''}>${this.refusal}</p>
        <footer>
          <button type="button" @click=${() => dialogs.close('extend')}>Cancel</button>
          <button class="primary" ?disabled=${this.sending}>Extend</button>
        </footer>
      </form>
    </dialog>`;
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const { dialogs, commands } = this.observatory;
    const asked = dialogs.of('extend');
    if (asked === undefined) return;
    const { run } = asked.line;
    const text = this.input.value.trim();
    const total = Number(text);
    if (text === '' || !Number.isSafeInteger(total)) {
      this.refusal = `${run.stepName}s must be a whole number`;
      return;
    }
    this.sending = true;
    const answer = await commands.extend(run.id, total);
    this.sending = false;
    this.refusal = answer.ok ? '' : answer.error.message;
    if (!answer.ok) return;
    dialogs.close('extend');
    // Not back to its button: it is gone, and another may be in its place.
    asked.done();
  }
}
