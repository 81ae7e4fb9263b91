/**
 * The real server, its store on the disk and its gateway on a port, over trainers that replay golden trajectories when
 * the test says so. Whatever else may happen to a server is done to this one by the means by which it does happen.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { filter, firstValueFrom, merge, startWith } from 'rxjs';
import { Access } from '../../server/access/access.js';
import { Tokens } from '../../server/access/tokens.js';
import { type App, createApp } from '../../server/app.js';
import { referenceSweep } from '../../server/experiments/registry.js';
import { storageMessage } from '../../server/runs/storage-health.js';
import { createSweepService } from '../../server/service/create-sweep-service.js';
import type { SweepService } from '../../server/service/sweep-service.js';
import { createFileCheckpoints } from '../../server/store/checkpoints.js';
import type { Commit } from '../../server/store/run-store.js';
import { openSqliteStore } from '../../server/store/sqlite-store.js';
import type { Result } from '../../shared/errors.js';
import type { RunControl, RunPatch } from '../../shared/requests.js';
import { isActive, type Run, type RunAction, type Sweep } from '../../shared/run.js';
import { DISK_ERRORS, type FailingStore, failingStore } from './failing-store.js';
import { ReplayExecutor, type ReplayTrainer } from './replay-executor.js';

export interface ReplayOptions {
  /** 0: an epoch only when `step` is called. */
  epochsPerSecond?: number;
  slots?: number;
  /** What is asked for at first instead of the reference sweep; null: nothing. */
  sweep?: object | null;
  /** What a server of before left in the data folder. */
  stored?: Commit;
  /** Of the token with which pages come; without one, none is needed. */
  role?: 'controller' | 'viewer';
}

/** What a server says to every command while its disk is full. */
export const DISK_FULL = `nothing was changed: ${storageMessage(DISK_ERRORS.ENOSPC())}`;

const PAGE_FOLDER = join(process.cwd(), 'dist/client');
const SECRET = 'a-secret-of-pages';
/** Between two looks whether a full disk has room again. */
const RETRY_MS = 100;

export class ReplayServer {
  /** Commands to runs as they came. */
  readonly controls: RunControl[] = [];
  /** Its disk is full while `isBroken` is set. */
  store!: FailingStore;
  service!: SweepService;
  /** Added to what the clock says. */
  clockOffsetMs = 0;
  readonly #folder = mkdtempSync(join(tmpdir(), 'pentachoron-replay-'));
  readonly #followed = new Map<object, Set<string>>();
  #options: ReplayOptions;
  #executor!: ReplayExecutor;
  #app!: App;
  #port = 0;
  #timer: ReturnType<typeof setInterval> | undefined;
  #closing: Promise<void> | undefined;

  private constructor(options: ReplayOptions) {
    this.#options = options;
  }

  /** @param port where nobody has taken it; else any */
  static async start(options: ReplayOptions = {}, port = 0): Promise<ReplayServer> {
    const server = new ReplayServer(options);
    const { sweep = referenceSweep, stored, epochsPerSecond = 0 } = options;
    await server.#open(() => server.#listen(port).catch(() => server.#listen(0)), stored);
    if (sweep !== null) server.createSweep(sweep);
    if (epochsPerSecond > 0) server.#timer = setInterval(() => void server.step(1), 1000 / epochsPerSecond);
    return server;
  }

  async #open(listen: () => Promise<number>, stored: Commit = {}): Promise<void> {
    const { slots = 2, role } = this.#options;
    this.store = failingStore(dataOf(openSqliteStore(this.#folder)), Infinity);
    this.store.commit(stored);
    this.#executor = new ReplayExecutor(slots);
    this.service = createSweepService({
      ...{ store: this.store, executor: this.#executor, retryMs: RETRY_MS, allowEngineChange: true },
      checkpoints: createFileCheckpoints(join(this.#folder, 'checkpoints')),
      now: () => new Date(Date.now() + this.clockOffsetMs),
    });
    this.#watchControls();
    const tokens = new Tokens(this.#folder, role === undefined ? [] : [{ name: 'Ann', role, secret: SECRET }]);
    this.#app = createApp({
      ...{ service: this.service, access: new Access({ tokens, isPublic: false }), clientFolder: PAGE_FOLDER },
      ...{ version: '1.2.3', log: pino({ level: 'silent' }) },
    });
    this.#watchFollowers();
    this.#port = await listen();
    this.#closing = undefined;
  }

  #listen(port: number): Promise<number> {
    return this.#app.listen(port, '127.0.0.1');
  }

  #watchControls(): void {
    const control = this.service.control.bind(this.service);
    this.service.control = (request, by) => {
      this.controls.push(request);
      return control(request, by);
    };
  }

  #watchFollowers(): void {
    this.#app.io.on('connection', (socket) => {
      const followed = new Set<string>();
      this.#followed.set(socket, followed);
      socket.on('run:subscribe', ({ runId }) => followed.add(runId));
      socket.on('run:unsubscribe', ({ runId }) => followed.delete(runId));
      socket.on('disconnect', () => this.#followed.delete(socket));
    });
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/`;
  }

  /** Where a page is opened: with the token, where it needs one. @param hash without its # */
  address(hash = ''): string {
    return `${this.url}${this.#options.role === undefined ? '' : `?token=${SECRET}`}${hash === '' ? '' : `#${hash}`}`;
  }

  get runs(): Run[] {
    return this.service.runs.runs();
  }

  /** The first of its name or config, as `64 × 4`. */
  runOf(label: string): Run {
    const found = this.runs.find(
      ({ name, config }) => name === label || `${String(config.dim)} × ${String(config.heads)}` === label,
    );
    if (found === undefined) throw new Error(`no run ${label}`);
    return found;
  }

  idOf(label: string): string {
    return this.runOf(label).id;
  }

  /** The trainer that has the run. */
  trainerOf(label: string): ReplayTrainer {
    return this.#executor.trainerOf(this.idOf(label));
  }

  /** Trains on another engine from the next turn of each run on. */
  changeEngine(name: 'wasm' | 'native'): void {
    this.#executor.engineInfo = { ...this.#executor.engineInfo, name };
  }

  /** Lets every run that holds a slot train `epochs` more; resolves when their frames are stored, or refused. */
  async step(epochs: number): Promise<void> {
    for (let epoch = 0; epoch < epochs; epoch++) this.#executor.step();
    const { service } = this;
    const isStored = (): boolean =>
      service.storage() !== null ||
      this.#executor.sent().every(([runId, nextSeq]) => service.histories.nextSeq(runId) >= nextSeq);
    const news$ = merge(service.committed$, service.storage$).pipe(startWith(null), filter(isStored));
    await firstValueFrom(news$, { defaultValue: null });
  }

  /** Lets everything train to its end. */
  async finish(): Promise<void> {
    while (this.runs.some(({ status }) => isActive(status))) await this.step(51);
  }

  /** As another program commands it. */
  control(label: string, action: RunAction, total?: number): void {
    dataOf(this.service.control({ runId: this.idOf(label), action, ...(total !== undefined && { total }) }, 'http'));
  }

  patch(label: string, patch: RunPatch): void {
    dataOf(this.service.patchRun(this.idOf(label), patch));
  }

  /** As another program begins it. */
  createSweep(request: object): Sweep {
    const { id } = dataOf(this.service.createSweep(request, 'http'));
    return this.service.runs.sweep(id)!;
  }

  /** How many viewers follow a run's frames. */
  followers(runId: string): number {
    return [...this.#followed.values()].filter((followed) => followed.has(runId)).length;
  }

  /** Lets nothing through to the pages, as a network that stalls, until it is called with false. */
  stall(isStalled: boolean): void {
    for (const { request } of this.#app.io.sockets.sockets.values())
      if (isStalled) request.socket.cork();
      else request.socket.uncork();
  }

  /** Breaks every connection as a network would; the page may come back. */
  breakConnections(): void {
    for (const { request } of this.#app.io.sockets.sockets.values()) request.socket.destroy();
  }

  /** Is gone at once and without a word, as a server that is killed. */
  kill(): void {
    this.#app.http.close();
    this.#app.http.closeAllConnections();
    this.breakConnections();
  }

  /** Ends in order and starts again over the same data at the same address. */
  async restart(options: ReplayOptions = {}): Promise<void> {
    await this.#end();
    this.#options = { ...this.#options, ...options };
    await this.#open(() => this.#listen(this.#port));
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#end();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #end(): Promise<void> {
    return (this.#closing ??= (async () => {
      this.#executor.hurry();
      await this.#app.close();
      this.store.close();
    })());
  }
}

function dataOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.error.message);
  return result.data;
}
