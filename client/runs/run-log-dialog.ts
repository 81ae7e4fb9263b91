/** What happened to one run and why, newest last; it goes on while the run does. */
import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { readLog } from '../data/commands.js';
import { RunLog } from '../data/run-log.js';
import type { Observatory } from './observatory.js';
import { fullLabel } from './run-words.js';
import { DialogController } from '../ui/dialog-controller.js';
import { SignalElement } from '../ui/signal-element.js';
import { commonStyles } from '../ui/common-styles.js';
import { dialogStyles } from '../ui/dialog-styles.js';
import { icon } from '../ui/icon.js';
import { logList, logListStyles } from './log-list.js';

/** Whoever is this near to the end wants to stay there. */
const AT_END_PX = 24;

@customElement('run-log-dialog')
export class RunLogDialog extends SignalElement {
  @property({ attribute: false }) observatory!: Observatory;
  @query('.lines') private readonly box!: HTMLElement;
  #log: RunLog | undefined;
  #stays = true;

  static override readonly styles = [
    commonStyles,
    dialogStyles,
    logListStyles,
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
      @media (max-width: 760px) {
        .head {
          padding-left: 14px;
        }
        .lines {
          padding-inline: 14px;
        }
      }
    `,
  ];

  constructor() {
    super();
    new DialogController(
      this,
      () => this.observatory.dialogs.of('log'),
      ({ line }) => {
        this.#stays = true;
        this.#log ??= new RunLog(this.observatory.runList, readLog);
        this.#log.open(line.run.id);
      },
    );
  }

  override render(): unknown {
    const { dialogs } = this.observatory;
    const { label, run } = dialogs.of('log')?.line ?? {};
    return html`<dialog aria-labelledby="title" @close=${() => this.#closed()}>
      <div class="head">
        <h2 id="title">Log of ${label === undefined ? '' : fullLabel(label)}</h2>
        <button class="plain square" aria-label="close" @click=${() => dialogs.close('log')}>${icon('close')}</button>
      </div>
      <div class="lines" tabindex="0" role="region" aria-label="events" @scroll=${() => this.#scrolled()}>
        ${this.#log === undefined ? nothing : logList(this.#log.state.value, () => void this.#log?.reread(), run?.source)}
      </div>
    </dialog>`;
  }

  protected override updated(_changed: PropertyValues<this>): void {
    if (this.#stays) this.box.scrollTop = this.box.scrollHeight;
  }

  #closed(): void {
    this.#log?.close();
    this.observatory.dialogs.close('log');
  }

  #scrolled(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.box;
    this.#stays = scrollHeight - clientHeight - scrollTop < AT_END_PX;
  }
}
