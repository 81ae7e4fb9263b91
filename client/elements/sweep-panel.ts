/** The chosen sweep: what it is, how far it is, what can be done to all of it, and its runs. */
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { effectOf, type Run } from '../../shared/run.js';
import type { SweepAction } from '../connection/commands.js';
import type { Observatory } from '../state/observatory.js';
import { currentRuns } from '../state/attempts.js';
import { runsOfSweep, sweepsByAge } from '../state/run-list.js';
import { countsLine, secondsLeft, sweepProgress } from '../state/sweep-progress.js';
import { WatchController } from '../state/watch-controller.js';
import { formatShortDuration, sweepLine } from '../state/wording.js';
import { commonStyles } from './common-styles.js';
import { icon } from './icon.js';
import { progressBar } from './progress-bar.js';
import './run-table.js';

const ACTIONS: readonly { action: SweepAction; label: string }[] = [
  { action: 'pause', label: 'Pause all' },
  { action: 'resume', label: 'Resume all' },
  { action: 'stop', label: 'Stop all' },
];

@customElement('sweep-panel')
export class SweepPanel extends LitElement {
  @property({ attribute: false }) observatory!: Observatory;

  static override readonly styles = [
    commonStyles,
    css`
      :host {
        display: block;
      }
      .about {
        padding: 14px 16px 10px;
      }
      h2 {
        margin: 0;
        font-size: 15px;
        font-weight: 700;
        overflow-wrap: anywhere;
      }
      select {
        width: 100%;
        min-height: max(30px, var(--target));
        margin-bottom: 10px;
        padding: 0 8px;
        color: var(--text);
        font: inherit;
        background: var(--raised);
        border: 1px solid var(--border);
        border-radius: 6px;
      }
      .grid {
        margin: 2px 0 0;
        color: var(--muted);
      }
      .bar {
        height: 5px;
        margin: 12px 0 7px;
        overflow: hidden;
        background: var(--track);
        border-radius: 3px;
      }
      .bar .track {
        display: block;
        width: 100%;
        height: 100%;
        fill: var(--accent);
      }
      .bar.done .track {
        fill: var(--bar-good);
      }
      .counts {
        display: flex;
        gap: 12px;
        justify-content: space-between;
        color: var(--muted);
      }
      .left {
        white-space: nowrap;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        margin-top: 12px;
      }
    `,
  ];

  constructor() {
    super();
    new WatchController(this, () => [
      this.observatory.runList.state,
      this.observatory.choice.sweepId,
      this.observatory.connection.status,
    ]);
  }

  override render(): unknown {
    const { runList, choice } = this.observatory;
    const state = runList.state.value;
    const sweep = state.sweeps.get(choice.sweepId.value ?? '');
    if (sweep === undefined) return nothing;
    const runs = currentRuns(runsOfSweep(state, sweep.id));
    const progress = sweepProgress(runs);
    const left = secondsLeft(runs);
    const ended = runs.every((run) => ['completed', 'stopped', 'failed', 'diverged'].includes(run.status));
    return html`<div class="about">
        ${this.#picker(sweep.id)}
        <h2>${sweep.name}</h2>
        <p class="grid">${sweepLine(sweep)}</p>
        <div
          class="bar ${ended ? 'done' : ''}"
          role="progressbar"
          aria-label="epochs trained"
          aria-valuemin="0"
          aria-valuemax="100"
          aria-valuenow=${Math.floor(progress * 100)}
        >
          ${progressBar(progress)}
        </div>
        <div class="counts">
          <span>${countsLine(runs)}</span>
          <span class="left">${left === undefined ? '' : `${formatShortDuration(left)} left`}</span>
        </div>
        ${this.#actions(sweep.id, runs)}
      </div>
      <run-table .observatory=${this.observatory}></run-table>`;
  }

  #picker(chosen: string): unknown {
    const sweeps = sweepsByAge(this.observatory.runList.state.value);
    if (sweeps.length < 2) return nothing;
    const choose = (event: Event): void =>
      this.observatory.choice.chooseSweep((event.target as HTMLSelectElement).value);
    return html`<select aria-label="sweep" @change=${choose}>
      ${sweeps.map(
        ({ id, name, createdAt }) =>
          html`<option value=${id} .selected=${id === chosen}>
            ${name} · ${new Date(createdAt).toLocaleString()}
          </option>`,
      )}
    </select>`;
  }

  /** Shown while any of them would do something. */
  #actions(sweepId: string, runs: readonly Run[]): unknown {
    const would = (action: SweepAction): boolean =>
      runs.some((run) => !['refused', 'same'].includes(effectOf(action, run.status).kind));
    const live = this.observatory.connection.status.value.kind === 'live';
    const controls = this.observatory.runList.state.value.role === 'controller';
    if (!controls || !ACTIONS.some(({ action }) => would(action))) return nothing;
    return html`<div class="actions">
      ${ACTIONS.map(
        ({ action, label }) =>
          html`<button
            ?disabled=${!live || !would(action)}
            @click=${() => void this.observatory.controlSweep(sweepId, action)}
          >
            ${icon(action)}${label}
          </button>`,
      )}
    </div>`;
  }
}
