/** What all features of the page read: what the server knows, which runs are shown, what is chosen and pointed at. */
import { computed, signal } from '@preact/signals-core';
import type { Result } from '../../shared/errors.js';
import type { SweepRequest } from '../../shared/experiment.js';
import type { ServerNotice } from '../../shared/protocol.js';
import type { Run } from '../../shared/run.js';
import { type Band, bandCodec, judge, type Judgement } from '../charts/band.js';
import { ChartChoices } from '../charts/chart-choices.js';
import { NO_BAND } from '../charts/chart-settings.js';
import type { FrameSource } from '../charts/metric-chart.js';
import { Pointing } from '../charts/pointing.js';
import { askHealth, readMeasurements, subscribeRun, unsubscribeRun, watchRuns } from '../data/commands.js';
import { ConnectionMonitor } from '../data/connection-monitor.js';
import { gaussianNull, lacksNulls, type NullIfKnown } from '../data/cv-null.js';
import { Measurements } from '../data/measurements.js';
import { Navigation } from '../data/navigation.js';
import { number, PageAddress } from '../data/page-address.js';
import type { RunColumns } from '../data/run-columns.js';
import { RunList } from '../data/run-list.js';
import type { PageSocket } from '../data/socket.js';
import type { ErrorIfKnown } from '../data/standard-error.js';
import { Trajectories } from '../data/trajectories.js';
import { type Readable, whenChanged } from '../data/signals.js';
import type { PageExperiment } from '../experiments/experiment.js';
import { experimentOf, experiments } from '../experiments/experiments.js';
import type { ThemeChoice } from '../ui/theme-choice.js';
import { Toasts } from '../data/toasts.js';
import { CompareChoice } from './compare-choice.js';
import { Dialogs } from './dialogs.js';
import { RunCommands } from './run-commands.js';
import { Selection } from './selection.js';
import { ShownRuns } from './shown-runs.js';
import { SweepWatch } from './sweep-news.js';

const WATCH_RETRY_MS = 2000;

export interface NewestCv {
  cv: number;
  /** Undefined while its standard error is not here yet. */
  judgement: Judgement | undefined;
}

export class Observatory {
  readonly connection: ConnectionMonitor;
  readonly address = new PageAddress();
  readonly navigation = new Navigation(
    this.address,
    experiments().flatMap(({ viewNames }) => viewNames),
  );
  readonly runList = new RunList();
  readonly trajectories: Trajectories;
  readonly measurements = new Measurements(readMeasurements);
  readonly selection: Selection;
  readonly #followed = computed(() => new Set(this.selection.runIds.value));
  readonly sweepWatch: SweepWatch;
  readonly shownRuns: ShownRuns;
  /** The epoch that the views of one epoch show; null = the newest of each run. */
  readonly epoch = this.address.field('epoch', number(null, { min: 0 }));
  readonly #experiments = opened(this.address);
  /** Which CVs are called valid where nobody says otherwise. */
  readonly standardBand: Band = this.#experiments.find(({ band }) => band !== undefined)?.band ?? NO_BAND;
  /** And in every view. */
  readonly band = this.address.field('band', bandCodec(this.standardBand));
  readonly charts = new ChartChoices(this.address, this.band, (name) => experiments().some((each) => each.isX(name)));
  readonly notices = new Toasts();
  readonly commands: RunCommands;
  readonly dialogs = new Dialogs();
  readonly pointing = new Pointing();
  readonly compare = new CompareChoice(this.address);
  /** What charts are drawn from. */
  readonly chartSource: FrameSource = {
    columns: (runId) => this.trajectories.columns(runId),
    onFrames: (listener) => this.trajectories.onFrames(listener),
    nullOf: (runId, series) => this.nullOf(runId, series),
  };
  readonly #storage = signal<ServerNotice['storage']>(null);
  /** The list of sweeps and runs that is being read, or was last. */
  #asking: object | undefined;
  readonly #socket: PageSocket;

  constructor(
    socket: PageSocket,
    readonly themes: ThemeChoice,
  ) {
    this.#socket = socket;
    this.connection = new ConnectionMonitor(socket, askHealth);
    this.trajectories = new Trajectories({
      subscribe: (runId) => (after, done) => subscribeRun(socket, runId, after, done),
      unsubscribe: (runId) => void unsubscribeRun(socket, runId),
    });
    this.selection = new Selection(this.runList, this.address, () => this.#isAtRuns);
    this.sweepWatch = new SweepWatch(this.runList, this.selection);
    this.shownRuns = new ShownRuns(this.runList, this.selection, themes);
    this.commands = new RunCommands(socket, this.runList, this.notices);
    // What was pointed at is gone with the view, and nobody tells that the pointer has left it.
    whenChanged(
      () => this.navigation.view.value,
      () => this.pointing.leave(),
    );
    // Another role may come with another connection.
    const isController = computed(() => this.isController);
    whenChanged(
      () => isController.value,
      (is) => is || this.dialogs.closeControls(),
    );
    whenChanged(
      () => this.selection.runIds.value,
      (runIds) => {
        this.#follow(new Set(runIds));
        const { highlighted } = this.pointing;
        // Its row or line is gone, and so nobody tells that the pointer has left it.
        if (highlighted.value !== null && !runIds.includes(highlighted.value)) highlighted.value = null;
      },
    );
    socket.on('connect', () => this.#connected());
    socket.on('disconnect', () => this.trajectories.disconnected());
    socket.on('runs:changed', (change) => this.runList.changed(change));
    socket.on('presence', ({ viewers, people }) => this.runList.presence(viewers, people));
    socket.on('server:notice', ({ storage }) => (this.#storage.value = storage));
    socket.on('run:measured', ({ runId, measurement }) => this.measurements.receive(runId, measurement));
    socket.on('run:frames', (blocks) => this.trajectories.receive(blocks));
  }

  /** What chance gives for a series of a run; a chart may hold one for a moment longer that is followed no more. */
  nullOf(runId: string, series: string): NullIfKnown {
    if (!this.#followed.value.has(runId)) return undefined;
    return gaussianNull(this.measurements.of(runId), series);
  }

  /** How many of these runs were measured before nulls were told. */
  withoutNulls(runs: readonly Run[]): number {
    const measured = runs.filter((run) => experimentOf(run).band !== undefined);
    return measured.filter(({ id }) => lacksNulls(this.measurements.of(id))).length;
  }

  /** Of a run's value of a series at an epoch. */
  errorOf(run: Run, series: string, epoch: number): ErrorIfKnown {
    const columns = this.trajectories.columns(run.id);
    return columns === undefined ? null : this.#errorOf(run, columns, series, epoch);
  }

  #errorOf(run: Run, columns: RunColumns, series: string, epoch: number): ErrorIfKnown {
    return experimentOf(run).errorOf(run, columns, () => this.measurements.of(run.id), series, epoch);
  }

  /** The newest CV of the series that stands for all, with how it stands to the band. */
  newestCv(run: Run): NewestCv | undefined {
    const columns = this.trajectories.columns(run.id);
    const newest = experimentOf(run).table.newest?.series;
    if (columns === undefined || newest === undefined) return undefined;
    const row = columns.lastRow(newest);
    if (row < 0) return undefined;
    const cv = columns.inRow(newest, row);
    const error = this.#errorOf(run, columns, newest, columns.step(row));
    return { cv, judgement: judge(cv, error, this.band.value) };
  }

  /** What keeps the server from storing runs; null while nothing does. */
  get storage(): Readable<ServerNotice['storage']> {
    return this.#storage;
  }

  /** Whether this viewer may do more than look. */
  get isController(): boolean {
    return this.runList.state.value.role === 'controller';
  }

  /** Whether the server is there now. */
  get isOnline(): boolean {
    return this.connection.status.value.kind === 'live';
  }

  /** Whether a command can be sent now: this viewer may, and the server is there. */
  get canCommand(): boolean {
    return this.isController && this.isOnline;
  }

  /** Whether certain runs are looked at, which must not be taken away for what trains. */
  get #isAtRuns(): boolean {
    const view = this.navigation.view.value;
    return view === 'run' || (view === 'compare' && this.compare.isChosen);
  }

  open(): void {
    this.#socket.connect();
  }

  /** Creates a sweep and shows it; a refusal is the caller's to show. */
  async createSweep(spec: SweepRequest): Promise<Result<{ id: string }>> {
    const answer = await this.commands.createSweep(spec);
    if (answer.ok) this.selection.chooseSweep(answer.data.id);
    return answer;
  }

  /** New measurements are told of runs that are followed alone: what others have is asked for anew. */
  #follow(runIds: ReadonlySet<string>): void {
    this.measurements.keep(runIds);
    this.trajectories.follow(runIds);
  }

  #connected(): void {
    this.trajectories.reconnected();
    this.measurements.reconnected();
    this.#watch();
  }

  /** Asks for all sweeps and runs, the newest first; an answer to what was asked before is void. */
  #watch(): void {
    const asking = {};
    this.#asking = asking;
    const ask = (after?: string): void =>
      watchRuns(this.#socket, after, (answer) => {
        if (this.#asking !== asking) return;
        if (!answer.ok) {
          setTimeout(() => {
            if (this.#asking === asking && this.#socket.connected) this.#watch();
          }, WATCH_RETRY_MS);
          return;
        }
        if (after === undefined) {
          this.#storage.value = answer.data.notice?.storage ?? null;
          this.commands.pending.reconnected();
        }
        this.runList.snapshot(answer.data, after === undefined ? 'first' : 'next');
        if (answer.data.next !== undefined) ask(answer.data.next);
      });
    ask();
  }
}

/** Lets each experiment ask for its own fields of the address. */
function opened(address: PageAddress): readonly PageExperiment[] {
  for (const experiment of experiments()) experiment.openAddress(address);
  return experiments();
}

/**
 * What a feature keeps beside the observatory, which knows nothing of it. Made when it is first asked for; what has fields
 * in the address is asked for by `main.ts`, since the address loses those that nobody has asked for.
 */
export function featureState<State extends object>(
  make: (observatory: Observatory) => State,
): (observatory: Observatory) => State {
  const made = new WeakMap<Observatory, State>();
  return (observatory) => {
    const state = made.get(observatory) ?? make(observatory);
    made.set(observatory, state);
    return state;
  };
}
