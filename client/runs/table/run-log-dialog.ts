/** What happened to one run and why, newest last; it goes on while the run does. */
import { css, html, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { readLog } from '../../data/commands.js';
import { RunLog } from '../../data/run-log.js';
import { featureState } from '../observatory.js';
import type { RunLine } from '../run-lines.js';
import { SignalElement } from '../../ui/signal-element.js';
import { commonStyles } from '../../ui/common-styles.js';
import { dialogStyles } from '../../ui/dialog-styles.js';
import { icon } from '../../ui/icon.js';
import { logList, logListStyles } from '../log-list.js';

/** Whoever is this near to the end wants to stay there. */
const AT_END_PX = 24;

/** Of the run that was last asked for. */
export const dialogLog = featureState(({ runList }) => new RunLog(runList, readLog));

@customElement('run-log-dialog')
export class RunLogDialog extends SignalElement {
  @property({ attribute: false }) log!: RunLog;
  @state() private label = '';
  @query('dialog') private readonly dialog!: HTMLDialogElement;
  @query('.lines') private readonly box!: HTMLElement;
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

  show({ run, label }: RunLine): void {
    this.label = [label.main, label.more].filter((part) => part !== '').join(' · ');
    this.#stays = true;
    this.log.open(run.id);
    this.dialog.showModal();
  }

  override render(): unknown {
    return html`<dialog aria-labelledby="title" @close=${() => this.log.close()}>
      <div class="head">
        <h2 id="title">Log of ${this.label}</h2>
        <button class="plain square" aria-label="close" @click=${() => this.dialog.close()}>${icon('close')}</button>
      </div>
      <div class="lines" tabindex="0" role="region" aria-label="events" @scroll=${() => this.#scrolled()}>
        ${logList(this.log.state.value, () => void this.log.reread())}
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
