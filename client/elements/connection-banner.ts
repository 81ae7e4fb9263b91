/** Why there is no connection, and what to do about it, where that takes more than waiting. */
import { html, nothing, type TemplateResult } from 'lit';
import type { ConnectionStatus } from '../connection/connection-monitor.js';

/** @param loaded whether the page has something to show meanwhile */
export function connectionBanner(status: ConnectionStatus, loaded: boolean): TemplateResult | typeof nothing {
  if (status.kind === 'refused')
    return status.version
      ? banner(
          'The server is of another version than this page.',
          html`${status.reason}. Nothing was lost; <button @click=${() => location.reload()}>reload the page</button> to
            get the server’s own.`,
        )
      : banner('The server refused this page.', html`${status.reason}. Nothing was lost; it tries again by itself.`);
  if (status.kind !== 'reconnecting') return nothing;
  if (status.trouble === 'blocked')
    return banner(
      'WebSockets do not get through.',
      html`The server answers, but something between, as a proxy, a firewall or a browser extension, blocks the
        WebSocket that this page gets its numbers by. Open the server’s address without the proxy, or let the proxy pass
        on <code>Upgrade: websocket</code> for <code>/socket.io/</code>. Training goes on; the page tries again by
        itself.`,
    );
  if (status.trouble === 'unreachable' && !loaded)
    return banner(
      'The server cannot be reached.',
      html`Is it running, and is the network there? <code>npm start</code> starts it; what was trained is kept. The page
        tries again by itself.`,
    );
  return nothing;
}

function banner(title: string, words: TemplateResult): TemplateResult {
  return html`<div class="banner" role="alert"><b>${title}</b> ${words}</div>`;
}
