/** The real server with real trainers, as a user starts it: a process of its own over a fresh data folder. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class RealServer {
  readonly url: string;
  /** Its data folder. */
  readonly folder: string;
  readonly #flags: readonly string[];
  #child: ChildProcess;

  private constructor(url: string, child: ChildProcess, folder: string, flags: readonly string[]) {
    this.url = url;
    this.#child = child;
    this.folder = folder;
    this.#flags = flags;
  }

  /** Resolves when it has said where it listens; rejects with its words if it ends before. */
  static async start(flags: readonly string[] = []): Promise<RealServer> {
    const folder = mkdtempSync(join(tmpdir(), 'pentachoron-e2e-'));
    try {
      const { url, child } = await serve(folder, '0', flags);
      return new RealServer(url, child, folder, flags);
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Ends it as a service manager does and starts it again, at the same address over the same folder. */
  async restart(): Promise<void> {
    const ended = once(this.#child, 'exit') as Promise<[number | null]>;
    this.#child.kill('SIGTERM');
    const [code] = await ended;
    if (code !== 0) throw new Error(`the server ended with ${code}`);
    this.#child = (await serve(this.folder, new URL(this.url).port, this.#flags)).child;
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** As Ctrl-C in a terminal does. */
  async close(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = once(this.#child, 'exit');
      this.#child.kill('SIGINT');
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function serve(folder: string, port: string, flags: readonly string[]): Promise<{ url: string; child: ChildProcess }> {
  const parameters = ['server/bin.js', 'serve', '--port', port, '--data', folder, ...flags];
  const child = spawn(process.execPath, parameters, { stdio: ['ignore', 'pipe', 'pipe'] });
  return new Promise((resolve, reject) => {
    let said = '';
    const listen = (chunk: Buffer): void => {
      said += chunk.toString();
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
      if (found !== undefined) resolve({ url: `${found}/`, child });
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${said}`)));
  });
}
