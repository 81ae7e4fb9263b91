/** A real server, in a process of its own, where everyone needs a token; one for each role, and a viewer who is well. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { io, type ManagerOptions, type SocketOptions } from 'socket.io-client';
import type { Role } from '../../shared/access.js';
import { RealServer } from '../support/real-server.js';
import { builtFile } from '../faults/built-file.js';
import type { TestClient } from '../support/running-app.js';

export const SECRETS: Record<Role, string> = {
  controller: 'controller-secret-1',
  viewer: 'viewer-secret-1',
  writer: 'writer-secret-1',
};
const TOKENS = Object.entries(SECRETS).flatMap(([role, secret]) => ['--token', `${role} one:${role}:${secret}`]);

const LOOKS = 20;
const LOOK_MS = 250;

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

  /** What is left once it has come to rest, MB. */
  async settledMb(): Promise<number> {
    let least = Infinity;
    for (let look = 0; look < LOOKS; look += 1) {
      least = Math.min(least, this.#residentMb());
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    return least;
  }

  #residentMb(): number {
    const kb = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.server.pid}/status`, 'utf8'))?.[1];
    return Number(kb) / 1024;
  }

  /** A viewer asks again and again until it is told to end; answers how long each answer took, ms, ascending. */
  async watchWell(): Promise<() => Promise<number[]>> {
    const viewer = new Worker(builtFile('test/security/well-viewer.js'), {
      workerData: { url: this.url, token: SECRETS.viewer },
    });
    await once(viewer, 'message');
    return async () => {
      const told = once(viewer, 'message') as Promise<[number[]]>;
      viewer.postMessage('end');
      const [waited] = await told;
      return waited;
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
