/** What a page without any sweep says: what this is, and how to begin. */
import { css, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { REFERENCE, referenceSweep } from '../../../shared/experiments/attention-cv/reference.js';
import type { Observatory } from '../../runs/observatory.js';
import { SignalElement } from '../../ui/signal-element.js';
import { commonStyles } from '../../ui/common-styles.js';
import { pentachoronMark } from '../../ui/pentachoron-mark.js';
import '../../runs/page-notes.js';

@customElement('empty-state')
export class EmptyState extends SignalElement {
  @property({ attribute: false }) observatory!: Observatory;
  @state() private starting = false;

  static override readonly styles = [
    commonStyles,
    css`
      :host {
        display: grid;
        place-items: center;
        min-height: calc(100vh - var(--header));
        padding: 24px;
      }
      section {
        max-width: 440px;
        text-align: center;
      }
      .mark {
        width: 72px;
        height: 72px;
        color: var(--accent);
      }
      .mark g {
        stroke-width: 0.6;
      }
      h2 {
        margin: 18px 0 6px;
        font-size: 18px;
      }
      p {
        margin: 0 0 20px;
        color: var(--muted);
        font-size: 14px;
        text-wrap: pretty;
      }
      .ways {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        justify-content: center;
      }
      button {
        min-height: max(34px, var(--target));
        padding: 0 16px;
      }
      .note {
        margin: 14px 0 0;
        color: var(--faint);
        font-size: 12px;
      }
    `,
  ];

  override render(): unknown {
    const { isController, canCommand } = this.observatory;
    const { dims, heads, epochs } = REFERENCE;
    return html`<section>
      <page-notes .observatory=${this.observatory}></page-notes>
      ${pentachoronMark()}
      <h2>No sweep yet</h2>
      <p>
        A sweep trains one small attention model for every combination of dim and heads, and draws loss, accuracy and
        pentachoron geometry here after every epoch. Trainings of your own programs come here, too.
      </p>
      ${
        isController
          ? html`<div class="ways">
              <button
                class="primary"
                ?disabled=${this.starting || !canCommand}
                @click=${() => void this.#startReference()}
              >
                Start the reference sweep
              </button>
              <button ?disabled=${!canCommand} @click=${() => this.observatory.dialogs.show('new-sweep', {})}>
                New sweep …
              </button>
              <button ?disabled=${!canCommand} @click=${() => this.observatory.dialogs.show('connect', {})}>
                Connect a run …
              </button>
            </div>`
          : html`<p>Someone with control has to begin one; it will appear here by itself.</p>`
      }
      <p class="note">reference: dim ${dims.join(', ')} × heads ${heads.join(', ')}, ${epochs} epochs each</p>
    </section>`;
  }

  async #startReference(): Promise<void> {
    this.starting = true;
    const answer = await this.observatory.createSweep(referenceSweep);
    this.starting = false;
    if (!answer.ok) this.observatory.notices.add('start the reference sweep', answer.error.message);
  }
}
