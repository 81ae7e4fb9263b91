/** One run's row: swatch and name, progress in its state's colour, newest numbers, and what can be done to it. */
import { html, nothing, type TemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import type { RunAction } from '../../../shared/run.js';
import { type Judgement, JUDGEMENT_WORDS } from '../../charts/band.js';
import { filterValue, hasTerm } from './filter-terms.js';
import type { RunColumns } from '../../data/run-columns.js';
import type { RunLine } from '../run-lines.js';
import { formatAccuracy, formatCv, formatLoss, formatShortDuration } from '../../ui/numbers.js';
import { newestAccuracy, newestLoss } from '../../experiments/headline.js';
import { errorLine, silentWords, stateWord } from '../program-words.js';
import { keptLine, shareDone, stepWords } from '../run-words.js';
import { icon } from '../../ui/icon.js';
import { experimentOf } from '../../experiments/experiments.js';
import { lineSwatch } from '../../charts/line-swatch.js';
import { progressBar } from '../progress-bar.js';
import { buttonKey, IN_ROW, offeredActions } from '../run-commands.js';
import { COLUMN_COUNT } from './run-table-head.js';
import { repeat } from '../../ui/tidy-repeat.js';

export interface RowState {
  line: RunLine;
  /** Among all listed rows, from 0. */
  index: number;
  columns: RunColumns | undefined;
  hidden: boolean;
  highlighted: boolean;
  /** Whether Tab reaches it. */
  current: boolean;
  /** How its newest CV stands to the band; undefined while that is open. */
  judgement: Judgement | undefined;
  /** Whether the row has room for one button alone, which lists the rest. */
  narrow: boolean;
  pending: RunAction | undefined;
  /** That narrows the table. */
  filter: string;
  /** Whether this viewer may do more than look, and whether commands can be sent now. */
  controls: boolean;
  enabled: boolean;
  /** Whether the server is online: if not, nobody knows how long a run will take. */
  online: boolean;
}

export interface RowActions {
  control: (line: RunLine, action: RunAction, anchor?: HTMLElement) => void;
  /** Lists everything that can be done, beside `anchor`. */
  more: (line: RunLine, anchor: HTMLElement) => void;
  choose: (line: RunLine, alone: boolean) => void;
  point: (line: RunLine | undefined) => void;
  /** Narrows the table by a term, or no longer. */
  filter: (term: string) => void;
  /** The keyboard is in this row now. */
  arrive: (line: RunLine) => void;
}

const UNDECIDED = 'undecided: within one standard error of an edge of the band';

export function runRow(row: RowState, actions: RowActions): TemplateResult {
  const { line, index, columns, hidden, highlighted, current } = row;
  const { run, label, detail, name } = line;
  const last = (name: string): number => columns?.last(name) ?? NaN;
  const experiment = experimentOf(run);
  const { size, newest } = experiment.table;
  const cv = newest === undefined ? NaN : last(newest.series);
  const sizeOfRun = size === undefined ? undefined : experiment.field(run, size.field);
  const { judgement } = row;
  const silent = silentWords(run);
  const small = [detail, silent].filter((part) => part !== '').join(' · ');
  const ownLabel = silent === '' ? label.more : small;
  const title = judgement === 'undecided' ? UNDECIDED : nothing;
  const words =
    judgement === undefined || judgement === 'out'
      ? nothing
      : html`<span class="visually-hidden">${JUDGEMENT_WORDS[judgement]}</span>`;
  return html`<tr
      class=${classMap({ run: true, hidden, highlighted, replaced: line.replaced, silent: silent !== '', program: run.source === 'external', [run.status]: true })}
      data-run=${run.id}
      aria-rowindex=${index + 2}
      @focusin=${() => actions.arrive(line)}
      @click=${(event: MouseEvent) => clicked(event, row, actions)}
      @dblclick=${(event: MouseEvent) => onControls(event) || actions.choose(line, true)}
      @pointerenter=${(event: PointerEvent) => event.pointerType === 'mouse' && actions.point(line)}
      @pointerleave=${() => actions.point(undefined)}
    >
      <th scope="row" class="label" title=${run.source === 'external' ? label.main : nothing}>
        <button
          class="plain name"
          tabindex=${current ? 0 : -1}
          aria-pressed=${hidden ? 'false' : 'true'}
          aria-label=${row.narrow ? nothing : `line of ${[label.main, ownLabel, name].filter(Boolean).join(' ')}`}
          @focus=${() => actions.point(line)}
          @blur=${() => actions.point(undefined)}
        >
          ${row.narrow ? html`<span class="visually-hidden">line of </span>` : nothing}${lineSwatch(line.style)}
          <span class="words"
            ><span class="main">${label.main}</span
            >${small === '' ? nothing : html`<small class="more"> ${small}</small>`}${
              sizeOfRun === undefined ? nothing : html`<small class="hd-inline">${size!.label} ${sizeOfRun}</small>`
            }</span
          >
        </button>
      </th>
      <td class="hd">${sizeOfRun ?? nothing}</td>
      <td class="progress">${progress(row, actions)}</td>
      <td class="loss">${formatLoss(newestLoss(run, last))}</td>
      <td class="acc">${formatAccuracy(newestAccuracy(run, last))}</td>
      <td class="cv ${judgement ?? ''}" title=${title}>${formatCv(cv)}${words}</td>
      <td class="more-actions">${row.narrow ? moreButton(row, 'plain square controls-menu', actions) : nothing}</td>
    </tr>
    ${name === '' && run.tags.length === 0 ? nothing : about(row, actions)}
    ${
      run.error === undefined
        ? nothing
        : html`<tr class="reason">
            <td colspan=${COLUMN_COUNT}>${errorLine(run.error.message)}; ${keptLine(run)}</td>
          </tr>`
    }`;
}

/** What it was given by hand has a line of its own, as wide as the table; a tag narrows the table to its like. */
function about({ line, hidden, highlighted, current, filter }: RowState, actions: RowActions): TemplateResult {
  const { run, name } = line;
  return html`<tr
    class=${classMap({ about: true, hidden, highlighted })}
    @click=${() => actions.choose(line, false)}
    @pointerenter=${(event: PointerEvent) => event.pointerType === 'mouse' && actions.point(line)}
    @pointerleave=${() => actions.point(undefined)}
  >
    <td colspan=${COLUMN_COUNT}>
      <div>
        ${name === '' ? nothing : html`<span class="given">${name}</span>`}
        ${run.tags.map((tag) => {
          const term = `tag=${filterValue(tag)}`;
          return html`<button
            class="plain tag"
            title="filter: ${term}"
            aria-label="filter by the tag ${tag}"
            aria-pressed=${hasTerm(filter, term) ? 'true' : 'false'}
            tabindex=${current ? 0 : -1}
            @click=${(event: MouseEvent) => {
              event.stopPropagation();
              actions.filter(term);
            }}
          >
            <span>${tag}</span>
          </button>`;
        })}
      </div>
    </td>
  </tr>`;
}

function progress(row: RowState, actions: RowActions): TemplateResult {
  const { line, columns } = row;
  const { run } = line;
  // Frames come many times as often as runs are told of.
  const step = Math.max(run.step, columns?.lastStep ?? 0);
  return html`<div class="cell">
    <div class="state" title=${[stateWord(run), silentWords(run), stepWords(run, step)].filter(Boolean).join(', ')}>
      <span class="word">${word(row)}</span>
      ${run.total === null ? nothing : progressBar(shareDone(run, step))}
      <span class="epoch">${step}</span>
    </div>
    ${row.narrow || !(row.highlighted || row.current) ? nothing : buttons(row, actions)}
  </div>`;
}

/** Only where the pointer or the keyboard is: hundreds of rows would carry thousands of them unseen. */
function buttons(row: RowState, actions: RowActions): TemplateResult {
  const { line, current, pending, controls, enabled } = row;
  const { run, label } = line;
  const waits = !enabled || pending !== undefined;
  const offered = controls ? offeredActions(run, line.replaced).slice(0, IN_ROW) : [];
  return html`<div class="controls">
    ${repeat(
      offered,
      ({ action }) => buttonKey(action),
      ({ action, title }) =>
        html`<button
          class="square"
          title=${title}
          aria-label="${action} ${label.main} ${label.more}"
          tabindex=${current ? 0 : -1}
          aria-disabled=${waits ? 'true' : nothing}
          @click=${(event: MouseEvent) => waits || actions.control(line, action, event.currentTarget as HTMLElement)}
        >
          ${icon(action)}
        </button>`,
    )}
    ${moreButton(row, 'square', actions)}
  </div>`;
}

/** Lists everything that can be done to the run; where the row has no room for buttons, the only one. */
function moreButton({ line, current }: RowState, classes: string, actions: RowActions): unknown {
  const { label } = line;
  return html`<button
    class=${classes}
    tabindex=${current ? 0 : -1}
    title="more"
    aria-label="actions of ${label.main} ${label.more}"
    aria-haspopup="true"
    @click=${(event: MouseEvent) => actions.more(line, event.currentTarget as HTMLElement)}
  >
    ${icon('more')}
  </button>`;
}

/** What stands beside the bar: the time left of a run that trains, else its status where the colour is not enough. */
function word({ line: { run }, pending, online }: RowState): string {
  if (pending !== undefined) return `${pending} …`;
  if (silentWords(run) !== '') return 'silent';
  if (run.status === 'completed') return '';
  // Where there is no bar, nothing else tells that it trains.
  if (run.status !== 'running' || run.total === null) return stateWord(run);
  return run.etaSeconds === undefined || !online ? '' : formatShortDuration(run.etaSeconds);
}

function onControls(event: MouseEvent): boolean {
  return event.composedPath().some((target) => target instanceof Element && target.matches('.controls, .more-actions'));
}

function clicked(event: MouseEvent, { line }: RowState, actions: RowActions): void {
  // The second click of a double click has nothing to add: the double click itself follows.
  if (onControls(event)) return;
  actions.choose(line, event.shiftKey || event.altKey || event.metaKey || event.ctrlKey);
}
