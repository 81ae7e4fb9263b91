/** A real server, in a process of its own, where everyone needs a token; one for each role, and a viewer who is well. */
import { readFileSync } from 'node:fs';
import { io, type ManagerOptions, type SocketOptions } from 'socket.io-client';
import type { Role } from '../../shared/access.js';
import { RealServer } from '../support/real-server.js';
import { ask, type TestClient } from '../support/running-app.js';

export const SECRETS: Record<Role, string> = {
  controller: 'controller-secret-1',
  viewer: 'viewer-secret-1',
  writer: 'writer-secret-1',
};
const TOKENS = Object.entries(SECRETS).flatMap(([role, secret]) => ['--token', `${role} one:${role}:${secret}`]);
const ASK_MS = 50;

export class SecuredServer {
  readonly server: RealServer;
  readonly port: number;
  readonly #clients = new Set<TestClient>();

  private constructor(server: RealServer) {
    this.server = server;
    this.port = Number(new URL(server.url).port);
  }

  static async start(flags: readonly string[] = []): Promise<SecuredServer> {
    return new SecuredServer(await RealServer.start(['--engine', 'cpu', '--workers', '1', ...TOKENS, ...flags]));
  }

  get url(): string {
    return this.server.url;
  }

  client(options: Partial<ManagerOptions & SocketOptions> = {}): TestClient {
    const socket: TestClient = io(this.url, {
      ...{ transports: ['websocket'], forceNew: true, reconnection: false, timeout: 20_000 },
      ...options,
    });
    this.#clients.add(socket);
    return socket;
  }

  /** Null once it is connected, or why it is not. */
  async trouble(options: Partial<ManagerOptions & SocketOptions>): Promise<string | null> {
    const socket = this.client(options);
    return new Promise((resolve) => {
      socket.once('connect', () => resolve(null));
      socket.once('connect_error', (error) => resolve(error.message));
    });
  }

  /** Of the server's process, MB. */
  residentMb(): number {
    const kb = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.server.pid}/status`, 'utf8'))?.[1];
    return Number(kb) / 1024;
  }

  /** Asks again and again as a viewer until it is told to end; answers how long each answer took, ms, ascending. */
  async watchWell(): Promise<() => Promise<number[]>> {
    const socket = this.client({ auth: { version: 2, token: SECRETS.viewer }, reconnection: true });
    await new Promise((resolve) => socket.once('connect', resolve as () => void));
    const waited: number[] = [];
    let isOver = false;
    const asking = (async () => {
      while (!isOver) {
        const began = performance.now();
        await ask(socket, 'runs:watch');
        waited.push(performance.now() - began);
        await new Promise((resolve) => setTimeout(resolve, ASK_MS));
      }
    })();
    return async () => {
      isOver = true;
      await asking;
      return waited.sort((one, other) => one - other);
    };
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.disconnect();
    await this.server.close();
  }
}

export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}
