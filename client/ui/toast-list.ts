/** Messages about what failed, at the lower edge; each says what was tried and why it did not happen. */
import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from './tidy-repeat.js';
import { SignalElement } from './signal-element.js';
import { commonStyles } from './common-styles.js';
import { icon } from './icon.js';
import type { Toasts } from '../data/toasts.js';

@customElement('toast-list')
export class ToastList extends SignalElement {
  @property({ attribute: false }) notices!: Toasts;

  static override readonly styles = [
    commonStyles,
    css`
      :host {
        position: fixed;
        right: 16px;
        bottom: 16px;
        z-index: 6;
        display: grid;
        gap: 8px;
        width: min(380px, calc(100vw - 32px));
      }
      .notice {
        display: flex;
        gap: 10px;
        align-items: start;
        padding: 10px 8px 11px 13px;
        background: var(--raised);
        border: 1px solid var(--border);
        border-left: 3px solid var(--bad);
        border-radius: var(--radius);
        box-shadow: var(--shadow-float);
      }
      .notice div {
        flex: 1;
      }
      p {
        margin: 2px 0 0;
        color: var(--muted);
        overflow-wrap: anywhere;
      }
    `,
  ];

  override render(): unknown {
    return html`<div role="alert" class="visually-hidden">
        ${this.notices.list.value.map(({ title, reason }) => html`${title} failed: ${reason}. `)}
      </div>
      ${repeat(
        this.notices.list.value,
        ({ id }) => id,
        ({ id, title, reason }) =>
          html`<div
            class="notice"
            @pointerenter=${() => this.notices.hold(id)}
            @pointerleave=${() => this.notices.release(id)}
            @focusin=${() => this.notices.hold(id)}
            @focusout=${() => this.notices.release(id)}
          >
            <div>
              <b>${title} failed</b>
              <p>${reason}</p>
            </div>
            <button class="plain square" aria-label="dismiss" @click=${() => this.notices.dismiss(id)}>
              ${icon('close')}
            </button>
          </div>`,
      )}`;
  }
}
