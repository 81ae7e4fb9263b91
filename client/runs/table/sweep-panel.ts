/** The shown sweeps: what they are, how far they are, what can be done to their runs at once, and the table of runs. */
import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { classMap } from 'lit/directives/class-map.js';
import { changes, isActive, SWEEP_ACTIONS, type Run, type Sweep, type SweepAction } from '../../../shared/run.js';
import type { Observatory } from '../observatory.js';
import { currentRuns } from '../../data/attempts.js';
import type { ViewName } from '../../data/navigation.js';
import { isOwn, runsOfSweep } from '../../data/run-list.js';
import { countsLine, progressWords, sweepEnd, sweepProgress, sweepsLeft } from '../sweep-progress.js';
import { SignalElement } from '../../ui/signal-element.js';
import { type RunLine, sweepLine } from '../run-lines.js';
import { formatShortDuration } from '../../ui/numbers.js';
import { lossOfSweep } from '../run-words.js';
import { chartLegend, chartLegendStyles } from '../chart-legend.js';
import { commonStyles } from '../../ui/common-styles.js';
import { icon } from '../../ui/icon.js';
import { sweepBar } from '../progress-bar.js';
import type { RunTable } from './run-table.js';
import './run-table.js';
import '../page-notes.js';
import { targetRuns } from './table-choice.js';
import type { TableTools } from './table-tools.js';
import './table-tools.js';

/** More would keep the charts out of sight on a phone. */
const FEW_RUNS = 4;

const ACTION_TITLES = {
  pause: 'pause: slots are free for others, resume goes on from there',
  resume: 'resume: go on from where they are',
  stop: 'stop: end the runs here; what was trained stays',
};

@customElement('sweep-panel')
export class SweepPanel extends SignalElement {
  @property({ attribute: false }) observatory!: Observatory;
  @query('table-tools') private readonly tools!: TableTools;
  /** The table of runs. */
  @query('run-table') readonly table!: RunTable;
  @query('h2') private readonly heading!: HTMLElement | null;
  /** On a phone, whether the runs are listed above the view; until someone says so, a few above trajectories alone. */
  @state() private listed: boolean | null = null;
  /** Where the runs fold. */
  readonly #phone = matchMedia('(max-width: 760px)');
  readonly #redraw = (): void => this.requestUpdate();
  #view: ViewName | undefined;
  /** The sweeps that were last seen with something to do about their runs. */
  #commanded = '';

  static override readonly styles = [
    commonStyles,
    chartLegendStyles,
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
      .bar.completed .track {
        fill: var(--bar-good);
      }
      .bar .stopped {
        fill: var(--muted);
      }
      .bar .failed {
        fill: var(--bad);
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
      .fold,
      .legend {
        display: none;
      }
      /* The view comes soon: what the sweep is made of stands with its runs. */
      @media (max-width: 760px) {
        .about {
          padding: 4px 12px 8px;
        }
        .title {
          gap: 4px;
          align-items: center;
        }
        h2 {
          flex: 1;
          min-width: 0;
        }
        .bin {
          margin: 0 -12px 0 0;
        }
        .fold {
          display: flex;
          flex: none;
          gap: 5px;
          padding: 0 8px;
          color: var(--muted);
          font-weight: 650;
        }
        .grid {
          font-size: 12px;
        }
        .folded .grid {
          display: none;
        }
        .bar {
          margin: 4px 0 5px;
        }
        .about:not(.folded) .bar {
          margin-top: 8px;
        }
        .actions {
          margin-top: 8px;
        }
        [aria-expanded='false'] .icon {
          rotate: -90deg;
        }
        .runs.folded {
          display: none;
        }
        /* One line, to be moved sideways. */
        .legend {
          display: flex;
          flex-wrap: nowrap;
          max-height: none;
          padding: 0 4px 4px;
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#phone.addEventListener('change', this.#redraw);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#phone.removeEventListener('change', this.#redraw);
  }

  async focusFilter(): Promise<void> {
    await this.unfolded();
    this.tools.focus();
  }

  /** The table, laid out: folded it takes no keyboard. */
  async unfolded(): Promise<RunTable> {
    this.listed = true;
    await this.updateComplete;
    return this.table;
  }

  /** Puts the keyboard where the sweep is named. */
  focusHeading(): void {
    this.heading?.focus();
  }

  protected override willUpdate(): void {
    const view = this.observatory.navigation.view.value;
    if (view !== this.#view) this.listed = null;
    this.#view = view;
    // A question is asked beside the row of its run, and from a log one goes back there: it has to be in sight.
    const { dialogs } = this.observatory;
    const asked = dialogs.of('question');
    if (dialogs.of('log') !== undefined || (asked !== undefined && asked.anchor === undefined)) this.listed = true;
  }

  override render(): unknown {
    const { runList, selection, isOnline } = this.observatory;
    const state = runList.state.value;
    const sweeps = selection.sweepIds.value.flatMap((id) => state.sweeps.get(id) ?? []);
    const [first] = sweeps;
    if (first === undefined) return nothing;
    const all = sweeps.flatMap(({ id }) => runsOfSweep(state, id));
    const runs = currentRuns(all);
    const progress = sweepProgress(runs);
    // A server that is offline may train nothing, and nobody knows when it will.
    const left = isOnline ? sweepsLeft(sweeps) : undefined;
    const listed = this.listed ?? (this.#view === 'trajectories' && all.length <= FEW_RUNS);
    return html`<page-notes .observatory=${this.observatory}></page-notes>
      <div class=${classMap({ about: true, folded: !listed })}>
        <div class="title">
          <h2 tabindex="-1">${sweeps.length === 1 ? first.name : `${sweeps.length} sweeps`}</h2>
          <button
            class="plain fold"
            aria-expanded=${listed ? 'true' : 'false'}
            aria-controls="runs"
            @click=${() => (this.listed = !listed)}
          >
            ${icon('unfold')}runs
          </button>
          ${sweeps.length === 1 && !isOwn(first.id) ? this.#bin(first, all) : nothing}
        </div>
        <p class="grid">${sweeps.length === 1 ? sweepLine(first) : sweeps.map(({ name }) => name).join(' · ')}</p>
        <div
          class="bar ${sweepEnd(runs) === undefined ? '' : 'completed'}"
          role="progressbar"
          aria-label="epochs trained"
          aria-valuenow=${Math.floor((progress.trained + progress.stopped + progress.failed) * 100)}
          title=${progressWords(runs)}
        >
          ${sweepBar(progress)}
        </div>
        <div class="counts">
          <span>${countsLine(runs)}</span>
          <span class="left">${left === undefined ? '' : `${formatShortDuration(left)} left`}</span>
        </div>
        ${this.#actions(sweeps)}
      </div>
      ${listed || this.#view !== 'trajectories' || !this.#phone.matches ? nothing : chartLegend(this.observatory)}
      <div id="runs" class=${classMap({ runs: true, folded: !listed })}>
        <table-tools .observatory=${this.observatory}></table-tools>
        <run-table .observatory=${this.observatory}></run-table>
      </div>`;
  }

  #bin({ id, name }: Sweep, runs: readonly Run[]): unknown {
    const { isController, canCommand } = this.observatory;
    if (!isController) return nothing;
    const trains = runs.some(({ status }) => isActive(status));
    return html`<button
      class="plain square bin"
      aria-label="delete the sweep"
      title=${trains ? 'delete: pause or stop its runs first' : 'delete the sweep …'}
      ?disabled=${trains || !canCommand}
      @click=${() => this.observatory.dialogs.show('delete', { kind: 'sweeps', id, name, loses: lossOfSweep(runs) })}
    >
      ${icon('bin')}
    </button>`;
  }

  /**
   * For what is shown and listed; offered if any of them would do something. Where the last run ends before one's eyes
   * they stay, disabled, so that the list below does not jump and the keyboard is not lost.
   */
  #actions(sweeps: readonly Sweep[]): unknown {
    const { isController, canCommand, commands, shownRuns } = this.observatory;
    if (!isController) return nothing;
    const everything = shownRuns.lines.value;
    const ids = sweeps.map(({ id }) => id).join();
    if (SWEEP_ACTIONS.some((action) => everything.some(({ run }) => changes(action, run)))) this.#commanded = ids;
    if (this.#commanded !== ids) return nothing;
    const meant = targetRuns(this.observatory);
    const whole = meant.length === everything.length;
    // Runs of their own are told one by one.
    const isOfSweeps = sweeps.every(({ id }) => !isOwn(id));
    return html`<div
      class="actions"
      role="group"
      aria-label=${whole ? 'all runs' : 'the runs that are shown and listed'}
    >
      ${SWEEP_ACTIONS.map((action) => {
        const changing = meant.filter(({ run }) => changes(action, run));
        const waiting = changing.length > 0 && changing.every(({ run }) => commands.pending.byRun.value.has(run.id));
        const idle = !canCommand || waiting || changing.length === 0;
        const label = `${action.charAt(0).toUpperCase()}${action.slice(1)} ${whole ? 'all' : `${changing.length} shown`}`;
        return html`<button
          aria-disabled=${idle ? 'true' : nothing}
          title=${whole ? ACTION_TITLES[action] : `${ACTION_TITLES[action]}; those of the ${meant.length} runs shown that can be told to`}
          @click=${() => idle || void this.#control(action, whole && isOfSweeps ? sweeps : [], meant)}
        >
          ${icon(action)}${label}${waiting ? ' …' : nothing}
        </button>`;
      })}
    </div>`;
  }

  /** By whole sweeps where those are meant, which is one request for each. */
  async #control(action: SweepAction, sweeps: readonly Sweep[], runs: readonly RunLine[]): Promise<void> {
    const { commands } = this.observatory;
    if (sweeps.length > 0) await Promise.all(sweeps.map(({ id }) => commands.controlSweep(id, action)));
    else await commands.controlRuns(runs, action);
  }
}
