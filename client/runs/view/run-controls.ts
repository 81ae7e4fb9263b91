/** What viewers may change of a run while its program trains: what is asked stands beside what is, until the program says so. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { plainText } from '../../../shared/plain-text.js';
import { type ControlValue, hasEnded, type Run } from '../../../shared/run.js';
import { commonStyles } from '../../ui/common-styles.js';
import { formStyles } from '../../ui/form-styles.js';
import { SignalElement } from '../../ui/signal-element.js';
import { epochViewStyles } from '../../ui/view-styles.js';
import type { Observatory } from '../observatory.js';

@customElement('run-controls')
export class RunControls extends SignalElement {
  @property({ attribute: false }) observatory!: Observatory;
  @property({ attribute: false }) run!: Run;
  /** What was refused, by the control's name. */
  @state() private refusals: ReadonlyMap<string, string> = new Map();

  static override readonly styles = [
    commonStyles,
    epochViewStyles,
    formStyles,
    css`
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(300px, 100%), 1fr));
        gap: 8px 24px;
        margin: 0;
        padding: 2px 12px 12px;
        list-style: none;
      }
      li {
        min-width: 0;
      }
      form {
        display: grid;
        grid-template-columns: minmax(60px, 1fr) minmax(90px, 130px) auto;
        gap: 8px;
        align-items: center;
      }
      label {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      input[type='checkbox'] {
        width: 16px;
        height: 16px;
        justify-self: start;
      }
      small {
        display: block;
        min-height: 16px;
        color: var(--muted);
        font-size: 12px;
        overflow-wrap: anywhere;
      }
      .problem {
        color: var(--bad);
      }
      output {
        overflow-wrap: anywhere;
      }
    `,
  ];

  override render(): unknown {
    const { controls = {}, accepts = [] } = this.run;
    const isSet = this.observatory.isController && accepts.includes('set') && !hasEnded(this.run);
    return html`<section class="card" aria-labelledby="controls">
      <header>
        <h2 id="controls">Controls</h2>
        <span class="note"
          >${isSet ? 'what the program lets you change while it trains' : 'what the program could change while it trained'}</span
        >
      </header>
      <ul>
        ${Object.entries(controls).map(([name, value], index) => html`<li>${this.#control(name, value, `control-${index}`, isSet)}</li>`)}
      </ul>
    </section>`;
  }

  #control(name: string, value: ControlValue, id: string, isSet: boolean): TemplateResult {
    const label = plainText(name);
    const asked = this.run.requestedControls?.[name];
    const note = asked === undefined ? nothing : `asked for ${controlWords(asked)}, is ${controlWords(value)}`;
    if (!isSet)
      return html`<form>
          <label for=${id} title=${label}>${label}</label><output id=${id}>${controlWords(value)}</output>
        </form>
        <small>${note}</small>`;
    const { canCommand } = this.observatory;
    const refusal = this.refusals.get(name);
    return html`<form
        novalidate
        @submit=${(event: SubmitEvent) => {
          event.preventDefault();
          void this.#send(name, value, (event.target as HTMLFormElement).elements[0] as HTMLInputElement);
        }}
      >
        <label for=${id} title=${label}>${label}</label>
        ${
          typeof value === 'boolean'
            ? html`<input
                  id=${id}
                  type="checkbox"
                  aria-describedby="${id}-note"
                  ?disabled=${!canCommand}
                  .checked=${live(asked === undefined ? value : asked === true)}
                  @change=${({ target }: Event) => void this.#send(name, value, target as HTMLInputElement)}
                /><span></span>`
            : html`<input
                  id=${id}
                  type="text"
                  inputmode=${typeof value === 'number' ? 'decimal' : 'text'}
                  autocomplete="off"
                  spellcheck="false"
                  maxlength="200"
                  aria-describedby="${id}-note"
                  aria-invalid=${refusal === undefined ? 'false' : 'true'}
                  .defaultValue=${String(value)}
                  placeholder=${controlWords(value)}
                /><button aria-label="set ${label}" aria-disabled=${canCommand ? nothing : 'true'}>Set</button>`
        }
      </form>
      <small id="${id}-note" class=${refusal === undefined ? '' : 'problem'} aria-live="polite"
        >${refusal ?? note}</small
      >`;
  }

  async #send(name: string, before: ControlValue, input: HTMLInputElement): Promise<void> {
    if (!this.observatory.canCommand) return;
    const value = typeof before === 'boolean' ? input.checked : readControl(input.value, before);
    this.#refuse(name, value === undefined ? `${plainText(name)} must be a number` : undefined);
    if (value === undefined) return;
    const answer = await this.observatory.commands.ask(this.run.id, { action: 'set', name, value });
    if (!answer.ok) this.#refuse(name, answer.error.message);
  }

  #refuse(name: string, reason: string | undefined): void {
    const refusals = new Map(this.refusals);
    if (reason === undefined) refusals.delete(name);
    else refusals.set(name, reason);
    this.refusals = refusals;
  }
}

/** What was typed, as what the control is; undefined where it is no number and has to be one. */
export function readControl(typed: string, before: ControlValue): ControlValue | undefined {
  if (typeof before !== 'number') return typed;
  const number = typed.trim() === '' ? NaN : Number(typed.trim().replace(',', '.'));
  return Number.isFinite(number) ? number : undefined;
}

export function controlWords(value: ControlValue): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return value === '' ? 'nothing' : plainText(String(value));
}
