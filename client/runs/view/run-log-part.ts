/** What happened to the run that is viewed, newest last, and the checkpoints that are kept of it. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { commonStyles } from '../../ui/common-styles.js';
import { logList, logListStyles } from '../log-list.js';
import type { Run } from '../../../shared/run.js';
import { noCheckpoints } from '../run-words.js';
import { formatBytes, formatTime } from '../../ui/numbers.js';
import type { Observatory } from '../observatory.js';
import { runViewChoice } from './run-view-choice.js';
import type { CheckpointsState } from '../../data/run-log.js';
import { SignalElement } from '../../ui/signal-element.js';
import { epochViewStyles } from '../../ui/view-styles.js';

@customElement('run-log-part')
export class RunLogPart extends SignalElement {
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

  override render(): unknown {
    const { runList } = this.observatory;
    const { log, checkpoints } = runViewChoice(this.observatory);
    const run = runList.state.value.runs.get(log.state.value.runId ?? '');
    // Another program keeps its own.
    return html`${
        run?.source === 'external'
          ? nothing
          : html`<section class="card checkpoints" aria-labelledby="checkpoints">
              <header>
                <h2 id="checkpoints">Checkpoints</h2>
                <span class="note">where training can go on from, the newest two</span>
              </header>
              ${checkpointsTable(checkpoints.state.value, run)}
            </section>`
      }
      <section class="card" aria-labelledby="log">
        <header>
          <h2 id="log">Log</h2>
          <span class="note">newest last</span>
        </header>
        <div class="log">${logList(log.state.value, () => void log.reread(), run?.source)}</div>
      </section>`;
  }
}

function checkpointsTable({ stored, trouble }: CheckpointsState, run: Run | undefined): TemplateResult {
  if (trouble !== '') return html`<p>${trouble}</p>`;
  if (stored === undefined) return html`<p><span class="skeleton"></span></p>`;
  if (stored.length === 0) return html`<p>${noCheckpoints(run)}</p>`;
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
        ${stored.map(
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
