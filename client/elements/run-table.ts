/** The runs of the sweep with their newest numbers: legend, progress and controls in one. */
import { html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { RunAction } from '../../shared/run.js';
import type { Observatory } from '../state/observatory.js';
import { type RunLine, runLines } from '../state/run-lines.js';
import { WatchController } from '../state/watch-controller.js';
import { commonStyles } from './common-styles.js';
import { type RowActions, runRow } from './run-row.js';
import { runTableStyles } from './run-table-styles.js';

@customElement('run-table')
export class RunTable extends LitElement {
  @property({ attribute: false }) observatory!: Observatory;

  static override readonly styles = [commonStyles, runTableStyles];

  readonly #rowActions: RowActions = {
    control: (line, action) => this.#control(line, action),
    choose: (line, alone) => this.#choose(line, alone),
    point: (line) => this.observatory.pointing.lit.set(line?.run.id ?? null),
  };

  constructor() {
    super();
    new WatchController(this, () => [
      this.observatory.runList.state,
      this.observatory.choice.sweepId,
      this.observatory.choice.hidden,
      this.observatory.connection.status,
      this.observatory.pending.byRun,
      this.observatory.themes.theme,
      this.observatory.pointing.lit,
      this.observatory.trajectories,
    ]);
  }

  override render(): unknown {
    const { runList, choice, themes, trajectories, pending, pointing, connection } = this.observatory;
    const lines = runLines(runList.state.value, choice.sweepId.value, themes.theme.value);
    const hidden = choice.hidden.value;
    const hiddenCount = lines.filter(({ run }) => hidden.has(run.id)).length;
    const controllable = runList.state.value.role === 'controller' && connection.status.value.kind === 'live';
    return html`<table class=${lines.some(({ label }) => label.more !== '') ? 'long-labels' : ''}>
        <thead>
          <tr>
            <th scope="col" class="label">dim × heads</th>
            <th scope="col" class="hd"><abbr title="head dim = dim / heads">hd</abbr></th>
            <th scope="col" class="progress">progress</th>
            <th scope="col" class="loss">loss</th>
            <th scope="col" class="acc"><abbr title="accuracy, %">acc</abbr></th>
            <th scope="col" class="cv"><abbr title="CV of act_emb; a dot marks the band 0.13 – 0.30">act_emb</abbr></th>
          </tr>
        </thead>
        <tbody>
          ${repeat(
            lines,
            ({ run }) => run.id,
            (line) =>
              runRow(
                {
                  line,
                  columns: trajectories.columns(line.run.id),
                  hidden: hidden.has(line.run.id),
                  lit: pointing.lit.value === line.run.id,
                  pending: pending.byRun.value.get(line.run.id)?.action,
                  controllable,
                },
                this.#rowActions,
              ),
          )}
        </tbody>
      </table>
      <p class="hint">
        ${
          hiddenCount === 0
            ? 'choose a run to hide its line, twice to see it alone'
            : html`${hiddenCount} hidden
                <button class="plain link" @click=${() => choice.showAll()}>show all ${lines.length}</button>`
        }
      </p>
      ${lines.length === 0 ? html`<p class="hint">no runs</p>` : nothing}`;
  }

  #control({ run, label }: RunLine, action: RunAction): void {
    void this.observatory.control(run.id, action, label.main);
  }

  #choose({ run }: RunLine, alone: boolean): void {
    if (alone) this.observatory.choice.isolate(run.id);
    else this.observatory.choice.toggle(run.id);
  }
}
