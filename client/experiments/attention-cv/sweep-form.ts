/** The dialog that begins a sweep: what is typed is judged at once, as the server would, and shown as the runs it makes. */
import { SignalElement } from '../../ui/signal-element.js';
import { html, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { SweepEstimate } from '../../../shared/protocol.js';
import type { Observatory } from '../../runs/observatory.js';
import type { CheckedSweep } from './check-sweep.js';
import { commonStyles } from '../../ui/common-styles.js';
import { DialogController } from '../../ui/dialog-controller.js';
import { dialogStyles } from '../../ui/dialog-styles.js';
import { icon } from '../../ui/icon.js';
import { readSweepForm, SWEEP_FIELDS, type SweepField } from './sweep-fields.js';
import { sweepFormStyles } from './sweep-form-styles.js';
import { runsWord, sweepPreview } from './sweep-preview.js';

type Check = (request: object) => CheckedSweep;

@customElement('sweep-form')
export class SweepForm extends SignalElement {
  @property({ attribute: false }) observatory!: Observatory;
  @state() private refusal = '';
  @state() private sending = false;
  /** Undefined until the judge's code is here. */
  @state() private checked: CheckedSweep | undefined;
  /** Of what is typed; undefined while the server has not told. */
  @state() private estimate: SweepEstimate | undefined;
  @query('form') private readonly form!: HTMLFormElement;
  @query('details') private readonly more!: HTMLDetailsElement;
  #check: Check | undefined;

  static override readonly styles = [commonStyles, dialogStyles, sweepFormStyles];

  constructor() {
    super();
    new DialogController(
      this,
      () => this.observatory.dialogs.of('new-sweep'),
      () => {
        this.refusal = '';
        void this.#judge();
      },
    );
  }

  override render(): unknown {
    const { dialogs } = this.observatory;
    const configs = this.checked?.configs;
    return html`<dialog aria-labelledby="title" @close=${() => dialogs.close('new-sweep')}>
      <form novalidate @submit=${(event: SubmitEvent) => void this.#submit(event)} @input=${() => void this.#judge()}>
        <div class="head">
          <h2 id="title">New sweep</h2>
          <p class="how">Lists make a grid: every combination is a run.</p>
        </div>
        <div class="columns">
          <div class="fields">
            ${SWEEP_FIELDS.filter(({ more }) => !more).map((field) => this.#field(field))}
            <details>
              <summary>${icon('unfold')}more: data and measurements</summary>
              ${SWEEP_FIELDS.filter(({ more }) => more).map((field) => this.#field(field))}
            </details>
          </div>
          ${sweepPreview(configs, this.estimate)}
        </div>
        <p class="refusal" role="alert" ?hidden=${this.refusal === ''}>${this.refusal}</p>
        <footer>
          <button type="button" @click=${() => dialogs.close('new-sweep')}>Cancel</button>
          <button class="primary" ?disabled=${this.sending}>
            ${configs === undefined || configs.length === 0 ? 'Start' : `Start ${runsWord(configs.length)}`}
          </button>
        </footer>
      </form>
    </dialog>`;
  }

  #field(field: SweepField): TemplateResult {
    const { name, label, note, kind } = field;
    const problem = this.checked?.problems.get(name);
    return html`<div class="field">
      <label for=${name}>${label}</label>
      ${kind === 'check' ? html`<input id=${name} name=${name} type="checkbox" aria-describedby="${name}-note" />` : this.#text(field, problem)}
      <small id="${name}-note" class=${problem === undefined ? '' : 'problem'} aria-live="polite"
        >${problem ?? note}</small
      >
    </div>`;
  }

  #text({ name, kind, usual }: SweepField, problem: string | undefined): TemplateResult {
    return html`<input
      id=${name}
      name=${name}
      .defaultValue=${usual}
      placeholder=${kind === 'number' ? usual : ''}
      inputmode=${kind === 'number' ? 'numeric' : 'text'}
      autocomplete="off"
      spellcheck="false"
      aria-invalid=${problem === undefined ? 'false' : 'true'}
      aria-describedby="${name}-note"
    />`;
  }

  /** False if its code could not be had: the server is away. */
  async #judge(): Promise<boolean> {
    try {
      this.#check ??= (await import('./check-sweep.js')).checkSweep;
    } catch {
      return false;
    }
    this.checked = this.#check(readSweepForm(new FormData(this.form)));
    void this.#estimate(this.checked);
    return true;
  }

  /** An answer counts as long as nothing else was typed meanwhile. */
  async #estimate(checked: CheckedSweep): Promise<void> {
    this.estimate = undefined;
    if (checked.configs.length === 0) return;
    const estimate = await this.observatory.commands.estimateSweep(readSweepForm(new FormData(this.form)));
    if (this.checked === checked) this.estimate = estimate;
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    // A second Enter, before the first has had its answer.
    if (this.sending) return;
    this.sending = true;
    this.refusal = (await this.#judge()) ? await this.#begin() : 'not connected to the server; nothing was sent';
    this.sending = false;
  }

  /** Why the sweep was not begun; empty if it was, or if the fields say why. */
  async #begin(): Promise<string> {
    const wrong = SWEEP_FIELDS.find(({ name }) => this.checked?.problems.has(name));
    if (wrong !== undefined) {
      if (wrong.more) this.more.open = true;
      this.form.querySelector<HTMLInputElement>(`#${wrong.name}`)?.focus();
      return '';
    }
    const elsewhere = this.checked?.problems.values().next().value;
    if (elsewhere !== undefined) return elsewhere;
    const answer = await this.observatory.createSweep(readSweepForm(new FormData(this.form)));
    if (!answer.ok) return answer.error.message;
    this.observatory.dialogs.close('new-sweep');
    this.dispatchEvent(new CustomEvent('sweep-made'));
    // The next one is another: what is likely to be the same again stays.
    this.form.querySelector<HTMLInputElement>('#name')!.value = '';
    return '';
  }
}
