/** What happened to one run and why, newest last; it goes on while the run does. */
import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { formatTime, type LogEntry, logLines } from '../state/log-wording.js';
import type { RunLog } from '../state/run-log.js';
import type { RunLine } from '../state/run-lines.js';
import { WatchController } from '../state/watch-controller.js';
import { commonStyles } from './common-styles.js';
import { dialogStyles } from './dialog-styles.js';
import { icon } from './icon.js';

/** Whoever is this near to the end wants to stay there. */
const AT_END_PX = 24;

@customElement('run-log-dialog')
export class RunLogDialog extends LitElement {
  @property({ attribute: false }) log!: RunLog;
  @state() private label = '';
  @query('dialog') private readonly dialog!: HTMLDialogElement;
  @query('.lines') private readonly box!: HTMLElement;
  #stays = true;

  static override readonly styles = [
    commonStyles,
    dialogStyles,
    css`
      dialog {
        width: min(600px, calc(100vw - 24px));
        max-height: min(640px, calc(100vh - 48px));
        padding: 0;
      }
      dialog[open] {
        display: flex;
        flex-direction: column;
      }
      .head {
        display: flex;
        gap: 8px;
        align-items: center;
        justify-content: space-between;
        padding: 12px 12px 10px 20px;
        border-bottom: 1px solid var(--border);
      }
      h2 {
        margin: 0;
      }
      .lines {
        flex: 1;
        min-height: 220px;
        padding: 8px 20px 16px;
        overflow: auto;
      }
      ol {
        display: grid;
        grid-template-columns: auto 8px minmax(0, 1fr);
        column-gap: 10px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: grid;
        grid-template-columns: subgrid;
        grid-column: 1 / -1;
        align-items: baseline;
        padding: 5px 0;
        border-bottom: 1px solid var(--hairline);
      }
      li:last-child {
        border-bottom: 0;
      }
      time {
        color: var(--faint);
        text-align: right;
        white-space: nowrap;
      }
      .dot {
        width: 7px;
        height: 7px;
        background: var(--tone, var(--border-strong));
        border-radius: 50%;
      }
      .good {
        --tone: var(--bar-good);
      }
      .waiting {
        --tone: var(--bar-warn);
      }
      .bad {
        --tone: var(--bad);
      }
      .bad b {
        color: var(--bad);
      }
      b {
        font-weight: 600;
      }
      .details {
        color: var(--muted);
        overflow-wrap: anywhere;
      }
      .quiet {
        margin: 8px 0;
        color: var(--muted);
      }
      .refusal {
        display: flex;
        gap: 12px;
        align-items: center;
        justify-content: space-between;
        margin: 8px 0;
      }
      .skeleton {
        height: 12px;
        margin: 12px 0;
        background: var(--skeleton);
        border-radius: 4px;
      }
      .skeleton:nth-child(2) {
        width: 82%;
      }
      .skeleton:nth-child(3) {
        width: 64%;
      }
      @media (max-width: 760px) {
        .head {
          padding-left: 14px;
        }
        .lines {
          padding-inline: 14px;
        }
        ol {
          grid-template-columns: 8px minmax(0, 1fr);
        }
        time {
          grid-column: 2;
          text-align: left;
          font-size: 11px;
        }
        .dot {
          grid-row: 1 / 3;
          grid-column: 1;
        }
      }
    `,
  ];

  constructor() {
    super();
    new WatchController(this, () => [this.log.state]);
  }

  show({ run, label }: RunLine): void {
    this.label = [label.main, label.more].filter((part) => part !== '').join(' · ');
    this.#stays = true;
    this.log.open(run.id);
    this.dialog.showModal();
  }

  override render(): unknown {
    const { entries, trouble, runId } = this.log.state.value;
    return html`<dialog aria-labelledby="title" @close=${() => this.log.close()}>
      <div class="head">
        <h2 id="title">Log of ${this.label}</h2>
        <button class="plain square" aria-label="close" @click=${() => this.dialog.close()}>${icon('close')}</button>
      </div>
      <div class="lines" tabindex="0" role="region" aria-label="events" @scroll=${() => this.#scrolled()}>
        ${runId === undefined ? nothing : list(entries, trouble)}
        ${
          trouble === ''
            ? nothing
            : html`<p class="refusal" role="alert">
                <span>${trouble}</span><button @click=${() => void this.log.reread()}>Try again</button>
              </p>`
        }
      </div>
    </dialog>`;
  }

  protected override updated(_changed: PropertyValues<this>): void {
    if (this.#stays) this.box.scrollTop = this.box.scrollHeight;
  }

  #scrolled(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.box;
    this.#stays = scrollHeight - clientHeight - scrollTop < AT_END_PX;
  }
}

function list(entries: readonly LogEntry[] | undefined, trouble: string): unknown {
  if (entries === undefined) {
    if (trouble !== '') return nothing;
    return html`<div aria-busy="true" aria-label="loading">
      ${[1, 2, 3].map(() => html`<div class="skeleton"></div>`)}
    </div>`;
  }
  if (entries.length === 0) return html`<p class="quiet">nothing has happened to this run yet</p>`;
  return html`<ol>
    ${logLines(entries).map(
      ({ at, title, details, tone }) =>
        html`<li class=${tone}>
          <time datetime=${at} title=${at}>${formatTime(at)}</time><span class="dot"></span>
          <span><b>${title}</b>${details === '' ? nothing : html` <span class="details">${details}</span>`}</span>
        </li>`,
    )}
  </ol>`;
}
