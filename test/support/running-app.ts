/** A real server on a free port over the scripted service, its clients, and the end of both after each test. */
import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { pino } from 'pino';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import { onTestFinished } from 'vitest';
import { Access } from '../../server/access/access.js';
import { Tokens } from '../../server/access/tokens.js';
import { type App, type AppParts, createApp } from '../../server/app.js';
import type { ClientToServerEvents, ServerToClientEvents } from '../../shared/protocol.js';
import { ScriptedService } from './scripted-service.js';

export type TestClient = Socket<ServerToClientEvents, ClientToServerEvents>;

export interface RunningApp {
  app: App;
  service: ScriptedService;
  port: number;
  url: string;
  /** What was logged at `warn` and above. */
  logged: string[];
  /** A client that has not connected yet; `options` go over those that the server asks for. */
  client(options?: Partial<ManagerOptions & SocketOptions>): TestClient;
}

export async function startApp(parts: Partial<AppParts> = {}): Promise<RunningApp> {
  const service = new ScriptedService();
  const clientFolder = pageFolder();
  const folder = mkdtempSync(join(tmpdir(), 'pentachoron-access-'));
  const access = parts.access ?? new Access({ tokens: new Tokens(folder), isPublic: false });
  const logged: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => void logged.push(line) });
  const app = createApp({ service, access, clientFolder, version: '1.2.3', log, ...parts });
  const port = await app.listen(0, '127.0.0.1');
  const url = `http://127.0.0.1:${port}`;
  const clients = new Set<TestClient>();
  onTestFinished(async () => {
    for (const client of clients) client.disconnect();
    await app.close();
    rmSync(clientFolder, { recursive: true });
    rmSync(folder, { recursive: true });
  });
  const client = (options: Partial<ManagerOptions & SocketOptions> = {}): TestClient => {
    const socket: TestClient = io(url, {
      auth: { version: 2 },
      transports: ['websocket'],
      autoConnect: false,
      forceNew: true,
      reconnectionDelay: 1,
      reconnectionDelayMax: 5,
      ...options,
    });
    clients.add(socket);
    return socket;
  };
  return { app, service, port, url, logged, client };
}

/** A page as the build leaves it. */
function pageFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pentachoron-page-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Pentachoron</title>');
  const script = 'export {};';
  writeFileSync(join(folder, 'assets', 'main-abc123.js'), script);
  writeFileSync(join(folder, 'assets', 'main-abc123.js.br'), brotliCompressSync(script));
  writeFileSync(join(folder, 'assets', 'main-abc123.js.gz'), gzipSync(script));
  writeFileSync(join(folder, 'assets', 'plain-abc123.js'), script);
  return folder;
}

/** Resolves when the socket is connected; rejects when it is refused. */
export async function connected(socket: TestClient): Promise<TestClient> {
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
    socket.connect();
  });
  return socket;
}

/** The next arrival of `event`. */
export function next<Name extends keyof ServerToClientEvents>(
  socket: TestClient,
  event: Name,
): Promise<Parameters<ServerToClientEvents[Name]>[0]> {
  return new Promise((resolve) => {
    const listen = resolve as unknown as ServerToClientEvents[Name];
    (socket.once as (name: Name, listener: ServerToClientEvents[Name]) => unknown).call(socket, event, listen);
  });
}

/** What the server acknowledges to an event of any name and payload. */
export function ask(socket: TestClient, event: string, ...payload: unknown[]): Promise<unknown> {
  const untyped = socket as unknown as { emit(event: string, ...parameters: unknown[]): void };
  return new Promise((resolve) => untyped.emit(event, ...payload, resolve));
}
