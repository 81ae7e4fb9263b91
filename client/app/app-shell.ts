/** The page's frame: header, the sweep beside its trajectories, and what is said instead when there are none. */
import { html, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { StoredSwitch } from '../data/stored-switch.js';
import type { ViewName } from '../data/navigation.js';
import { EXPERIMENT_PAGES } from '../experiments/registry.js';
import { leadingExperiment } from '../experiments/experiments.js';
import type { Observatory } from '../runs/observatory.js';
import { peopleWords } from './access-words.js';
import { commandsMissing, type PageActions, pageCommands } from './page-commands.js';
import { SignalElement } from '../ui/signal-element.js';
import { VIEWS } from './view-host.js';
import { appShellStyles } from './app-shell-styles.js';
import { bindShortcuts } from './shortcuts.js';
import { commonStyles } from '../ui/common-styles.js';
import { connectionBanner } from './connection-badge.js';
import { endNotifications } from './end-notifications.js';
import { icon } from '../ui/icon.js';
import { inPlace } from '../ui/in-place.js';
import { keepScroll } from './keep-scroll.js';
import { LaterDialogs } from './later-dialogs.js';
import { pentachoronMark } from '../ui/pentachoron-mark.js';
import type { SweepPanel } from '../runs/table/sweep-panel.js';
import '../runs/chart-tooltip.js';
import '../runs/delete-form.js';
import '../runs/extend-form.js';
import '../ui/confirm-popover.js';
import '../runs/table/sweep-panel.js';
import '../ui/toast-list.js';
import './command-palette.js';
import './connection-badge.js';
import './help-sheet.js';
import './page-skeleton.js';
import './storage-banner.js';
import './view-host.js';
import { changes, hasEnded } from '../../shared/run.js';
import { controlRun, namesOf } from '../runs/run-commands.js';
import type { RunLine } from '../runs/run-lines.js';
import { currentRuns } from '../data/attempts.js';
import { type RunListState, runsOfSweep } from '../data/run-list.js';
import { sweepProgress } from '../runs/sweep-progress.js';

@customElement('app-shell')
export class AppShell extends SignalElement {
  @property({ attribute: false }) observatory!: Observatory;
  @query('sweep-panel') private readonly panel!: SweepPanel | null;
  @query('main') private readonly main!: HTMLElement | null;
  @query('.top') private readonly top!: HTMLElement;
  /** Single letters as shortcuts; whoever dictates to the page turns them off. */
  readonly #letters = new StoredSwitch('pentachoron-letters', true);
  #stopShortcuts: (() => void) | undefined;
  #stopScroll: (() => void) | undefined;
  #stopDialogs: (() => void) | undefined;
  #later: LaterDialogs | undefined;

  /** What scrolls beneath begins where the banners end. */
  readonly #topSize = new ResizeObserver(() =>
    this.style.setProperty('--top', `${this.top.getBoundingClientRect().height}px`),
  );

  static override readonly styles = [commonStyles, appShellStyles];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopShortcuts = bindShortcuts(window, this.#shortcuts(), this.#letters);
    this.#stopScroll = keepScroll({ page: () => document.scrollingElement, runs: () => this.panel });
    const { dialogs, notices } = this.observatory;
    this.#later ??= new LaterDialogs(dialogs, () => notices.add('dialog', 'could not be loaded from the server'));
    this.#stopDialogs = this.#later.start();
    if (this.hasUpdated) this.#topSize.observe(this.top);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopShortcuts?.();
    this.#stopScroll?.();
    this.#stopDialogs?.();
    this.#topSize.disconnect();
  }

  protected override firstUpdated(): void {
    this.#topSize.observe(this.top);
  }

  override render(): unknown {
    const { isController, canCommand, runList, selection, connection, pointing, dialogs, shownRuns } = this.observatory;
    const { loaded, viewers } = runList.state.value;
    const status = connection.status.value;
    const empty = loaded && selection.sweepIds.value.length === 0;
    document.title = pageTitle(runList.state.value, selection.sweepIds.value);
    return html`${loaded && !empty ? this.#skipLink() : nothing}
      <div class="top">
        <header>
          <h1>${pentachoronMark()} <span class="words">Pentachoron</span></h1>
          ${loaded && !empty ? this.#tabs() : nothing}
          <connection-badge .connection=${connection}></connection-badge>
          ${loaded && status.kind === 'live' ? this.#watching(viewers) : nothing}
          ${
            loaded && !isController
              ? html`<span class="read-only" title="this page can look at everything and change nothing"
                  >read-only</span
                >`
              : nothing
          }
          ${this.#tools(loaded && !empty)}
          ${
            loaded && isController && !empty
              ? html`<button
                    class="connect"
                    title="connect a run: how a training elsewhere comes here"
                    aria-label="connect a run"
                    ?disabled=${!canCommand}
                    @click=${() => dialogs.show('connect', {})}
                  >
                    ${icon('connect')}<span class="words">Connect a run</span>
                  </button>
                  <button class="primary" ?disabled=${!canCommand} @click=${() => dialogs.show('new-sweep', {})}>
                    New sweep
                  </button>`
              : nothing
          }
        </header>
        ${connectionBanner(status, loaded)}
        <storage-banner .storage=${this.observatory.storage}></storage-banner>
      </div>
      ${
        empty
          ? EXPERIMENT_PAGES[0].emptyState(this.observatory)
          : loaded
            ? html`<div class="body">
                <sweep-panel .observatory=${this.observatory}></sweep-panel>
                <main tabindex="-1"><view-host .observatory=${this.observatory}></view-host></main>
              </div>`
            : html`<page-skeleton .view=${this.observatory.navigation.view.value}></page-skeleton>`
      }
      ${isController ? this.#forms(loaded && !empty) : nothing}
      <chart-tooltip .observatory=${this.observatory} .pointing=${pointing}></chart-tooltip>
      ${loaded && !empty && this.#later!.has('log') ? html`<run-log-dialog .observatory=${this.observatory}></run-log-dialog>` : nothing}
      <command-palette
        .dialogs=${dialogs}
        .commands=${() => pageCommands(this.observatory, this.#actions)}
        .missing=${() => commandsMissing(this.observatory)}
        .example=${exampleCommands(isController)}
      ></command-palette>
      <help-sheet
        .dialogs=${dialogs}
        .examples=${leadingExperiment(shownRuns.lines.value.map(({ run }) => run)).examples.help}
        .letters=${this.#letters}
        .controls=${isController}
      ></help-sheet>
      <toast-list .notices=${this.observatory.notices}></toast-list> `;
  }

  /** Controllers are told who they are, where that is known. */
  #watching(viewers: number): unknown {
    const names = peopleWords(this.observatory.runList.people.value);
    return html`<span class="watching" title=${names === '' ? nothing : names}
      >${viewers} watching${names === '' ? nothing : html`<span class="visually-hidden">: ${names}</span>`}</span
    >`;
  }

  /** What is asked of those who may do more than look. */
  #forms(hasRuns: boolean): unknown {
    const { observatory } = this;
    const { dialogs } = observatory;
    const [experiment] = EXPERIMENT_PAGES;
    const asked = dialogs.of('question');
    const ofRuns = html`<extend-form .observatory=${observatory}></extend-form>
      <delete-form .observatory=${observatory}></delete-form>`;
    return html`${experiment.sweepForm(observatory, this.#made)}
      <confirm-popover
        .question=${asked?.question}
        .anchor=${asked?.anchor}
        @closed=${() => dialogs.close('question')}
      ></confirm-popover>
      ${this.#later!.has('share') ? html`<share-dialog .observatory=${observatory}></share-dialog>` : nothing}
      ${this.#later!.has('connect') ? html`<connect-dialog .observatory=${observatory}></connect-dialog>` : nothing}
      ${hasRuns ? ofRuns : nothing}`;
  }

  #skipLink(): unknown {
    const skip = (event: Event): void => {
      // The address holds the page's state and no places in it.
      event.preventDefault();
      this.main?.focus();
    };
    return html`<a class="skip" href=${location.hash || '#'} @click=${skip}>skip to the view</a>`;
  }

  /** @param filled whether there is anything to be found or notified of */
  #tools(filled: boolean): unknown {
    const { themes } = this.observatory;
    const notifications = endNotifications(this.observatory);
    const preference = themes.preference.value;
    const notifies = notifications.wanted.value;
    const { isController, runList } = this.observatory;
    return html`<span class="tools">
      ${
        filled
          ? html`<button
              class="plain square"
              title="all commands (Ctrl K)"
              aria-label="all commands"
              aria-haspopup="dialog"
              @click=${() => this.observatory.dialogs.show('commands', {})}
            >
              ${icon('search')}
            </button>`
          : nothing
      }
      ${
        runList.state.value.loaded && isController
          ? html`<button
              class="plain square share"
              title="share: links for others, who has access"
              aria-label="share"
              aria-haspopup="dialog"
              @click=${() => this.observatory.dialogs.show('share', {})}
            >
              ${icon('share')}
            </button>`
          : nothing
      }
      ${
        filled && notifications.isPossible
          ? html`<button
              class="plain square bell"
              title=${notifies ? 'notifies when a run ends' : 'notify when a run ends, while the page is out of sight'}
              aria-label="notify when a run ends"
              aria-pressed=${notifies ? 'true' : 'false'}
              @click=${() => void this.#notify()}
            >
              ${icon(notifies ? 'bell' : 'bell-off')}
            </button>`
          : nothing
      }
      <button
        class="plain square"
        title="theme: ${preference}"
        aria-label="theme: ${preference}"
        @click=${() => themes.next()}
      >
        ${icon(preference)}
      </button>
    </span>`;
  }

  readonly #actions: PageActions = {
    views: VIEWS.flatMap(({ name, tab }) => (tab === undefined || name === 'run' ? [] : [{ name, tab }])),
    filter: () => void this.panel?.focusFilter(),
    notify: () => void this.#notify(),
    control: (line, action) =>
      controlRun(this.observatory, line, action, { name: namesOf(line), done: () => void this.#toRun(line) }),
  };

  readonly #made = (): void => void this.#toSweep();

  /** The button that opened the form may be gone; the keyboard goes on with what was made. */
  async #toSweep(): Promise<void> {
    this.requestUpdate();
    await this.updateComplete;
    await this.panel?.updateComplete;
    this.panel?.focusHeading();
  }

  async #notify(): Promise<void> {
    if (await endNotifications(this.observatory).toggle()) return;
    this.observatory.notices.add(
      'notify of ends',
      'the browser does not let this page; its settings for this address do',
    );
  }

  #pauseOrResume({ run, replaced, label }: RunLine): void {
    const { canCommand, commands } = this.observatory;
    if (replaced || !canCommand || commands.pending.byRun.value.has(run.id)) return;
    const action = (['pause', 'resume'] as const).find((each) => changes(each, run));
    if (action !== undefined) void commands.control(run.id, action, label.main);
  }

  async #toRun({ run }: RunLine): Promise<void> {
    const table = await this.panel?.unfolded();
    table?.focusRun(run.id);
  }

  /** What each key does, as far as it can be done now. */
  #shortcuts(): Record<string, () => void> {
    const { dialogs, selection, pointing, shownRuns } = this.observatory;
    const show = (view: Exclude<ViewName, 'run'>) => () => this.observatory.navigation.show(view);
    const ifReady = (act: () => void) => () => {
      const { loaded } = this.observatory.runList.state.value;
      if (loaded) act();
    };
    /** Of the run that is highlighted, by pointer or keyboard. */
    const withRun = (act: (line: RunLine) => void) => () => {
      const line = shownRuns.lines.value.find(({ run }) => run.id === pointing.highlighted.value);
      if (line !== undefined) act(line);
    };
    return {
      palette: ifReady(() => {
        if (dialogs.of('commands') === undefined) dialogs.show('commands', {});
        else dialogs.close('commands');
      }),
      help: () => dialogs.show('help', {}),
      filter: () => void this.panel?.focusFilter(),
      'new-sweep': ifReady(() => {
        if (this.observatory.canCommand) dialogs.show('new-sweep', {});
      }),
      theme: () => this.observatory.themes.next(),
      cv: () => this.observatory.charts.turnReading(),
      ...Object.fromEntries(this.#actions.views.map(({ name }) => [name, show(name)])),
      'next-run': () => void this.panel?.unfolded().then((table) => table.step(1)),
      'previous-run': () => void this.panel?.unfolded().then((table) => table.step(-1)),
      'pause-run': withRun((line) => this.#pauseOrResume(line)),
      alone: withRun(({ run }) => selection.isolate(run.id)),
      log: withRun((line) => dialogs.show('log', { line })),
      'show-all': () => selection.showAll(),
    };
  }

  /** Links, so that a view can be opened beside another. */
  #tabs(): unknown {
    const { navigation } = this.observatory;
    return html`<nav aria-label="views">
      ${VIEWS.map(({ name, tab }) =>
        tab === undefined || name === 'run'
          ? nothing
          : html`<a
              href=${navigation.linkTo(name)}
              aria-current=${navigation.view.value === name ? 'page' : nothing}
              @click=${inPlace(() => navigation.show(name))}
              >${tab}</a
            >`,
      )}
    </nav>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'app-shell': AppShell;
  }
}

/** Words that find a command about a run, a view and something of the page. */
function exampleCommands(isController: boolean): string {
  const { examples, viewNames } = leadingExperiment([]);
  return [`${isController ? 'pause' : 'log of'} ${examples.run}`, viewNames[0] ?? 'compare', 'dark'].join(', ');
}

/** What the browser's tab says: how far the shown sweeps are, for whoever looks at something else. */
export function pageTitle(state: RunListState, sweepIds: readonly string[]): string {
  const sweeps = sweepIds.flatMap((id) => state.sweeps.get(id) ?? []);
  if (sweeps.length === 0) return 'Pentachoron';
  const runs = currentRuns(sweeps.flatMap(({ id }) => runsOfSweep(state, id)));
  const name = sweeps.length === 1 ? sweeps[0]!.name : `${sweeps.length} sweeps`;
  const failed = runs.filter(({ status }) => status === 'failed' || status === 'diverged').length;
  const { trained, stopped, failed: lost } = sweepProgress(runs);
  const far = runs.every(hasEnded) ? 'done' : `${Math.floor(100 * (trained + stopped + lost))} %`;
  return `${failed > 0 ? `${failed} failed · ` : ''}${far} · ${name} – Pentachoron`;
}
