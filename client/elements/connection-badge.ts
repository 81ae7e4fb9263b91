/** The connection in a dot and a word; while it is down, how long the server has not been heard. */
import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ConnectionMonitor, ConnectionStatus } from '../connection/connection-monitor.js';
import { WatchController } from '../state/watch-controller.js';
import { formatDuration } from '../state/wording.js';

@customElement('connection-badge')
export class ConnectionBadge extends LitElement {
  @property({ attribute: false }) connection!: ConnectionMonitor;
  #clock: ReturnType<typeof setInterval> | undefined;

  static override readonly styles = css`
    :host {
      display: inline-flex;
      gap: 8px;
      align-items: center;
      color: var(--muted);
      white-space: nowrap;
    }
    .dot {
      width: 8px;
      height: 8px;
      background: var(--dot);
      border-radius: 50%;
      box-shadow: 0 0 0 3px color-mix(in srgb, var(--dot) 18%, transparent);
    }
    :host([kind='live']) {
      --dot: var(--bar-good);
    }
    :host([kind='connecting']) {
      --dot: var(--faint);
    }
    :host([kind='reconnecting']),
    :host([kind='closing']) {
      --dot: var(--bar-warn);
      color: var(--warn);
    }
    /* The dot says it, and there is no room for what is as it should be. */
    @media (max-width: 980px) {
      :host([kind='live']) .words {
        position: absolute;
        width: 1px;
        height: 1px;
        overflow: hidden;
        clip-path: inset(50%);
      }
    }
    :host([kind='refused']) {
      --dot: var(--bad);
      color: var(--bad);
    }
  `;

  constructor() {
    super();
    new WatchController(this, () => [this.connection.status]);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#setClock(false);
  }

  override render(): unknown {
    const status = this.connection.status.value;
    this.setAttribute('kind', status.kind);
    this.#setClock('since' in status);
    // The seconds are for the eye: read out each second they would be a nuisance.
    const silence = 'since' in status ? `, ${formatDuration((performance.now() - status.since) / 1000)}` : '';
    return html`<span class="dot"></span
      ><span class="words"><span role="status">${word(status)}</span><span aria-hidden="true">${silence}</span></span>`;
  }

  #setClock(runs: boolean): void {
    if (runs === (this.#clock !== undefined)) return;
    clearInterval(this.#clock);
    this.#clock = runs ? setInterval(() => this.requestUpdate(), 1000) : undefined;
  }
}

function word(status: ConnectionStatus): string {
  return status.kind === 'closing' ? 'server closed' : status.kind;
}
