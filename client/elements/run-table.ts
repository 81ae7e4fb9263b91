/** The runs of the sweep with their newest numbers: legend, progress and controls in one. */
import { html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { classMap } from 'lit/directives/class-map.js';
import { repeat } from 'lit/directives/repeat.js';
import type { RunAction } from '../../shared/run.js';
import type { Observatory } from '../state/observatory.js';
import type { RunLine } from '../state/run-lines.js';
import { WatchController } from '../state/watch-controller.js';
import { lossOfRun } from '../state/wording.js';
import { commonStyles } from './common-styles.js';
import type { DeleteForm } from './delete-form.js';
import './delete-form.js';
import type { ExtendForm } from './extend-form.js';
import './extend-form.js';
import type { RunLogDialog } from './run-log-dialog.js';
import './run-log-dialog.js';
import type { RunMenu } from './run-menu.js';
import './run-menu.js';
import { type RowActions, runRow } from './run-row.js';
import { runTableStyles } from './run-table-styles.js';

/** Characters of `128 × 8`; more need a wider column, as do more than `attempt 2` in the small print below. */
const WIDE_LABEL = 7;

@customElement('run-table')
export class RunTable extends LitElement {
  @property({ attribute: false }) observatory!: Observatory;
  /** Whose menu is or was open. */
  @state() private menuRunId: string | undefined;
  @query('run-menu') private readonly menu!: RunMenu;
  @query('extend-form') private readonly extendForm!: ExtendForm;
  @query('delete-form') private readonly deleteForm!: DeleteForm;
  @query('run-log-dialog') private readonly logDialog!: RunLogDialog;

  static override readonly styles = [commonStyles, runTableStyles];

  readonly #rowActions: RowActions = {
    control: (line, action) => this.#control(line, action),
    more: (line, anchor) => this.#more(line, anchor),
    choose: (line, alone) => this.#choose(line, alone),
    point: (line) => this.observatory.pointing.lit.set(line?.run.id ?? null),
  };

  constructor() {
    super();
    new WatchController(this, () => [
      this.observatory.runList.state,
      this.observatory.shownRuns.lines,
      this.observatory.choice.hidden,
      this.observatory.connection.status,
      this.observatory.pending.byRun,
      this.observatory.pointing.lit,
      this.observatory.trajectories,
    ]);
  }

  override render(): unknown {
    const { runList, shownRuns, choice, trajectories, pending, pointing, connection } = this.observatory;
    const lines = shownRuns.lines.value;
    const hidden = new Set(choice.hidden.value);
    const hiddenCount = lines.filter(({ run }) => hidden.has(run.id)).length;
    const controllable = runList.state.value.role === 'controller' && connection.status.value.kind === 'live';
    const labels = lines.map(({ label }) => label);
    const widths = {
      'long-labels': labels.some(({ more }) => more.length > WIDE_LABEL + 2),
      'wide-labels': labels.some(({ main }) => main.length > WIDE_LABEL),
    };
    return html`<table class=${classMap(widths)}>
        <thead>
          <tr>
            <th scope="col" class="label">dim × heads</th>
            <th scope="col" class="hd"><abbr title="head dim = dim / heads">hd</abbr></th>
            <th scope="col" class="progress">progress</th>
            <th scope="col" class="loss">loss</th>
            <th scope="col" class="acc"><abbr title="accuracy, %">acc</abbr></th>
            <th scope="col" class="cv"><abbr title="CV of act_emb; a dot marks the band 0.13 – 0.30">act_emb</abbr></th>
            <th scope="col" class="more-actions"><span class="visually-hidden">actions</span></th>
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
      ${lines.length === 0 ? html`<p class="hint">no runs</p>` : nothing}
      <run-menu
        .line=${lines.find(({ run }) => run.id === this.menuRunId)}
        .enabled=${controllable && !pending.byRun.value.has(this.menuRunId ?? '')}
        .control=${this.#rowActions.control}
        .readLog=${(line: RunLine) => this.logDialog.show(line)}
        .discard=${(line: RunLine) => this.#remove(line)}
      ></run-menu>
      <extend-form .observatory=${this.observatory}></extend-form>
      <delete-form .observatory=${this.observatory}></delete-form>
      <run-log-dialog .log=${this.observatory.runLog}></run-log-dialog>`;
  }

  #control(line: RunLine, action: RunAction): void {
    if (action === 'extend') this.extendForm.show(line);
    else void this.observatory.control(line.run.id, action, line.label.main);
  }

  #remove({ run, label }: RunLine): void {
    const name = [label.main, label.more].filter((part) => part !== '').join(' · ');
    this.deleteForm.show({ kind: 'runs', id: run.id, name, loses: lossOfRun(run) });
  }

  #more({ run }: RunLine, anchor: Element): void {
    this.menuRunId = run.id;
    void this.updateComplete.then(() => this.menu.show(anchor));
  }

  #choose({ run }: RunLine, alone: boolean): void {
    if (alone) this.observatory.choice.isolate(run.id);
    else this.observatory.choice.toggle(run.id);
  }
}
