/** One run: how it stands and what can be done to it, what it is made of, its series, measurements, log and files. */
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { canDelete, type Run, type RunAction } from '../../../shared/run.js';
import { JUDGEMENT_WORDS } from '../../charts/band.js';
import { experimentOf } from '../../experiments/experiments.js';
import { commonStyles } from '../../ui/common-styles.js';
import { icon } from '../../ui/icon.js';
import { lineSwatch } from '../../charts/line-swatch.js';
import { progressBar } from '../progress-bar.js';
import './run-about.js';
import { buttonKey, offeredActions, controlRun } from '../run-commands.js';
import { repeat } from '../../ui/tidy-repeat.js';
import { attemptsOf } from '../../data/attempts.js';
import type { Observatory } from '../observatory.js';
import { groupOf } from '../../data/run-list.js';
import type { RunLine } from '../run-lines.js';
import type { RunPart } from './run-view-choice.js';
import { runFacts, statusLine, lossOfRun, shareDone } from '../run-words.js';
import { SignalElement } from '../../ui/signal-element.js';
import { formatAccuracy, formatCv, formatLoss } from '../../ui/numbers.js';
import { runViewChoice } from './run-view-choice.js';
import { epochViewStyles } from '../../ui/view-styles.js';
import './run-charts.js';
import './run-log-part.js';
import './run-measurements.js';
import { runViewStyles } from './run-view-styles.js';

/** The page's layout on a phone. */
const ONE_COLUMN = '(max-width: 760px)';

const ACTION_WORDS: Record<RunAction, string> = {
  pause: 'Pause',
  resume: 'Resume',
  stop: 'Stop',
  restart: 'Restart …',
  extend: 'Extend …',
};

const DOWNLOADS: readonly { title: string; call: string; file: string }[] = [
  { title: 'frames CSV', call: 'frames?format=csv', file: '.csv' },
  { title: 'frames JSON', call: 'frames?format=json', file: '.json' },
  { title: 'measurements JSON', call: 'measurements', file: '-measurements.json' },
  { title: 'log JSON', call: 'log', file: '-log.json' },
];

@customElement('run-view')
export class RunView extends SignalElement {
  @property({ attribute: false }) observatory!: Observatory;
  @query('h2') private readonly heading!: HTMLElement | null;
  /** The run that was last seen here; if it is gone, it was deleted meanwhile. */
  #seen: string | undefined;
  /** Whether the keyboard was on one of its buttons before an update. */
  #pressed = false;
  /** The run for whose sake its sweep was chosen, once. */
  #fetched: string | undefined;

  static override readonly styles = [commonStyles, epochViewStyles, runViewStyles];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    runViewChoice(this.observatory).log.close();
  }

  override render(): unknown {
    const run = this.#run;
    if (run === undefined) return this.observatory.runList.state.value.isComplete ? this.#gone() : nothing;
    this.#seen = run.id;
    const line = this.#line(run);
    return html`${this.#head(run, line)}
      <div class="about">
        <div>
          <run-about
            .observatory=${this.observatory}
            .run=${run}
            .controls=${this.observatory.isController}
            .enabled=${this.observatory.canCommand}
          ></run-about>
          ${downloads(run)}
        </div>
        ${facts(run)}
      </div>
      ${line === undefined ? this.#elsewhere(run) : this.#parts(line)}`;
  }

  protected override willUpdate(): void {
    this.#pressed = this.shadowRoot?.activeElement?.closest('.controls') != null;
  }

  protected override updated(): void {
    // A button that went with what it did leaves the keyboard to the run, and not to another button.
    if (this.#pressed && this.shadowRoot?.activeElement == null) this.heading?.focus();
    const { selection } = this.observatory;
    const { log, part } = runViewChoice(this.observatory);
    const run = this.#run;
    const wanted = run !== undefined && part.value === 'log' ? run.id : undefined;
    if (wanted !== log.state.value.runId) {
      if (wanted === undefined) log.close();
      else log.open(wanted);
    }
    // Its sweep is shown with it; whoever turns to another sweep then is not brought back.
    if (run === undefined || this.#fetched === run.id) return;
    this.#fetched = run.id;
    if (this.#line(run) === undefined) selection.chooseSweep(groupOf(run));
    // On a phone it stands below the table.
    if (matchMedia(ONE_COLUMN).matches) this.scrollIntoView();
  }

  get #run(): Run | undefined {
    const { navigation, runList } = this.observatory;
    return runList.state.value.runs.get(navigation.runId.value);
  }

  #line({ id }: Run): RunLine | undefined {
    return this.observatory.shownRuns.lines.value.find(({ run }) => run.id === id);
  }

  #gone(): TemplateResult {
    const { navigation } = this.observatory;
    const id = navigation.runId.value;
    const deleted = id !== '' && id === this.#seen;
    return html`<div class="gone">
      <h2>${deleted ? 'This run was deleted' : id === '' ? 'No run is chosen' : 'There is no such run'}</h2>
      <p>
        ${
          deleted
            ? 'It is gone with its curve, measurements, checkpoints and log.'
            : id === ''
              ? 'Open one from the table of runs.'
              : html`No run has the id ${id}: it was deleted, or the link belongs to another data folder.`
        }
      </p>
      <a href=${navigation.linkTo('trajectories')}>all runs</a>
    </div>`;
  }

  #head(run: Run, line: RunLine | undefined): TemplateResult {
    const columns = this.observatory.trajectories.columns(run.id);
    // Frames come many times as often as runs are told of.
    const step = Math.max(run.step, columns?.lastStep ?? 0);
    const sweep = this.observatory.runList.state.value.sweeps.get(groupOf(run))?.name ?? '';
    return html`<section class="card run ${run.status}" aria-labelledby="name">
      <div class="title">
        <h2 id="name" tabindex="-1">
          ${line === undefined ? nothing : lineSwatch(line.style)}<span>${run.name}</span>
        </h2>
        ${this.#actions(run, line)} ${this.#bin(run)}
      </div>
      <p class="kind">${[experimentOf(run).kind(run), sweep].filter((part) => part !== '').join(' · ')}</p>
      <div class="bar-line">
        ${run.total === null ? nothing : html`<div class="progress">${progressBar(shareDone(run, step))}</div>`}
        <span role="status"><b class="status">${run.status}</b></span>
        <span class="where">${statusLine(run, step, this.observatory.isOnline)}</span>
      </div>
      ${run.error === undefined ? nothing : html`<p class="reason" role="alert"><b>${run.status}:</b> ${run.error.message}</p>`}
      ${this.#newest(run)}${this.#attempts(run)}
    </section>`;
  }

  #actions(run: Run, line: RunLine | undefined): unknown {
    const compare = html`<button ?disabled=${line === undefined} @click=${() => this.#compare(line!)}>Compare</button>`;
    if (!this.observatory.isController) return html`<div class="controls">${compare}</div>`;
    const { pending } = this.observatory.commands;
    const waiting = pending.byRun.value.get(run.id)?.action;
    const enabled = this.observatory.canCommand && waiting === undefined;
    const offered = line === undefined ? [] : offeredActions(run, line.replaced);
    return html`<div class="controls">
      ${repeat(
        offered,
        ({ action }) => buttonKey(action),
        ({ action, title }) =>
          html`<button
            title=${title}
            aria-disabled=${enabled ? nothing : 'true'}
            @click=${(event: MouseEvent) => enabled && this.#control(line!, action, event.currentTarget as HTMLElement)}
          >
            ${icon(action)}${waiting === action ? `${ACTION_WORDS[action].replace(' …', '')} …` : ACTION_WORDS[action]}
          </button>`,
      )}
      ${compare}
    </div>`;
  }

  #bin(run: Run): unknown {
    if (!this.observatory.isController) return nothing;
    const enabled = this.observatory.canCommand && !this.observatory.commands.pending.byRun.value.has(run.id);
    return html`<button
      class="square"
      aria-label="delete the run"
      title=${!canDelete(run) ? 'delete: pause or stop it first' : 'delete the run …'}
      ?disabled=${!enabled || !canDelete(run)}
      @click=${() => this.observatory.dialogs.show('delete', { kind: 'runs', id: run.id, name: run.name, loses: lossOfRun(run) })}
    >
      ${icon('bin')}
    </button>`;
  }

  /** Beside those that are compared already, as what they are held against. */
  #compare(line: RunLine): void {
    const { compare, shownRuns, navigation } = this.observatory;
    const chosen = compare.chosen(shownRuns.lines.value, shownRuns.shown.value);
    compare.choose([...chosen, line].map(({ run }) => run.id));
    compare.chooseBase(line.run.id);
    navigation.show('compare');
  }

  #control(line: RunLine, action: RunAction, anchor: HTMLElement): void {
    const { name } = line.run;
    const done = (): void => this.heading?.focus();
    controlRun(this.observatory, line, action, { name: { full: name, short: name }, anchor, done });
  }

  #newest(run: Run): TemplateResult {
    const columns = this.observatory.trajectories.columns(run.id);
    const last = (name: string): number => columns?.last(name) ?? NaN;
    const { newest } = experimentOf(run).table;
    const { cv = NaN, judgement = 'out' } = this.observatory.newestCv(run) ?? {};
    return html`<dl class="newest">
      <div>
        <dt>loss</dt>
        <dd>${formatLoss(last('loss'))}</dd>
      </div>
      <div>
        <dt>accuracy, %</dt>
        <dd>${formatAccuracy(last('accuracy'))}</dd>
      </div>
      ${
        newest === undefined
          ? nothing
          : html`<div>
              <dt>${newest.name}</dt>
              <dd class=${judgement}>
                ${judgement === 'out' ? nothing : html`<span class="mark"></span>`}${formatCv(cv)}${
                  judgement === 'undecided'
                    ? html` <small>undecided</small>`
                    : judgement === 'in'
                      ? html`<span class="visually-hidden">, ${JUDGEMENT_WORDS[judgement]}</span>`
                      : nothing
                }
              </dd>
            </div>`
      }
    </dl>`;
  }

  #attempts(run: Run): unknown {
    const { navigation, runList } = this.observatory;
    const chain = attemptsOf(run, runList.state.value.runs);
    if (chain.length < 2) return nothing;
    return html`<ul class="attempts" aria-label="attempts">
      ${chain.map(({ id, attempt, status, step, stepName }) => {
        const how = `${status}${status === 'completed' ? '' : ` at ${stepName} ${step}`}`;
        return id === run.id
          ? html`<li aria-current="true"><b>attempt ${attempt}</b>, this one</li>`
          : html`<li><a href=${navigation.linkToRun(id)}>attempt ${attempt}</a>, ${how}</li>`;
      })}
    </ul>`;
  }

  #elsewhere(run: Run): TemplateResult {
    return html`<p class="hint">
      Its sweep is not among those shown.
      <button @click=${() => this.observatory.selection.chooseSweep(groupOf(run))}>Show its sweep</button>
    </p>`;
  }

  #parts(line: RunLine): TemplateResult {
    const { part } = runViewChoice(this.observatory);
    const choice = (name: RunPart, words: string): TemplateResult =>
      html`<button aria-pressed=${part.value === name ? 'true' : 'false'} @click=${() => part.set(name)}>
        ${words}
      </button>`;
    return html`<div class="segments parts" role="group" aria-label="part of the run">
        ${choice('series', 'series')}${choice('measurements', 'measurements')}${choice('log', 'log, checkpoints')}
      </div>
      ${this.#part(line, part.value)}`;
  }

  #part(line: RunLine, part: RunPart): TemplateResult {
    const { observatory } = this;
    switch (part) {
      case 'series':
        return html`<run-charts .observatory=${observatory} .line=${line}></run-charts>`;
      case 'measurements':
        return html`<run-measurements .observatory=${observatory} .line=${line}></run-measurements>`;
      case 'log':
        return html`<run-log-part .observatory=${observatory}></run-log-part>`;
    }
  }
}

function facts(run: Run): TemplateResult {
  return html`<section class="card" aria-labelledby="parameters">
    <header><h2 id="parameters">Parameters</h2></header>
    <dl class="facts">
      ${runFacts(run).map(
        ({ name, value }) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
  </section>`;
}

function downloads({ id }: Run): TemplateResult {
  return html`<section class="card downloads" aria-labelledby="downloads">
    <header><h2 id="downloads">Download</h2></header>
    <p>
      ${DOWNLOADS.map(
        ({ title, call, file }) => html`<a href="./api/runs/${id}/${call}" download="run-${id}${file}">${title}</a>`,
      )}
    </p>
  </section>`;
}
