/** The protocol over runs that are made up, of any number, size and pace: loads that no trainer of this machine gives. */
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express from 'express';
import { Server } from 'socket.io';
import { fail, ok } from '../../../shared/errors.js';
import type { ClientToServerEvents, ServerToClientEvents } from '../../../shared/protocol.js';
import { referenceSweep } from '../../../shared/experiments/attention-cv/reference.js';
import type { SweepSpec } from '../../../shared/experiments/attention-cv/sweep.js';
import type { Sweep } from '../../../shared/run.js';
import { MadeRun } from './made-run.js';

export type MadeSweep = Partial<Pick<SweepSpec, 'dims' | 'heads' | 'seeds' | 'epochs'>>;

const TICK_MS = 50;
/** As the real server does, at most. */
const ANNOUNCE_MS = 1000;
/** Rows per answer to a subscription: a few hundred kilobytes for the widest run. */
const CHUNK_ROWS = 50;

export class MadeServer {
  runs: MadeRun[] = [];
  #sweep: Sweep;
  #count = 0;
  #framesPerSecond = 0;
  #credit = 0;
  #announcedAt = 0;
  /** Asked when every run has ended; false = let it stay so. */
  whenDone: () => boolean = () => false;
  readonly #made: MadeSweep;
  readonly #http: HttpServer;
  readonly #io: Server<ClientToServerEvents, ServerToClientEvents>;
  readonly #timer = setInterval(() => this.#tick(), TICK_MS);

  private constructor(made: MadeSweep) {
    this.#made = made;
    this.#sweep = this.#create();
    const app = express();
    app.use((_request, response, next) => {
      response.setHeader('Content-Security-Policy', "default-src 'self'");
      next();
    });
    app.get('/api/runs/:id/:what', (_request, response) => void response.json([]));
    app.use(express.static(join(process.cwd(), 'dist/client')));
    this.#http = createServer(app);
    this.#io = new Server(this.#http, { transports: ['websocket'], serveClient: false, perMessageDeflate: false });
    this.#io.on('connection', (socket) => {
      socket.on('runs:watch', (_request, ack) => {
        void socket.join('watching');
        const runs = this.runs.map(({ run }) => run);
        ack(ok({ sweeps: [this.#sweep], runs, viewers: 1, workers: 1, role: 'controller' as const }));
      });
      socket.on('run:subscribe', ({ runId, after }, ack) => {
        const each = this.runs.find(({ run }) => run.id === runId);
        if (each === undefined) return ack(fail('not_found', `there is no run ${runId}`));
        const from = after + 1;
        const to = Math.max(from, Math.min(each.rows, from + CHUNK_ROWS));
        const answer = { columns: each.columns, dtype: 'f32' as const, ...each.frames(from, to) };
        if (to < each.rows) return ack(ok({ ...answer, more: true }));
        ack(ok(answer));
        void socket.join(runId);
      });
      socket.on('run:unsubscribe', ({ runId }, ack) => {
        void socket.leave(runId);
        ack(ok(null));
      });
    });
  }

  static async start(made: MadeSweep): Promise<MadeServer> {
    const server = new MadeServer(made);
    await new Promise<void>((resolve) => server.#http.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}/`;
  }

  finish(): void {
    for (const each of this.runs) each.advance(Infinity);
  }

  /** Of all runs together. */
  setPace(framesPerSecond: number): void {
    this.#framesPerSecond = framesPerSecond;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#io.close();
  }

  /** A new sweep in the place of the old one, as for who keeps a page open for days. */
  renew(): void {
    const removed = [this.#sweep.id, ...this.runs.map(({ run }) => run.id)];
    this.#sweep = this.#create();
    this.#io.to('watching').emit('runs:changed', {
      ...{ runs: this.runs.map(({ run }) => run), sweeps: [this.#sweep], removed },
    });
  }

  #create(): Sweep {
    const { name, ...reference } = referenceSweep;
    const spec: SweepSpec = { ...reference, ...this.#made };
    const id = `sweep-${++this.#count}`;
    const { dims: _dims, heads: _heads, seeds: _seeds, lrs, ...common } = spec;
    this.runs = spec.seeds.flatMap((seed) =>
      spec.dims.flatMap((dim) =>
        spec.heads.map((heads) => {
          const config = { ...common, dim, heads, headDim: dim / heads, seed, lr: lrs[0]! };
          return new MadeRun(`${id}-${dim}-${heads}-${seed}`, id, config);
        }),
      ),
    );
    const runIds = this.runs.map(({ run }) => run.id);
    return {
      id,
      experiment: 'attention-cv',
      name,
      spec,
      runIds,
      createdAt: new Date().toISOString(),
      counts: { queued: runIds.length },
    };
  }

  #tick(): void {
    const training = this.runs.filter(({ ended }) => !ended);
    if (training.length === 0) {
      if (this.#framesPerSecond > 0 && this.whenDone()) this.renew();
      return;
    }
    this.#credit += (this.#framesPerSecond * TICK_MS) / 1000 / training.length;
    const epochs = Math.floor(this.#credit);
    this.#credit -= epochs;
    if (epochs === 0) return;
    for (const each of training) {
      const from = each.rows;
      each.advance(epochs);
      this.#io.to(each.run.id).emit('run:frames', [{ runId: each.run.id, ...each.frames(from, each.rows) }]);
    }
    const now = performance.now();
    if (now - this.#announcedAt < ANNOUNCE_MS && !training.some(({ ended }) => ended)) return;
    this.#announcedAt = now;
    this.#io.to('watching').emit('runs:changed', { runs: training.map(({ run }) => run) });
  }
}
