/** Everything the page knows and may ask, in one place: the elements read its values and call its methods. */
import { type Band, judge, type Judgement } from '../analysis/band-judgement.js';
import type { ErrorIfKnown } from '../analysis/standard-error.js';
import type { PageExperiment } from '../experiments/experiment.js';
import { experimentOf, experiments } from '../experiments/experiments.js';
import type { Result } from '../../shared/errors.js';
import type { RunControl, ServerNotice, SweepEstimate } from '../../shared/protocol.js';
import { changes, type Run, type RunAction, type Sweep, type SweepAction } from '../../shared/run.js';
import type { SweepRequest } from '../../shared/experiment.js';
import { NO_BAND } from '../charts/chart-settings.js';
import { Pointing } from '../charts/pointing.js';
import {
  askHealth,
  controlRun,
  controlSweep,
  createSweep,
  deleteForGood,
  estimateSweep,
  patchRun,
  readCheckpoints,
  readLog,
  readMeasurements,
  subscribeRun,
  unsubscribeRun,
  watchRuns,
} from '../connection/commands.js';
import { ConnectionMonitor } from '../connection/connection-monitor.js';
import type { PageSocket } from '../connection/socket.js';
import { bandCodec } from './band-codec.js';
import { ChartChoices } from './chart-choices.js';
import { Selection } from './selection.js';
import { CompareChoice } from './compare-choice.js';
import { EndNotifications } from './end-notifications.js';
import { Measurements } from './measurements.js';
import { Navigation } from './navigation.js';
import { Toasts } from './toasts.js';
import { number, PageAddress } from './page-address.js';
import { PendingCommands } from './pending-commands.js';
import { RequestIds } from './request-ids.js';
import { refusals } from './refusals.js';
import { RunCheckpoints } from './run-checkpoints.js';
import type { RunPatch } from './run-edit.js';
import { RunList, runsOfSweep } from './run-list.js';
import type { RunLine } from './run-lines.js';
import type { RunColumns } from './run-columns.js';
import { RunLog } from './run-log.js';
import { RunViewChoice } from './run-view-choice.js';
import { ShownRuns } from './shown-runs.js';
import { SweepWatch } from './sweep-news.js';
import { TableChoice } from './table-choice.js';
import type { ThemeChoice } from './theme-choice.js';
import { Trajectories } from './trajectories.js';
import { type Readable, Value } from './value.js';
import { fullLabel } from './wording.js';

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
  readonly sweepWatch: SweepWatch;
  readonly shownRuns: ShownRuns;
  readonly table = new TableChoice(this.address);
  /** The epoch that the views of one epoch show; null = the newest of each run. */
  readonly epoch = this.address.field('epoch', number(null, { min: 0 }));
  readonly #experiments = opened(this.address);
  /** Which CVs are called valid where nobody says otherwise. */
  readonly standardBand: Band = this.#experiments.find(({ band }) => band !== undefined)?.band ?? NO_BAND;
  /** And in every view. */
  readonly band = this.address.field('band', bandCodec(this.standardBand));
  readonly charts = new ChartChoices(this.address, this.band);
  readonly pending: PendingCommands;
  readonly notices = new Toasts();
  readonly notifications = new EndNotifications(this.runList.state);
  readonly pointing = new Pointing();
  /** Of the run that was last asked for, in a dialog. */
  readonly runLog = new RunLog(this.runList, readLog);
  readonly runView = new RunViewChoice(this.address);
  readonly compare = new CompareChoice(this.address);
  /** Of the run whose view is shown. */
  readonly viewedLog = new RunLog(this.runList, readLog);
  readonly viewedCheckpoints = new RunCheckpoints(this.viewedLog, readCheckpoints);
  readonly #storage = new Value<ServerNotice['storage']>(null);
  readonly #requestIds = new RequestIds();
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
    this.pending = new PendingCommands(this.runList);
    // What was pointed at is gone with the view, and nobody tells that the pointer has left it.
    this.navigation.view.subscribe(() => this.pointing.leave());
    this.selection.runIds.subscribe(() => this.#follow(new Set(this.selection.runIds.value)));
    this.selection.runIds.subscribe(() => {
      const { highlighted } = this.pointing;
      // Its row or line is gone, and so nobody tells that the pointer has left it.
      if (highlighted.value !== null && !this.selection.runIds.value.includes(highlighted.value)) highlighted.set(null);
    });
    socket.on('connect', () => this.#connected());
    socket.on('disconnect', () => this.trajectories.disconnected());
    socket.on('runs:changed', (change) => this.runList.changed(change));
    socket.on('presence', ({ viewers }) => this.runList.presence(viewers));
    socket.on('server:notice', ({ storage }) => this.#storage.set(storage));
    socket.on('run:measured', ({ runId, measurement }) => this.measurements.receive(runId, measurement));
    socket.on('run:frames', (blocks) => this.trajectories.receive(blocks));
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
    const { newest } = experimentOf(run);
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
  get isHeard(): boolean {
    return this.connection.status.value.kind === 'live';
  }

  /** Whether a command can be sent now: this viewer may, and the server is there. */
  get canCommand(): boolean {
    return this.isController && this.isHeard;
  }

  /** Whether certain runs are looked at, which must not be taken away for what trains. */
  get #isAtRuns(): boolean {
    const view = this.navigation.view.value;
    return view === 'run' || (view === 'compare' && this.compare.isChosen);
  }

  open(): void {
    this.#socket.connect();
  }

  async control(runId: string, action: Exclude<RunAction, 'extend'>, label: string): Promise<void> {
    const answer =
      action === 'restart'
        ? await this.#once(`restart ${runId}`, (requestId) => this.#control({ runId, action, requestId }))
        : await this.#control({ runId, action });
    if (!answer.ok) this.notices.add(`${action} ${label}`, answer.error.message);
  }

  /** Trains a run on; a refusal is the caller's to show. @param total the steps to train in all */
  extend(runId: string, total: number): Promise<Result<Run>> {
    return this.#once(`extend ${runId} ${total}`, (requestId) =>
      this.#control({ runId, action: 'extend', total, requestId }),
    );
  }

  /** Changes what is noted of a run, for everybody; a refusal is the caller's to show. */
  patchRun(runId: string, patch: RunPatch): Promise<Result<Run>> {
    return patchRun(runId, patch);
  }

  /** Deletes a run or a sweep for everybody; a refusal is the caller's to show. */
  deleteForGood(what: 'runs' | 'sweeps', id: string): Promise<Result<null>> {
    return deleteForGood(what, id);
  }

  /** Sends a command that must have one effect however often it is repeated for want of an answer. */
  async #once<T>(wish: string, send: (requestId: string) => Promise<Result<T>>): Promise<Result<T>> {
    const answer = await send(this.#requestIds.of(wish));
    this.#requestIds.answered(wish, answer);
    return answer;
  }

  async #control(control: RunControl): Promise<Result<Run>> {
    const { runId, action } = control;
    this.pending.begin([runId], action);
    const answer = await controlRun(this.#socket, control);
    if (answer.ok) this.pending.accepted(runId, answer.data);
    else this.pending.end([runId]);
    return answer;
  }

  /** What a command to several runs means: those that are shown and that the table lists. */
  targetRuns(): RunLine[] {
    return this.table.listed(this.shownRuns.shown.value, (id) => this.trajectories.columns(id));
  }

  /** The action on the meant runs that it would change; by whole sweeps where those are meant. */
  async controlTargets(action: SweepAction, sweeps: readonly Sweep[] = []): Promise<void> {
    if (sweeps.length > 0) await Promise.all(sweeps.map(({ id }) => this.controlSweep(id, action)));
    else
      await this.controlRuns(
        this.targetRuns().filter(({ run }) => changes(action, run.status)),
        action,
      );
  }

  /** The action on each of these runs; those that are refused are named with the reason. */
  async controlRuns(lines: readonly RunLine[], action: SweepAction): Promise<void> {
    const answers = await Promise.all(lines.map(({ run }) => this.#control({ runId: run.id, action })));
    const refused = lines.flatMap((line, index) => {
      const answer = answers[index]!;
      return answer.ok ? [] : [{ name: fullLabel(line.label), reason: answer.error.message }];
    });
    if (refused.length === 0) return;
    const what = lines.length === 1 ? refused[0]!.name : `${refused.length} of ${lines.length} runs`;
    this.notices.add(`${action} ${what}`, refusals(refused));
  }

  /** The action on every run of a sweep that it would change. */
  async controlSweep(sweepId: string, action: SweepAction): Promise<void> {
    const state = this.runList.state.value;
    const changing = runsOfSweep(state, sweepId).filter(({ status }) => changes(action, status));
    const ids = changing.map(({ id }) => id);
    this.pending.begin(ids, action);
    const answer = await controlSweep(sweepId, action);
    if (answer.ok) return;
    this.pending.end(ids);
    this.notices.add(`${action} ${state.sweeps.get(sweepId)?.name ?? 'all'}`, answer.error.message);
  }

  /** What a sweep would take; undefined if the server does not say. */
  async estimateSweep(spec: SweepRequest): Promise<SweepEstimate | undefined> {
    const answer = await estimateSweep(this.#socket, spec);
    return answer.ok ? answer.data : undefined;
  }

  /** Creates a sweep and shows it. */
  async createSweep(spec: SweepRequest): Promise<Result<{ id: string }>> {
    const answer = await this.#once(`sweep ${JSON.stringify(spec)}`, (requestId) =>
      createSweep(this.#socket, { ...spec, requestId }),
    );
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
          this.#storage.set(answer.data.notice?.storage ?? null);
          this.pending.reconnected();
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
