/** Everything the page knows and may ask, in one place: the elements read its values and call its methods. */
import type { Result } from '../../shared/errors.js';
import type { RunControl, ServerNotice } from '../../shared/protocol.js';
import type { Run, RunAction } from '../../shared/run.js';
import type { SweepRequest } from '../../shared/sweep.js';
import { Pointing } from '../charts/pointing.js';
import {
  controlRun,
  controlSweep,
  createSweep,
  deleteForGood,
  readLog,
  readMeasurements,
  type SweepAction,
  subscribeRun,
  unsubscribeRun,
  watchRuns,
} from '../connection/commands.js';
import { ConnectionMonitor } from '../connection/connection-monitor.js';
import type { PageSocket } from '../connection/socket.js';
import { bandCodec } from './band-codec.js';
import { Choice } from './choice.js';
import { EpochViews } from './epoch-views.js';
import { Measurements } from './measurements.js';
import { Navigation } from './navigation.js';
import { Notices } from './notices.js';
import { number, PageAddress } from './page-address.js';
import { PendingCommands } from './pending-commands.js';
import { RequestIds } from './request-ids.js';
import { RunList } from './run-list.js';
import { RunLog } from './run-log.js';
import { ShownRuns } from './shown-runs.js';
import type { ThemeChoice } from './theme-choice.js';
import { Trajectories } from './trajectories.js';
import { type Readable, Value } from './value.js';

const WATCH_RETRY_MS = 2000;

export class Observatory {
  readonly connection: ConnectionMonitor;
  readonly address = new PageAddress();
  readonly navigation = new Navigation(this.address);
  readonly runList = new RunList();
  readonly trajectories: Trajectories;
  readonly measurements = new Measurements(readMeasurements);
  readonly choice: Choice;
  readonly shownRuns: ShownRuns;
  /** The epoch that the views of one epoch show; null = the newest of each run. */
  readonly epoch = this.address.field('epoch', number(null, { min: 0 }));
  readonly epochViews = new EpochViews(this.address);
  /** Which CVs are called valid, in every view. */
  readonly band = this.address.field('band', bandCodec);
  readonly pending: PendingCommands;
  readonly notices = new Notices();
  readonly pointing = new Pointing();
  /** Of the run that was last asked for. */
  readonly runLog = new RunLog(this.runList, readLog);
  readonly #storage = new Value<ServerNotice['storage']>(null);
  readonly #requestIds = new RequestIds();
  readonly #socket: PageSocket;

  constructor(
    socket: PageSocket,
    readonly themes: ThemeChoice,
  ) {
    this.#socket = socket;
    this.connection = new ConnectionMonitor(socket);
    this.trajectories = new Trajectories({
      subscribe: (runId) => (after, done) => subscribeRun(socket, runId, after, done),
      unsubscribe: (runId) => void unsubscribeRun(socket, runId),
    });
    this.choice = new Choice(this.runList, this.address);
    this.shownRuns = new ShownRuns(this.runList, this.choice, themes);
    this.pending = new PendingCommands(this.runList);
    this.choice.runIds.subscribe(() => this.trajectories.follow(this.choice.runIds.value));
    socket.on('connect', () => this.#connected());
    socket.on('disconnect', () => this.trajectories.disconnected());
    socket.on('runs:changed', (change) => this.runList.changed(change));
    socket.on('presence', ({ viewers }) => this.runList.presence(viewers));
    socket.on('server:notice', ({ storage }) => this.#storage.set(storage));
    socket.on('run:measured', ({ runId, measurement }) => this.measurements.receive(runId, measurement));
    socket.on('run:frames', (blocks) => this.trajectories.receive(blocks));
  }

  /** What keeps the server from storing runs; null while nothing does. */
  get storage(): Readable<ServerNotice['storage']> {
    return this.#storage;
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

  /** Trains a run on; a refusal is the caller's to show. @param epochs the new total */
  extend(runId: string, epochs: number): Promise<Result<Run>> {
    return this.#once(`extend ${runId} ${epochs}`, (requestId) =>
      this.#control({ runId, action: 'extend', epochs, requestId }),
    );
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
    this.pending.begin(runId, action);
    const answer = await controlRun(this.#socket, control);
    // A restart answers another run, and this one stays as it is.
    if (!answer.ok || answer.data.id !== runId) this.pending.end(runId);
    else this.pending.accepted(answer.data);
    return answer;
  }

  async controlSweep(sweepId: string, action: SweepAction): Promise<void> {
    const answer = await controlSweep(sweepId, action);
    if (!answer.ok) this.notices.add(`${action} all`, answer.error.message);
  }

  /** Creates a sweep and shows it. */
  async createSweep(spec: SweepRequest): Promise<Result<{ id: string }>> {
    const answer = await this.#once(`sweep ${JSON.stringify(spec)}`, (requestId) =>
      createSweep(this.#socket, { ...spec, requestId }),
    );
    if (answer.ok) this.choice.chooseSweep(answer.data.id);
    return answer;
  }

  #connected(): void {
    this.trajectories.reconnected();
    this.measurements.reconnected();
    this.#watch();
  }

  #watch(): void {
    watchRuns(this.#socket, (answer) => {
      if (answer.ok) {
        this.#storage.set(answer.data.notice?.storage ?? null);
        return this.runList.snapshot(answer.data);
      }
      setTimeout(() => {
        if (this.#socket.connected) this.#watch();
      }, WATCH_RETRY_MS);
    });
  }
}
