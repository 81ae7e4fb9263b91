/** The dialog that begins a sweep. The server judges the values; its words are shown where they were typed. */
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { REFERENCE } from '../../shared/reference.js';
import type { Observatory } from '../state/observatory.js';
import { commonStyles } from './common-styles.js';
import { dialogStyles } from './dialog-styles.js';
import { readSweepForm } from './read-sweep-form.js';

interface Field {
  name: string;
  label: string;
  note: string;
  value: string;
}

const FIELDS: readonly Field[] = [
  { name: 'name', label: 'name', note: '', value: '' },
  { name: 'dims', label: 'dims', note: '', value: REFERENCE.dims.join(', ') },
  { name: 'heads', label: 'heads', note: 'each must divide every dim', value: REFERENCE.heads.join(', ') },
  { name: 'epochs', label: 'epochs', note: '', value: String(REFERENCE.epochs) },
  { name: 'seeds', label: 'seeds', note: '', value: REFERENCE.seeds.join(', ') },
  { name: 'lrs', label: 'learning rates', note: '', value: REFERENCE.lrs.join(', ') },
];

@customElement('sweep-form')
export class SweepForm extends LitElement {
  @property({ attribute: false }) observatory!: Observatory;
  @state() private refusal = '';
  @state() private sending = false;
  @state() private runs = REFERENCE.dims.length * REFERENCE.heads.length;
  @query('dialog') private readonly dialog!: HTMLDialogElement;

  static override readonly styles = [
    commonStyles,
    dialogStyles,
    css`
      label {
        display: grid;
        grid-template-columns: 104px 1fr;
        gap: 2px 12px;
        align-items: center;
        margin-bottom: 10px;
        color: var(--muted);
      }
      label small {
        grid-column: 2;
        color: var(--faint);
        font-size: 11px;
      }
    `,
  ];

  show(): void {
    this.refusal = '';
    this.dialog.showModal();
  }

  override render(): unknown {
    return html`<dialog aria-labelledby="title">
      <form
        @submit=${(event: SubmitEvent) => void this.#submit(event)}
        @input=${(event: Event) => this.#count((event.target as HTMLInputElement).form)}
      >
        <h2 id="title">New sweep</h2>
        <p class="how">Lists make a grid: every combination is a run.</p>
        ${FIELDS.map(
          ({ name, label, note, value }) =>
            html`<label
              >${label}<input name=${name} .defaultValue=${value} autocomplete="off" />${
                note === '' ? nothing : html`<small>${note}</small>`
              }
            </label>`,
        )}
        <p class="refusal" role="alert" ?hidden=${this.refusal === ''}>${this.refusal}</p>
        <footer>
          <button type="button" @click=${() => this.dialog.close()}>Cancel</button>
          <button class="primary" ?disabled=${this.sending}>
            ${this.runs === 1 ? 'Start 1 run' : `Start ${this.runs} runs`}
          </button>
        </footer>
      </form>
    </dialog>`;
  }

  #count(form: HTMLFormElement | null): void {
    const read = form === null ? undefined : readSweepForm(new FormData(form));
    if (!read?.ok) return;
    const { dims, heads, seeds = [], lrs = [] } = read.data;
    this.runs = [dims, heads, seeds, lrs].reduce((product, list) => product * new Set(list).size, 1);
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const read = readSweepForm(new FormData(event.target as HTMLFormElement));
    if (!read.ok) {
      this.refusal = read.error.message;
      return;
    }
    this.sending = true;
    const answer = await this.observatory.createSweep(read.data);
    this.sending = false;
    this.refusal = answer.ok ? '' : answer.error.message;
    if (answer.ok) this.dialog.close();
  }
}
