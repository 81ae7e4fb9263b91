/** The runs of the shown sweeps with their newest numbers: legend, progress and controls in one. */
import { html, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { classMap } from 'lit/directives/class-map.js';
import { guard } from 'lit/directives/guard.js';
import { repeat } from '../../ui/tidy-repeat.js';
import type { RunAction } from '../../../shared/run.js';
import { toggleTerm } from './filter-terms.js';
import { leadingExperiment } from '../../experiments/experiments.js';
import type { Observatory } from '../observatory.js';
import { type RunChunk, type RunGroup, runGroups } from './run-groups.js';
import type { RunLine } from '../run-lines.js';
import { runsOfSweep, sweepsByAge } from '../../data/run-list.js';
import { nextOrder } from './run-order.js';
import { SignalElement } from '../../ui/signal-element.js';
import { fullLabel, lossOfRun } from '../run-words.js';
import { commonStyles } from '../../ui/common-styles.js';
import { controlRun, namesOf } from '../run-commands.js';
import './run-menu.js';
import { type RowActions, type RowState, runRow } from './run-row.js';
import { runRowStyles } from './run-row-styles.js';
import { COLUMN_COUNT, runTableHead } from './run-table-head.js';
import { runTableStyles } from './run-table-styles.js';
import { tableChoice } from './table-choice.js';
import { sweepRow, type SweepRowActions } from './sweep-row.js';
import { sweepRowStyles } from './sweep-row-styles.js';
import { VisibleChunks } from './visible-chunks.js';

/** Characters of `128 × 8`; more need a wider column, as do more than `attempt 2` in the small print below. */
const WIDE_LABEL = 7;

@customElement('run-table')
export class RunTable extends SignalElement {
  @property({ attribute: false }) observatory!: Observatory;
  /** Whose menu is open, and beside what. */
  @state() private menu: { runId: string; anchor: HTMLElement } | undefined;
  /** The row that Tab reaches; arrow keys move it. */
  @state() private currentRunId: string | undefined;

  static override readonly styles = [commonStyles, runTableStyles, runRowStyles, sweepRowStyles];

  readonly #visible = new VisibleChunks(this);
  /** Rows have one button there, and no room for more. */
  readonly #narrow = matchMedia('(hover: none), (max-width: 760px)');
  readonly #redraw = (): void => this.requestUpdate();
  #groups: readonly RunGroup[] = [];
  /** How many runs of the shown sweeps the filter leaves out. */
  #unlisted = 0;
  #listed: readonly RunLine[] = [];
  /** What the order was made of, and the order: rows that are pointed at do not run away. */
  #order: { key: string; ids: ReadonlyMap<string, number> } = { key: '', ids: new Map() };
  #pointedAt = false;
  /** The run on one of whose buttons the keyboard was before an update. */
  #pressed: string | undefined;

  readonly #rowActions: RowActions = {
    control: (line, action, anchor) => this.#control(line, action, anchor),
    more: (line, anchor) => this.#more(line, anchor),
    choose: (line, alone) => this.#choose(line, alone),
    point: (line) => (this.observatory.pointing.highlighted.value = line?.run.id ?? null),
    filter: (term) =>
      tableChoice(this.observatory).filter.set(toggleTerm(tableChoice(this.observatory).filter.value, term)),
    arrive: (line) => {
      this.currentRunId = line.run.id;
    },
  };

  readonly #sweepActions: SweepRowActions = {
    alone: (id) => this.observatory.selection.chooseSweep(id),
    toggle: (id) => this.observatory.selection.toggleSweep(id),
    fold: (id) => tableChoice(this.observatory).fold(id),
  };

  override connectedCallback(): void {
    super.connectedCallback();
    this.#narrow.addEventListener('change', this.#redraw);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#narrow.removeEventListener('change', this.#redraw);
  }

  /** Puts the keyboard on the row so many further. */
  async step(by: number): Promise<void> {
    const ids = this.#listed.map(({ run }) => run.id);
    const at = ids.indexOf(this.shadowRoot?.activeElement?.closest<HTMLElement>('tr.run')?.dataset.run ?? '');
    // The keyboard may be elsewhere: then it goes to the row that Tab would reach.
    await this.#goTo(at === -1 ? Math.max(0, ids.indexOf(this.currentRunId ?? '')) : at + by);
  }

  focusRun(id: string): void {
    this.#rowName(id)?.focus();
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const button = this.shadowRoot?.activeElement?.closest<HTMLElement>('.controls');
    this.#pressed = button?.closest<HTMLElement>('tr.run')?.dataset.run;
    const { runList, shownRuns, selection, trajectories } = this.observatory;
    const table = tableChoice(this.observatory);
    const columnsOf = (id: string) => trajectories.columns(id);
    const listed = table.listed(shownRuns.lines.value, columnsOf);
    this.#unlisted = shownRuns.lines.value.length - listed.length;
    const { column, descending } = table.order.value;
    const key = [column, descending, ...listed.map(({ run }) => run.id)].join();
    if (key !== this.#order.key || (column !== 'config' && !this.#isPointedAt())) {
      const ids = new Map(table.sorted(listed, columnsOf).map(({ run }, index) => [run.id, index]));
      this.#order = { key, ids };
    }
    const rank = ({ run }: RunLine): number => this.#order.ids.get(run.id) ?? 0;
    const lines = listed.sort((a, b) => rank(a) - rank(b));
    this.#groups = runGroups(sweepsByAge(runList.state.value), lines, selection.sweepIds.value, table.folded.value);
    const chunks = this.#groups.flatMap((group) => group.chunks);
    this.#visible.arrange(chunks.map((chunk) => chunk.key).join());
    this.#listed = chunks.flatMap((chunk) => chunk.lines);
    if (!this.#listed.some(({ run }) => run.id === this.currentRunId)) this.currentRunId = this.#listed[0]?.run.id;
  }

  protected override updated(): void {
    // A button that went with what it did leaves the keyboard to its run, and not to another button.
    if (this.#pressed !== undefined && this.shadowRoot?.activeElement == null) this.#rowName(this.#pressed)?.focus();
    // What was asked by its name alone is asked beside its row.
    const { dialogs } = this.observatory;
    const asked = dialogs.of('question');
    if (asked !== undefined && asked.anchor === undefined)
      dialogs.show('question', { ...asked, anchor: this.#rowName(asked.runId) ?? this });
  }

  override render(): unknown {
    const { isController, canCommand, isOnline, shownRuns, selection, commands } = this.observatory;
    const table = tableChoice(this.observatory);
    const lines = shownRuns.lines.value;
    const labels = lines.map(({ label, detail }) => ({ main: label.main, more: detail }));
    const { table: columns } = leadingExperiment(lines.map(({ run }) => run));
    const widths = {
      // Nothing but loss and accuracy is known of them all: their names have the room.
      plain: columns.size === undefined && columns.newest === undefined,
      'long-labels': labels.some(({ more }) => more.length > WIDE_LABEL + 2),
      'wide-labels': labels.some(({ main }) => main.length > WIDE_LABEL),
    };
    const draw = this.#rowDrawer(isController, canCommand, isOnline);
    return html`<table
        class=${classMap(widths)}
        aria-rowcount=${this.#listed.length + 1}
        @pointerover=${(event: PointerEvent) => this.#point(event)}
        @pointerleave=${() => {
          this.#pointedAt = false;
          this.requestUpdate();
        }}
        @keydown=${(event: KeyboardEvent) => void this.#key(event)}
      >
        ${runTableHead(table.order.value, columns, (column) => table.order.set(nextOrder(table.order.value, column)))}
        ${repeat(
          this.#groups,
          ({ sweep }) => sweep.id,
          (group) =>
            html`${
              this.#groups.length < 2
                ? nothing
                : html`<tbody>
                    ${this.#sweepRow(group, group.shown && selection.sweepIds.value.length === 1)}
                  </tbody>`
            }${repeat(
              group.chunks,
              ({ key }) => key,
              (chunk) =>
                html`<tbody data-chunk=${chunk.key}>
                  ${this.#rows(chunk, draw)}
                </tbody>`,
            )}`,
        )}
      </table>
      ${this.#hint(lines)}
      <run-menu
        .line=${lines.find(({ run }) => run.id === this.menu?.runId)}
        .anchor=${this.menu?.anchor}
        @closed=${() => (this.menu = undefined)}
        .controls=${isController}
        .enabled=${canCommand && !commands.pending.byRun.value.has(this.menu?.runId ?? '')}
        .control=${this.#rowActions.control}
        .open=${({ run }: RunLine) => this.observatory.navigation.showRun(run.id)}
        .readLog=${(line: RunLine) => this.observatory.dialogs.show('log', { line })}
        .discard=${(line: RunLine) => this.#remove(line)}
      ></run-menu>`;
  }

  #sweepRow(group: RunGroup, only: boolean): unknown {
    const { runList, isOnline } = this.observatory;
    const state = runList.state.value;
    const { sweep, shown, folded } = group;
    return guard([sweep, shown, folded, only, isOnline, state.runs], () =>
      sweepRow(group, runsOfSweep(state, sweep.id), only, isOnline, this.#sweepActions),
    );
  }

  #rows({ key, lines, start }: RunChunk, draw: (line: RunLine, index: number) => unknown): unknown {
    if (this.#visible.isBuilt(key, this.#listed.length))
      return repeat(
        lines,
        ({ run }) => run.id,
        (line, index) => draw(line, start + index),
      );
    const row = parseFloat(getComputedStyle(this).getPropertyValue('--row')) || 29;
    const height = this.#visible.heightOf(key) ?? lines.length * row;
    return html`<tr aria-hidden="true" class="space">
      <td colspan=${COLUMN_COUNT} height=${height}></td>
    </tr>`;
  }

  /** Draws a row anew only if something of it has changed: frames of others come many times a second. */
  #rowDrawer(controls: boolean, enabled: boolean, online: boolean): (line: RunLine, index: number) => unknown {
    const { selection, trajectories, commands, pointing } = this.observatory;
    const { filter } = tableChoice(this.observatory);
    const hidden = new Set(selection.hidden.value);
    return (line, index) => {
      const { id } = line.run;
      const columns = trajectories.columns(id);
      const row: RowState = {
        line,
        index,
        columns,
        controls,
        enabled,
        online,
        hidden: hidden.has(id),
        highlighted: pointing.highlighted.value === id,
        current: this.currentRunId === id,
        pending: commands.pending.byRun.value.get(id)?.action,
        filter: filter.value,
        judgement: this.observatory.newestCv(line.run)?.judgement,
        narrow: this.#narrow.matches,
      };
      const parts: readonly unknown[] = Object.values(row);
      return guard([...parts, columns?.rows], () => runRow(row, this.#rowActions));
    };
  }

  #hint(lines: readonly RunLine[]): unknown {
    const { selection } = this.observatory;
    const table = tableChoice(this.observatory);
    const unlisted = this.#unlisted;
    if (lines.length === 0) return html`<p class="hint">no runs</p>`;
    if (unlisted === lines.length)
      return html`<p class="hint">
        no run passes the filter
        <button class="plain link" @click=${() => table.clear()}>list all ${lines.length}</button>
      </p>`;
    const hidden = selection.hidden.value;
    const hiddenCount = lines.filter(({ run }) => hidden.includes(run.id)).length;
    return html`<p class="hint">
      ${
        hiddenCount === 0
          ? 'choose a run to hide its line, twice to see it alone'
          : html`${hiddenCount} hidden
              <button class="plain link" @click=${() => selection.showAll()}>show all ${lines.length}</button>`
      }
      ${
        unlisted === 0
          ? nothing
          : html`· ${unlisted} not listed <button class="plain link" @click=${() => table.clear()}>list all</button>`
      }
    </p>`;
  }

  #isPointedAt(): boolean {
    return this.#pointedAt || this.shadowRoot?.querySelector('tbody :focus-visible') != null;
  }

  #point({ pointerType, target }: PointerEvent): void {
    this.#pointedAt = pointerType === 'mouse' && (target as Element).closest('tbody') !== null;
  }

  /** Arrow keys go from row to row. */
  async #key(event: KeyboardEvent): Promise<void> {
    const ids = this.#listed.map(({ run }) => run.id);
    const at = ids.indexOf((event.composedPath()[0] as HTMLElement).closest<HTMLElement>('tr.run')?.dataset.run ?? '');
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: ids.length - 1 }[event.key];
    if (at === -1 || to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    await this.#goTo(to);
  }

  async #goTo(index: number): Promise<void> {
    const id = this.#listed[Math.min(this.#listed.length - 1, Math.max(0, index))]?.run.id;
    if (id === undefined) return;
    for (const { chunks } of this.#groups)
      for (const { key, lines } of chunks) if (lines.some(({ run }) => run.id === id)) this.#visible.reveal(key);
    this.currentRunId = id;
    await this.updateComplete;
    this.#rowName(id)?.focus();
  }

  #rowName(id: string): HTMLElement | null {
    return this.shadowRoot!.querySelector<HTMLElement>(`tr[data-run="${CSS.escape(id)}"] .name`);
  }

  #control(line: RunLine, action: RunAction, anchor?: HTMLElement): void {
    const { id } = line.run;
    controlRun(this.observatory, line, action, { name: namesOf(line), anchor, done: () => this.focusRun(id) });
  }

  #remove({ run, label }: RunLine): void {
    const name = fullLabel(label);
    this.observatory.dialogs.show('delete', { kind: 'runs', id: run.id, name, loses: lossOfRun(run) });
  }

  #more({ run }: RunLine, anchor: HTMLElement): void {
    this.menu = { runId: run.id, anchor };
  }

  #choose({ run }: RunLine, alone: boolean): void {
    if (alone) this.observatory.selection.isolate(run.id);
    else this.observatory.selection.toggle(run.id);
  }
}
