/** The server put together from its parts: HTTP and sockets on one port, over one sweep service. */
import { createServer, type Server as HttpServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { CallTable } from './api/calls/call.js';
import { createCalls } from './api/calls/calls.js';
import { type ApiParts, createApi } from './api/http/api.js';
import type { ViewerServer } from './api/realtime/broadcaster.js';
import { createGateway } from './api/realtime/gateway.js';
import { DEFAULT_LIMITS, limitConnections, type Limits } from './api/limits.js';
import { Turns } from './api/turns.js';
import type { SweepService } from './service/sweep-service.js';

export interface AppParts extends Omit<ApiParts, 'table' | 'turns' | 'limits'> {
  /** Those of `DEFAULT_LIMITS` where they are not given. */
  limits?: Partial<Limits>;
  service: SweepService;
  /** PEM, with which connections are encrypted; plain http without. */
  tls?: { cert: Buffer; key: Buffer };
}

export interface App {
  http: HttpServer;
  io: ViewerServer;
  /** Resolves with the port taken, which is a free one if `port` is 0. Rejects as `net.Server` does. */
  listen(port: number, host: string): Promise<number>;
  /**
   * Lets nothing new begin, ends the service, tells the viewers what was committed last, ends their connections and
   * stops listening. What is left of connections after a moment is cut.
   */
  close(): Promise<void>;
}

/** Viewers that do not read, and calls that do not end, are waited for no longer. */
const GRACE_MS = 2000;

export function createApp(parts: AppParts): App {
  const { service, access, version, log, tls, basePath = '' } = parts;
  let status: 'starting' | 'ok' | 'closing' = 'starting';
  const isClosing = (): boolean => status === 'closing';
  const startedMs = performance.now();
  const health = () => ({
    status,
    version,
    engine: service.engine(),
    workers: service.workers,
    uptimeSeconds: Math.round(performance.now() - startedMs) / 1000,
    storage: { ok: service.storage() === null, ...service.storage() },
  });
  access.admitPrograms((secret) => service.external.principal(secret));
  const turns = new Turns();
  const connections = (): ReadonlyMap<string, number> => gateway.connections();
  const table = new CallTable(createCalls({ service, access, health, connections }), log, isClosing);
  const limits = { ...DEFAULT_LIMITS, ...parts.limits };
  const api = createApi({ ...parts, table, turns, limits });
  const http: HttpServer =
    tls === undefined
      ? createServer(api)
      : createSecureServer({ ...tls, handshakeTimeout: limits.handshakeSeconds * 1000 }, api);
  const gateway = createGateway(http, { service, access, table, turns, log, isClosing, basePath, limits });
  limitConnections(http, limits, access.isProxied);
  const open = new Set<Socket>();
  http.on('connection', (connection) => {
    open.add(connection);
    connection.on('close', () => open.delete(connection));
  });
  let closing: Promise<void> | undefined;

  async function close(): Promise<void> {
    status = 'closing';
    await service.close();
    gateway.close();
    if (!http.listening) return;
    const cut = setTimeout(() => {
      for (const connection of open) connection.destroy();
    }, GRACE_MS);
    await new Promise((resolve) => http.close(resolve));
    clearTimeout(cut);
  }

  return {
    http,
    io: gateway.io,
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        http.once('error', reject);
        http.listen(port, host, () => {
          http.off('error', reject);
          http.on('error', (error) => log.error({ err: error }, 'the server cannot accept a connection'));
          status = 'ok';
          resolve((http.address() as AddressInfo).port);
        });
      }),
    close: () => (closing ??= close()),
  };
}
