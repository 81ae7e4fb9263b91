/** A real server over a data folder, in a process that can be killed, told to fail, and started again on its port. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Run } from '../../shared/run.js';
import type { SweepCreated } from '../../shared/protocol.js';
import type { SweepRequest } from '../../shared/experiments/attention-cv/sweep.js';
import { builtFile } from './built-file.js';
import { within } from './deadline.js';
import type { FaultNews, FaultOrder } from './fault-points.js';

const PATIENCE_MS = 30_000;

/** Two runs that outlast any number of lives: far more epochs than there will be time for. */
export const LASTING_SWEEP: SweepRequest = {
  dims: [64],
  heads: [1, 2],
  vocab: 32,
  seqLen: 8,
  classes: 5,
  samplesPerClass: 50,
  samples: 100,
  epochs: 90_000,
};

export class KillableServer {
  readonly folder: string;
  readonly #faultsFolder = mkdtempSync(join(tmpdir(), 'pentachoron-faults-'));
  readonly #checkpointSeconds: number;
  /** A free one until the first start. */
  #port = 0;
  #child: ChildProcess | undefined;
  #said = '';

  /** @param folder The data folder; one of its own by default, gone after `close()`. */
  constructor({ folder, checkpointSeconds = 0.1 }: { folder?: string; checkpointSeconds?: number } = {}) {
    this.folder = folder ?? mkdtempSync(join(tmpdir(), 'pentachoron-faults-'));
    this.#checkpointSeconds = checkpointSeconds;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** What it last wrote to stderr. */
  get said(): string {
    return this.#said;
  }

  get #running(): ChildProcess {
    if (this.#child === undefined) throw new Error('the server was not started');
    return this.#child;
  }

  /** Resolves when it listens. Rejects with its words when it ends before, or takes too long. */
  async start(): Promise<void> {
    this.#said = '';
    const parameters = [String(this.#port), this.folder, String(this.#checkpointSeconds)];
    const child = fork(builtFile('test/faults/server-child.js'), parameters, {
      // In the environment, so that its trainers load them, too.
      env: {
        ...process.env,
        NODE_OPTIONS: `--import ${pathToFileURL(builtFile('test/faults/fault-points.js')).href}`,
        FAULTS_FOLDER: this.#faultsFolder,
      },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child = child;
    const live = new Promise<void>((resolve, reject) => {
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        this.#said = (this.#said + text).slice(-10_000);
        const port = /live at http:\/\/127\.0\.0\.1:(\d+)\n/.exec(this.#said)?.[1];
        if (port === undefined) return;
        this.#port = Number(port);
        resolve();
      });
      child.once('exit', () => reject(new Error(`the server ended: ${this.#said}`)));
    });
    await within(PATIENCE_MS, 'a server that listens', live);
  }

  /** With -9. Resolves when it is gone. */
  async kill(): Promise<void> {
    const child = this.#running;
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  /** Resolves with the signal when the server has died by its own. */
  async died(): Promise<NodeJS.Signals | null> {
    const child = this.#running;
    if (child.exitCode === null && child.signalCode === null)
      await within(PATIENCE_MS, 'the death of the server', once(child, 'exit'));
    return child.signalCode;
  }

  /** Gives the order; resolves with the number of its writes so far when it has been taken. */
  async order(order: FaultOrder): Promise<number> {
    const answer = this.news('writes');
    this.#running.send(order);
    const { count } = await within(PATIENCE_MS, 'the server taking an order', answer);
    return count;
  }

  /** The next news of this type; `signal` ends the waiting for it. */
  news<Type extends FaultNews['type']>(type: Type, signal?: AbortSignal): Promise<Extract<FaultNews, { type: Type }>> {
    const child = this.#running;
    return new Promise((resolve) => {
      const listen = (news: unknown): void => {
        if ((news as FaultNews).type !== type) return;
        child.off('message', listen);
        resolve(news as Extract<FaultNews, { type: Type }>);
      };
      child.on('message', listen);
      signal?.addEventListener('abort', () => child.off('message', listen));
    });
  }

  get pid(): number {
    return this.#running.pid!;
  }

  async createSweep(request: SweepRequest): Promise<SweepCreated> {
    return (await this.#call('POST', '/api/sweeps', request)) as SweepCreated;
  }

  async run(runId: string): Promise<Run> {
    return (await this.#call('GET', `/api/runs/${runId}`)) as Run;
  }

  async control(path: string): Promise<void> {
    await this.#call('POST', path);
  }

  async #call(method: string, path: string, body?: unknown): Promise<unknown> {
    const headers = { 'Content-Type': 'application/json' };
    const options = body === undefined ? { method } : { method, headers, body: JSON.stringify(body) };
    const response = await fetch(this.url + path, { ...options, signal: AbortSignal.timeout(PATIENCE_MS) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${text}`);
    return JSON.parse(text);
  }

  async close({ keepFolder = false } = {}): Promise<void> {
    if (this.#child !== undefined) await this.kill();
    rmSync(this.#faultsFolder, { recursive: true, force: true });
    if (!keepFolder) rmSync(this.folder, { recursive: true, force: true, maxRetries: 20 });
  }
}
