/** The connection in a dot and a word; while it is down, how long the server has not been heard. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ConnectionMonitor, ConnectionStatus, RefusalCause } from '../data/connection-monitor.js';
import { serverAddress } from '../data/server-address.js';
import { SignalElement } from '../ui/signal-element.js';
import { formatDuration } from '../ui/numbers.js';

@customElement('connection-badge')
export class ConnectionBadge extends SignalElement {
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

/** @param loaded whether the page has something to show meanwhile */
export function connectionBanner(status: ConnectionStatus, loaded: boolean): TemplateResult | typeof nothing {
  if (status.kind === 'refused') return refusal(status.reason, status.why);
  if (status.kind !== 'reconnecting') return nothing;
  if (status.trouble === 'blocked')
    return banner(
      'WebSockets do not get through.',
      html`The server answers, but something between, as a proxy, a firewall or a browser extension, blocks the
        WebSocket that this page gets its numbers by. Open the server’s address without the proxy, or let the proxy pass
        on <code>Upgrade: websocket</code> for <code>${serverAddress('socket.io/').pathname}</code>. Training goes on;
        the page tries again by itself.`,
    );
  if (status.trouble === 'unreachable' && !loaded)
    return banner(
      'The server cannot be reached.',
      html`Is it running, and is the network there? <code>npm start</code> starts it; what was trained is kept. The page
        tries again by itself.`,
    );
  return nothing;
}

function refusal(reason: string, why: RefusalCause): TemplateResult {
  const reload = html`<button @click=${() => location.reload()}>reload the page</button>`;
  switch (why) {
    case 'version':
      return banner(
        'The server is of another version than this page.',
        html`${reason}. Nothing was lost; ${reload} to get the server’s own.`,
      );
    case 'access':
      return banner(
        'You are not signed in any more.',
        html`Training goes on; ${reload} to sign in with a link or a token.`,
      );
    case 'other':
      return banner('The server refused this page.', html`${reason}. Nothing was lost; it tries again by itself.`);
  }
}

function banner(title: string, words: TemplateResult): TemplateResult {
  return html`<div class="banner" role="alert"><b>${title}</b> ${words}</div>`;
}
