/** What keeps the server from storing runs, since when and what to do; nothing while all is well. */
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ServerNotice } from '../../shared/protocol.js';
import { formatTime } from '../ui/numbers.js';
import type { Readable } from '../data/signals.js';
import { SignalElement } from '../ui/signal-element.js';
import { icon } from '../ui/icon.js';

@customElement('storage-banner')
export class StorageBanner extends SignalElement {
  @property({ attribute: false }) storage!: Readable<ServerNotice['storage']>;

  static override readonly styles = css`
    :host {
      display: block;
    }
    div {
      display: flex;
      gap: 9px;
      padding: 9px 16px;
      color: var(--text);
      overflow-wrap: anywhere;
      background: var(--warn-soft);
      border-bottom: 1px solid var(--border);
    }
    b,
    .icon {
      color: var(--warn);
    }
    .icon {
      flex: none;
      padding-top: 2px;
    }
    svg {
      width: 15px;
      height: 15px;
    }
    .since {
      color: var(--muted);
      white-space: nowrap;
    }
    @media (max-width: 760px) {
      div {
        padding: 9px 10px;
      }
    }
  `;

  override render(): unknown {
    const trouble = this.storage.value;
    if (trouble === null) return nothing;
    return html`<div role="alert">
      ${icon('warning')}
      <span>
        <b>Nothing can be stored at present.</b> ${sentence(trouble.message)}
        <span class="since">Since <time datetime=${trouble.since}>${formatTime(trouble.since)}</time>.</span>
      </span>
    </div>`;
  }
}

function sentence(message: string): string {
  const text = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
