/** The chosen sweep: what it is, how far it is, what can be done to all of it, and its runs. */
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { effectOf, isActive, type Run, type Sweep } from '../../shared/run.js';
import type { SweepAction } from '../connection/commands.js';
import type { Observatory } from '../state/observatory.js';
import { currentRuns } from '../state/attempts.js';
import { runsOfSweep, sweepsByAge } from '../state/run-list.js';
import { countsLine, secondsLeft, sweepProgress } from '../state/sweep-progress.js';
import { WatchController } from '../state/watch-controller.js';
import { formatShortDuration, lossOfSweep, sweepLine } from '../state/wording.js';
import { commonStyles } from './common-styles.js';
import type { DeleteForm } from './delete-form.js';
import './delete-form.js';
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
  @query('delete-form') private readonly deleteForm!: DeleteForm;

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
      .title {
        display: flex;
        gap: 8px;
        align-items: start;
        justify-content: space-between;
      }
      .bin {
        flex: none;
        margin: calc((22px - var(--target)) / 2) -7px;
        color: var(--faint);
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
    const all = runsOfSweep(state, sweep.id);
    const runs = currentRuns(all);
    const progress = sweepProgress(runs);
    const left = secondsLeft(runs);
    const ended = runs.every((run) => ['completed', 'stopped', 'failed', 'diverged'].includes(run.status));
    return html`<div class="about">
        ${this.#picker(sweep.id)}
        <div class="title">
          <h2>${sweep.name}</h2>
          ${this.#bin(sweep, all)}
        </div>
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
      <run-table .observatory=${this.observatory}></run-table>
      <delete-form .observatory=${this.observatory}></delete-form>`;
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

  #bin({ id, name }: Sweep, runs: readonly Run[]): unknown {
    const { runList, connection } = this.observatory;
    if (runList.state.value.role !== 'controller') return nothing;
    const trains = runs.some(({ status }) => isActive(status));
    return html`<button
      class="plain square bin"
      aria-label="delete the sweep"
      title=${trains ? 'delete: pause or stop its runs first' : 'delete the sweep …'}
      ?disabled=${trains || connection.status.value.kind !== 'live'}
      @click=${() => this.deleteForm.show({ kind: 'sweeps', id, name, loses: lossOfSweep(runs) })}
    >
      ${icon('bin')}
    </button>`;
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
