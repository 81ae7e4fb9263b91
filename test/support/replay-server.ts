/**
 * A stand-in for the server: the page's files under the strict CSP, and the protocol over runs that replay golden
 * trajectories. It gives tests any state that they ask for: any speed, lost connections, failed runs.
 */
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express from 'express';
import { Server, type Socket } from 'socket.io';
import { type Delta, deltaOf } from '../../shared/delta.js';
import { fail, ok } from '../../shared/errors.js';
import type {
  ClientToServerEvents,
  FramesMessage,
  RunControl,
  ServerNotice,
  ServerToClientEvents,
} from '../../shared/protocol.js';
import { badInput } from '../../shared/bad-input.js';
import { type RunAhead, secondsLeft } from '../../server/scheduling/time-left.js';
import { runPatchSchema } from '../../shared/requests.js';
import { noSuchRun } from '../../server/store/not-found.js';
import { storageMessage } from '../../server/runs/storage-health.js';
import { attentionCv } from '../../shared/experiments/attention-cv/experiment.js';
import { referenceSweep } from '../../shared/experiments/attention-cv/reference.js';
import {
  attentionConfig,
  completeSpec,
  expandSweep,
  sweepSpecSchema,
} from '../../shared/experiments/attention-cv/sweep.js';
import { effectOf, isActive, type Run, type RunAction, type RunStatus, type Sweep } from '../../shared/run.js';
import { DISK_ERRORS } from './failing-store.js';
import { ReplayRun } from './replay-runs.js';

export interface ReplayOptions {
  /** 0: an epoch only when `step` is called. */
  epochsPerSecond?: number;
  slots?: number;
  /** No sweep until one is created. */
  empty?: boolean;
  /** Of the sweep that is there at first; more make more runs. */
  seeds?: number[];
  /** What viewers are told they may do. */
  role?: 'controller' | 'viewer';
  port?: number;
  pageFolder?: string;
}

/** What a server says to every command while its disk is full. */
export const DISK_FULL = `nothing was changed: ${storageMessage(DISK_ERRORS.ENOSPC())}`;

const TICK_MS = 50;
/** Rows per answer to a subscription, small enough that a reference run needs two. */
const CHUNK_ROWS = 40;

export interface ReplayLogEntry {
  at: string;
  event: string;
  cause?: string;
  by?: string;
  details?: unknown;
}

export class ReplayServer {
  readonly runs: ReplayRun[] = [];
  readonly #told = new Map<string, Run | Sweep>();
  /** By run id; a run without any has an empty one. */
  readonly logs = new Map<string, ReplayLogEntry[]>();
  /** Commands as they came. */
  readonly controls: RunControl[] = [];
  /** Answers to every command, as a refusal, while it is set. */
  refusal: string | undefined;
  /** By run id. */
  readonly checkpoints = new Map<string, object[]>();
  /** Whether changes of names, tags and notes are told by `announce` alone. */
  holdsChanges = false;
  /** Answers to requests for a log, as trouble, while it is set. */
  logTrouble: string | undefined;
  #notice: ServerNotice = { storage: null };
  readonly #http: HttpServer;
  readonly #io: Server<ClientToServerEvents, ServerToClientEvents>;
  readonly #slots: number;
  readonly #sweeps: Sweep[] = [];
  /** What viewers are told they may do when they come. */
  role: 'controller' | 'viewer';
  #epochsPerSecond: number;
  #credit = 0;
  #held = false;
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(options: ReplayOptions = {}) {
    this.#slots = options.slots ?? 2;
    this.role = options.role ?? 'controller';
    this.#epochsPerSecond = options.epochsPerSecond ?? 0;
    const app = express();
    app.use((_request, response, next) => {
      response.setHeader('Content-Security-Policy', "default-src 'self'");
      next();
    });
    app.get('/api/health', (_request, response) => void response.json({ status: 'ok', version: '0' }));
    app.post('/api/sweeps/:id/:action', (request, response) => {
      if (this.refusal !== undefined)
        return void response.status(503).json({ error: { code: 'unavailable', message: this.refusal } });
      const { id, action } = request.params;
      const own = this.runs.filter(({ run }) => run.sweepId === id);
      for (const each of own) each.command(action as RunAction);
      this.#announce(own);
      response.status(202).json(this.#sweeps.find((sweep) => sweep.id === id));
    });
    app.get('/api/runs/:id/log', (request, response) => {
      if (this.logTrouble === undefined) response.json(this.logs.get(request.params.id) ?? []);
      else response.status(500).json({ error: { code: 'internal', message: this.logTrouble } });
    });
    app.get('/api/runs/:id/measurements', (request, response) => {
      const each = this.runs.find(({ run }) => run.id === request.params.id);
      const missing = noSuchRun(request.params.id);
      if (each !== undefined) response.json(each.measurements());
      else if (!missing.ok) response.status(404).json({ error: missing.error });
    });
    app.get('/api/runs/:id/checkpoints', (request, response) => {
      response.json(this.checkpoints.get(request.params.id) ?? []);
    });
    app.patch('/api/runs/:id', express.json(), (request, response) => {
      const patch = runPatchSchema.safeParse(request.body);
      const each = this.runs.find(({ run }) => run.id === request.params.id);
      if (!patch.success || each === undefined) {
        response.status(400).json(patch.success ? undefined : { error: badInput(patch.error).error });
        return;
      }
      response.json(Object.assign(each.run, patch.data));
      if (!this.holdsChanges) this.#announce([each]);
    });
    app.delete('/api/runs/:id', (request, response) => {
      const { id } = request.params;
      const refusal = this.#remove(this.runs.filter(({ run }) => run.id === id));
      response.status(refusal === undefined ? 204 : 409).json(refusal);
    });
    app.delete('/api/sweeps/:id', (request, response) => {
      const { id } = request.params;
      const refusal = this.#remove(
        this.runs.filter(({ run }) => run.sweepId === id),
        id,
      );
      response.status(refusal === undefined ? 204 : 409).json(refusal);
    });
    app.use(express.static(options.pageFolder ?? join(process.cwd(), 'dist/client')));
    this.#http = createServer(app);
    this.#io = new Server(this.#http, { transports: ['websocket'], serveClient: false });
    this.#io.on('connection', (socket) => this.#serve(socket));
    if (!options.empty) this.#create(referenceSweep.name, options.seeds);
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  static async start(options: ReplayOptions = {}): Promise<ReplayServer> {
    const server = new ReplayServer(options);
    await new Promise<void>((resolve) => server.#http.listen(options.port ?? 0, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}/`;
  }

  find(dim: number, heads: number): ReplayRun {
    const found = this.runs.find(({ run }) => run.config.dim === dim && run.config.heads === heads);
    if (found === undefined) throw new Error(`no run ${dim} × ${heads}`);
    return found;
  }

  setPace(epochsPerSecond: number): void {
    this.#epochsPerSecond = epochsPerSecond;
  }

  /** Lets every run that holds a slot train `epochs` more. */
  step(epochs: number): void {
    for (let epoch = 0; epoch < epochs; epoch++) this.#epoch();
  }

  /** Lets everything train to its end. */
  finish(): void {
    while (this.runs.some(({ run }) => isActive(run.status))) this.#epoch();
  }

  /** As another program does, whatever its runs do. */
  deleteSweep(id: string): void {
    const doomed = this.runs.filter(({ run }) => run.sweepId === id);
    for (const each of doomed) each.run.status = 'stopped';
    this.#remove(doomed, id);
  }

  /** A sweep that another program begins. @param at what the clock says */
  createSweep(name: string, at = new Date()): Sweep {
    const sweep = this.#create(name, undefined, at);
    this.#tellOfNew(sweep);
    return sweep;
  }

  /** A sweep of one run of an experiment that the page does not know; it is the first to train. */
  addUnknown(id: string, series: string[]): ReplayRun {
    const each = new ReplayRun(id, `${id}-sweep`, 64, 1);
    each.makeUnknown(series);
    this.runs.unshift(each);
    this.#sweeps.push({
      ...{
        id: `${id}-sweep`,
        experiment: each.run.experiment,
        name: 'Counting',
        spec: { start: 5, rates: [0.5] },
        runIds: [id],
      },
      ...{ createdAt: new Date().toISOString(), counts: { queued: 1 } },
    });
    return each;
  }

  /** Tells all viewers of runs that were changed by hand. */
  announce(): void {
    this.#announce(this.runs);
  }

  /** Tells all viewers of the server, now and whoever comes later. */
  notify(notice: ServerNotice): void {
    this.#notice = notice;
    this.#io.to('watching').emit('server:notice', notice);
  }

  /** How many viewers follow a run's frames. */
  followers(runId: string): number {
    return this.#io.sockets.adapter.rooms.get(runId)?.size ?? 0;
  }

  /** Holds back what would be told of runs, as a slow network would, until it is called again with false. */
  hold(held: boolean): void {
    this.#held = held;
    if (!held) this.announce();
  }

  /** Breaks every connection as a network would; the page may come back. */
  breakConnections(): void {
    for (const socket of this.#io.sockets.sockets.values()) socket.conn.close();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#io.close();
  }

  #tick(): void {
    this.#credit += (this.#epochsPerSecond * TICK_MS) / 1000;
    const epochs = Math.floor(this.#credit);
    this.#credit -= epochs;
    this.step(epochs);
  }

  #epoch(): void {
    const holding = this.runs.filter(({ run }) => ['running', 'pausing', 'stopping'].includes(run.status));
    const waiting = this.runs.filter(({ run }) => run.status === 'queued');
    const training = [...holding, ...waiting.slice(0, Math.max(0, this.#slots - holding.length))];
    for (const each of training) {
      const from = each.rows;
      const changed = each.advance();
      const block: FramesMessage = { runId: each.run.id, ...each.frames(from, each.rows), ...each.newColumns };
      if (block.rows > 0) this.#io.to(each.run.id).emit('run:frames', [block]);
      for (const measurement of each.measurements(from))
        this.#io.to(each.run.id).emit('run:measured', { runId: each.run.id, measurement });
      if (changed || each.rows % 4 === 0) this.#announce([each]);
    }
  }

  #announce(changed: readonly ReplayRun[]): void {
    if (this.#held) return;
    this.#time();
    const waiting = this.runs.filter(({ run }) => run.status === 'queued');
    const runs = [...new Set([...changed, ...waiting])].map(({ run }) => run);
    this.#io.to('watching').emit('runs:changed', {
      runs: runs.flatMap((run) => this.#delta(run) ?? []),
      sweeps: this.#sweeps.flatMap((sweep) => this.#delta(sweep) ?? []),
    });
  }

  /** Since it was told of last. */
  #delta<T extends Run | Sweep>(now: T): Delta<T> | null {
    const before = this.#told.get(now.id) as T | undefined;
    const copy = structuredClone(now);
    this.#told.set(now.id, copy);
    return deltaOf(before, copy);
  }

  #ahead(status: RunStatus): RunAhead[] {
    const runs = this.runs.filter(({ run }) => run.status === status);
    return runs.map((each) => ({ id: each.run.id, seconds: each.secondsLeft() }));
  }

  /** Gives places and times left, as the server would. */
  #time(): void {
    const left = secondsLeft(this.#ahead('running'), this.#ahead('queued'), this.#slots);
    const waiting = this.runs.filter(({ run }) => run.status === 'queued');
    const isKnown = this.runs.some(({ run }) => run.step > 0);
    for (const { run } of this.runs) {
      delete run.place;
      if (run.status !== 'running') delete run.etaSeconds;
    }
    for (const [index, { run }] of waiting.entries()) {
      run.place = index + 1;
      if (isKnown) run.etaSeconds = left.get(run.id)!;
    }
    for (const sweep of this.#sweeps) {
      const etas = this.runs.flatMap(({ run }) => (run.sweepId === sweep.id ? (run.etaSeconds ?? []) : []));
      delete sweep.etaSeconds;
      if (etas.length > 0) sweep.etaSeconds = Math.max(...etas);
    }
  }

  /** What is answered when it is refused. */
  #remove(doomed: readonly ReplayRun[], sweepId?: string): { error: { code: string; message: string } } | undefined {
    const active = doomed.find(({ run }) => isActive(run.status));
    if (active !== undefined) {
      const what = sweepId === undefined ? 'a run that is' : 'a sweep with a run that is';
      return { error: { code: 'conflict', message: `${what} ${active.run.status} cannot be deleted; stop it first` } };
    }
    for (const each of doomed) this.runs.splice(this.runs.indexOf(each), 1);
    const at = this.#sweeps.findIndex(({ id }) => id === sweepId);
    if (at !== -1) this.#sweeps.splice(at, 1);
    const removed = [...doomed.map(({ run }) => run.id), ...(sweepId === undefined ? [] : [sweepId])];
    this.#io.to('watching').emit('runs:changed', { runs: [], removed });
    return undefined;
  }

  #tellOfNew({ id }: Sweep): void {
    this.#time();
    const runs = this.runs.filter(({ run }) => run.sweepId === id).map(({ run }) => ({ ...run }));
    this.#io.to('watching').emit('runs:changed', { runs, sweeps: this.#sweeps.filter((sweep) => sweep.id === id) });
  }

  #create(name: string, seeds: number[] = [...referenceSweep.seeds], at = new Date()): Sweep {
    // The first sweep's ids are the plain ones.
    const mark = this.#sweeps.length === 0 ? '' : `-${this.#sweeps.length + 1}`;
    const id = `sweep-${name.length}${mark}`;
    const { name: _name, ...rest } = referenceSweep;
    const spec = { ...rest, seeds };
    const runs = seeds.flatMap((seed, index) =>
      spec.dims.flatMap((dim) =>
        spec.heads.map((head) => {
          const each = new ReplayRun(`run-${dim}-${head}${index === 0 ? '' : `-s${index}`}${mark}`, id, dim, head);
          each.run.config = { ...each.run.config, seed };
          if (seeds.length > 1) each.run.name += ` · seed ${seed}`;
          return each;
        }),
      ),
    );
    this.runs.push(...runs);
    const sweep = {
      id,
      experiment: 'attention-cv',
      name,
      spec,
      runIds: runs.map(({ run }) => run.id),
      createdAt: at.toISOString(),
      counts: { queued: runs.length },
    };
    this.#sweeps.push(sweep);
    return sweep;
  }

  #restart({ run }: ReplayRun): ReplayRun {
    const { dim, heads } = attentionConfig(run);
    const again = new ReplayRun(`${run.id}-again`, run.sweepId!, dim, heads);
    Object.assign(again.run, { attempt: run.attempt + 1, previousRunId: run.id });
    this.runs.push(again);
    this.#announce([again]);
    return again;
  }

  #serve(socket: Socket<ClientToServerEvents, ServerToClientEvents>): void {
    const presence = (): boolean => this.#io.emit('presence', { viewers: this.#io.sockets.sockets.size });
    presence();
    socket.on('disconnect', presence);
    socket.on('runs:watch', (_request, ack) => {
      void socket.join('watching');
      this.#time();
      ack(
        ok({
          sweeps: [...this.#sweeps],
          runs: this.runs.map(({ run }) => ({ ...run })),
          viewers: this.#io.sockets.sockets.size,
          workers: this.#slots,
          role: this.role,
          ...(this.#notice.storage !== null && { notice: this.#notice }),
        }),
      );
    });
    socket.on('sweep:create', (spec, ack) => {
      if (this.refusal !== undefined) return ack(fail('unavailable', this.refusal));
      const parsed = attentionCv.parse(spec);
      if (!parsed.ok) return ack(parsed);
      const sweep = this.#create(parsed.data.name ?? 'Sweep');
      this.#tellOfNew(sweep);
      ack(ok({ id: sweep.id, runIds: sweep.runIds }));
    });
    socket.on('sweep:estimate', (spec, ack) => {
      const parsed = sweepSpecSchema.safeParse(spec);
      if (!parsed.success) return ack(badInput(parsed.error));
      const each = expandSweep(completeSpec(parsed.data)).map(({ dim, epochs }) => (dim / 1500) * epochs);
      const own = each.map((seconds, index) => ({ id: String(index), seconds }));
      const left = secondsLeft(this.#ahead('running'), [...this.#ahead('queued'), ...own], this.#slots);
      const told = { before: this.runs.filter(({ run }) => isActive(run.status)).length, workers: this.#slots };
      const isKnown = this.runs.some(({ run }) => run.step > 0);
      ack(ok(isKnown ? { ...told, each, etaSeconds: Math.max(...own.map(({ id }) => left.get(id)!)) } : told));
    });
    socket.on('run:control', (control, ack) => {
      const { runId, action, total } = control;
      this.controls.push(control);
      const each = this.runs.find(({ run }) => run.id === runId);
      if (this.refusal !== undefined) return ack(fail('unavailable', this.refusal));
      if (each === undefined) return ack(noSuchRun(runId));
      if (effectOf(action as RunAction, each.run).kind === 'new-run') return ack(ok({ ...this.#restart(each).run }));
      const told = each.command(action as RunAction, total);
      if (!told.ok) return ack(told);
      ack(ok({ ...told.data }));
      this.#announce([each]);
    });
    socket.on('run:subscribe', ({ runId, after }, ack) => {
      const each = this.runs.find(({ run }) => run.id === runId);
      if (each === undefined) return ack(noSuchRun(runId));
      const from = after + 1;
      const to = Math.min(each.rows, from + CHUNK_ROWS);
      const answer = { columns: each.columns, dtype: 'f32' as const, ...each.frames(from, to) };
      if (to < each.rows) return ack(ok({ ...answer, more: true }));
      ack(ok(answer));
      void socket.join(runId);
    });
    socket.on('run:unsubscribe', ({ runId }, ack) => {
      void socket.leave(runId);
      ack(ok(null));
    });
  }
}
