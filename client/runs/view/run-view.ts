/** One run: how it stands and what can be done to it, what it is made of, its series, measurements, log and files. */
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { canDelete, hasEnded, type Run, type RunAction } from '../../../shared/run.js';
import { experimentOf } from '../../experiments/experiments.js';
import { commonStyles } from '../../ui/common-styles.js';
import { icon } from '../../ui/icon.js';
import { lineSwatch } from '../../charts/line-swatch.js';
import { progressBar } from '../progress-bar.js';
import './run-about.js';
import { buttonKey, controlRun, offeredActions } from '../run-commands.js';
import { repeat } from '../../ui/tidy-repeat.js';
import { attemptsOf } from '../../data/attempts.js';
import type { Observatory } from '../observatory.js';
import { groupOf } from '../../data/run-list.js';
import type { RunLine } from '../run-lines.js';
import type { RunPart } from './run-view-choice.js';
import { silentWords, stateWord } from '../program-words.js';
import { statusLine, lossOfRun, shareDone } from '../run-words.js';
import { SignalElement } from '../../ui/signal-element.js';
import { runViewChoice, shownPart } from './run-view-choice.js';
import { epochViewStyles } from '../../ui/view-styles.js';
import './run-charts.js';
import './run-controls.js';
import { downloads, facts, newestNumbers } from './run-facts.js';
import './run-log-part.js';
import './run-output-part.js';
import { errorNotice, programCards, runProgramStyles } from './run-program.js';
import './run-measurements.js';
import { cvReading } from '../chart-controls.js';
import { runViewStyles } from './run-view-styles.js';

/** How long a button says what it did. */
const SAID_MS = 2500;
/** The page's layout on a phone. */
const ONE_COLUMN = '(max-width: 760px)';

const ACTION_WORDS: Record<RunAction, string> = {
  pause: 'Pause',
  resume: 'Resume',
  stop: 'Stop',
  restart: 'Restart …',
  extend: 'Extend …',
};

@customElement('run-view')
export class RunView extends SignalElement {
  @property({ attribute: false }) observatory!: Observatory;
  @query('h2') private readonly heading!: HTMLElement | null;
  /** Of which run a checkpoint was asked for just now. */
  @state() private checkpointAsked: string | undefined;
  /** The run that was last seen here; if it is gone, it was deleted meanwhile. */
  #seen: string | undefined;
  /** Whether the keyboard was on one of its buttons before an update. */
  #pressed = false;
  /** The run for whose sake its sweep was chosen, once. */
  #fetched: string | undefined;

  static override readonly styles = [commonStyles, epochViewStyles, runViewStyles, runProgramStyles];

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
      ${
        run.controls === undefined || Object.keys(run.controls).length === 0
          ? nothing
          : html`<run-controls .observatory=${this.observatory} .run=${run}></run-controls>`
      }
      ${line === undefined ? this.#elsewhere(run) : this.#parts(line)}`;
  }

  protected override willUpdate(): void {
    this.#pressed = this.shadowRoot?.activeElement?.closest('.controls') != null;
  }

  protected override updated(): void {
    // A button that went with what it did leaves the keyboard to the run, and not to another button.
    if (this.#pressed && this.shadowRoot?.activeElement == null) this.heading?.focus();
    const { selection } = this.observatory;
    const { log } = runViewChoice(this.observatory);
    const run = this.#run;
    const wanted = run !== undefined && shownPart(this.observatory, run) === 'log' ? run.id : undefined;
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
    const silent = silentWords(run);
    return html`<section class="card run ${run.status} ${silent === '' ? '' : 'silent'}" aria-labelledby="name">
      <div class="title">
        <h2 id="name" tabindex="-1">
          ${line === undefined ? nothing : lineSwatch(line.style)}<span>${run.name}</span>
        </h2>
        ${this.#actions(run, line)} ${this.#bin(run)}
      </div>
      <p class="kind">${[experimentOf(run).kind(run), sweep].filter((part) => part !== '').join(' · ')}</p>
      <div class="bar-line">
        ${run.total === null ? nothing : html`<div class="progress">${progressBar(shareDone(run, step))}</div>`}
        <span role="status"
          ><b class="status">${stateWord(run)}</b
          >${silent === '' ? nothing : html` <span class="badge">${silent}</span>`}</span
        >
        <span class="where">${statusLine(run, step, this.observatory.isOnline)}</span>
      </div>
      ${errorNotice(run)}${newestNumbers(this.observatory, run)}${this.#attempts(run)}
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
      ${this.#checkpoint(run)}${compare}
    </div>`;
  }

  /** What of it is done only the program knows: it is asked, and the log says so. */
  #checkpoint(run: Run): unknown {
    if (run.accepts?.includes('checkpoint') !== true || hasEnded(run)) return nothing;
    const { canCommand, commands, notices } = this.observatory;
    const isAsked = this.checkpointAsked === run.id;
    const ask = async (): Promise<void> => {
      this.checkpointAsked = run.id;
      const answer = await commands.ask(run.id, { action: 'checkpoint' });
      if (!answer.ok) notices.add(`checkpoint of ${run.name}`, answer.error.message);
      setTimeout(() => (this.checkpointAsked = undefined), answer.ok ? SAID_MS : 0);
    };
    return html`<button
      title="checkpoint: its program keeps its state now"
      aria-disabled=${canCommand && !isAsked ? nothing : 'true'}
      @click=${() => canCommand && !isAsked && void ask()}
    >
      ${icon('save')}${isAsked ? 'Asked for one' : 'Checkpoint now'}
    </button>`;
  }

  #bin(run: Run): unknown {
    if (!this.observatory.isController) return nothing;
    const enabled = this.observatory.canCommand && !this.observatory.commands.pending.byRun.value.has(run.id);
    return html`<button
      class="square"
      aria-label="delete the run"
      title=${!canDelete(run) ? `delete: ${run.source === 'local' ? 'pause or stop it first' : 'once it has ended'}` : 'delete the run …'}
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
    const part = shownPart(this.observatory, line.run);
    const choice = (name: RunPart, words: string): TemplateResult =>
      html`<button
        aria-pressed=${part === name ? 'true' : 'false'}
        @click=${() => runViewChoice(this.observatory).part.set(name)}
      >
        ${words}
      </button>`;
    return html`<div class="segments parts" role="group" aria-label="part of the run">
        ${choice('series', 'series')}${
          line.run.source === 'local'
            ? html`${choice('measurements', 'measurements')}${choice('log', 'log, checkpoints')}`
            : html`${choice('output', 'output')}${choice('program', 'program')}${choice('log', 'log')}`
        }
      </div>
      ${part === 'series' && experimentOf(line.run).band !== undefined ? cvReading(this.observatory.charts) : nothing}
      ${this.#part(line, part)}`;
  }

  #part(line: RunLine, part: RunPart): TemplateResult {
    const { observatory } = this;
    switch (part) {
      case 'series':
        return html`<run-charts .observatory=${observatory} .line=${line}></run-charts>`;
      case 'measurements':
        return html`<run-measurements .observatory=${observatory} .line=${line}></run-measurements>`;
      case 'output':
        return html`<run-output-part .observatory=${observatory} .runId=${line.run.id}></run-output-part>`;
      case 'program':
        return programCards(line.run);
      case 'log':
        return html`<run-log-part .observatory=${observatory}></run-log-part>`;
    }
  }
}
