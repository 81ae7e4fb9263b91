/** What happened to the run that is viewed, newest last, and the checkpoints that are kept of it. */
import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { commonStyles } from '../elements/common-styles.js';
import { logList, logListStyles } from '../elements/log-list.js';
import type { Run } from '../../shared/run.js';
import { noCheckpoints } from '../state/run-words.js';
import { formatBytes, formatTime } from '../state/log-wording.js';
import type { Observatory } from '../state/observatory.js';
import type { CheckpointsState } from '../state/run-checkpoints.js';
import { WatchController } from '../state/watch-controller.js';
import { epochViewStyles } from './epoch-view-styles.js';

@customElement('run-log-part')
export class RunLogPart extends LitElement {
  @property({ attribute: false }) observatory!: Observatory;

  static override readonly styles = [
    commonStyles,
    epochViewStyles,
    logListStyles,
    css`
      .log {
        min-height: 120px;
        padding: 2px 12px 8px;
      }
      .checkpoints p {
        margin: 0;
        padding: 2px 12px 10px;
        color: var(--muted);
      }
    `,
  ];

  constructor() {
    super();
    new WatchController(this, () => [
      this.observatory.viewedLog.state,
      this.observatory.viewedCheckpoints.state,
      this.observatory.runList.state,
    ]);
  }

  override render(): unknown {
    const { viewedLog, viewedCheckpoints, runList } = this.observatory;
    return html`<section class="card checkpoints" aria-labelledby="checkpoints">
        <header>
          <h2 id="checkpoints">Checkpoints</h2>
          <span class="note">where training can go on from, the newest two</span>
        </header>
        ${checkpointsTable(viewedCheckpoints.state.value, runList.state.value.runs.get(viewedLog.state.value.runId ?? ''))}
      </section>
      <section class="card" aria-labelledby="log">
        <header>
          <h2 id="log">Log</h2>
          <span class="note">newest last</span>
        </header>
        <div class="log">${logList(viewedLog.state.value, () => void viewedLog.reread())}</div>
      </section>`;
  }
}

function checkpointsTable({ kept, trouble }: CheckpointsState, run: Run | undefined): TemplateResult {
  if (trouble !== '') return html`<p>${trouble}</p>`;
  if (kept === undefined) return html`<p><span class="skeleton"></span></p>`;
  if (kept.length === 0) return html`<p>${noCheckpoints(run)}</p>`;
  return html`<div class="scroller">
    <table aria-labelledby="checkpoints">
      <thead>
        <tr>
          <th scope="col">epoch</th>
          <th scope="col">written</th>
          <th scope="col">size</th>
          <th scope="col">engine</th>
        </tr>
      </thead>
      <tbody>
        ${kept.map(
          ({ epoch, at, bytes, engine }) =>
            html`<tr>
              <th scope="row">${epoch}</th>
              <td><time datetime=${at}>${formatTime(at)}</time></td>
              <td>${formatBytes(bytes)}</td>
              <td>${engine}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
