/** The real server with real trainers, as a user starts it: a process of its own over a fresh data folder. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class RealServer {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(url: string, child: ChildProcess, folder: string) {
    this.url = url;
    this.#child = child;
    this.#folder = folder;
  }

  /** Resolves when it has said where it listens; rejects with its words if it ends before. */
  static async start(flags: string[] = []): Promise<RealServer> {
    const folder = mkdtempSync(join(tmpdir(), 'pentachoron-e2e-'));
    const parameters = ['server/bin.js', 'serve', '--port', '0', '--data', folder, ...flags];
    const child = spawn(process.execPath, parameters, { stdio: ['ignore', 'pipe', 'pipe'] });
    const url = await new Promise<string>((resolve, reject) => {
      let said = '';
      const listen = (chunk: Buffer): void => {
        said += chunk.toString();
        const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
        if (found !== undefined) resolve(`${found}/`);
      };
      child.stdout.on('data', listen);
      child.stderr.on('data', listen);
      child.once('exit', (code) => {
        rmSync(folder, { recursive: true, force: true });
        reject(new Error(`the server ended with ${code}: ${said}`));
      });
    });
    return new RealServer(url, child, folder);
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
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
