/** How much clients may ask of the server. Normal use meets none of these; each has a flag. */
import type { Server as HttpServer } from 'node:http';
import type { Socket } from 'node:net';
import { clientKey } from '../access/addresses.js';

export interface Limits {
  /** Open at a time, in all. */
  connections: number;
  /** Open at a time, from one address. */
  connectionsPerAddress: number;
  /** Until a socket that was opened has said who it is, and until a request has come whole. */
  handshakeSeconds: number;
  /** How long a connection may do nothing while an answer waits for it. */
  idleSeconds: number;
  /** Of one message on a socket. */
  messageBytes: number;
  /** Pieces in which it may come. */
  messageFragments: number;
  /** Events of one socket in 10 seconds. */
  events: number;
  /** Requests to the API of one address in 10 seconds. */
  requests: number;
  /** Of the body of one request. */
  bodyBytes: number;
}

/** In which events and requests are counted. */
export const WINDOW_SECONDS = 10;
/** How often requests are looked at that do not come to their end. */
const LOOK_MS = 1000;

export const DEFAULT_LIMITS: Limits = {
  connections: 20_000,
  // All of a house may stand behind one address.
  connectionsPerAddress: 5_000,
  handshakeSeconds: 5,
  idleSeconds: 60,
  // The largest request is a sweep of 400 values.
  messageBytes: 16 * 1024,
  messageFragments: 16,
  // A page that follows a thousand runs asks a thousand times at once when it is opened; a run-away loop asks for ever.
  events: 5_000,
  // A thousand a second from one address is a run-away loop, a hundred is a busy program.
  requests: 10_000,
  bodyBytes: 64 * 1024,
};

/**
 * How many connections may be open, in all and from one address, and how slow they may be. Who is too many is told so
 * where that can be said before a word was read, and cut.
 *
 * @param isProxied whether all come from the addresses of proxies, which then are not counted
 */
export function limitConnections(http: HttpServer, limits: Limits, isProxied: boolean): void {
  const { connections, connectionsPerAddress, handshakeSeconds, idleSeconds } = limits;
  const byAddress = new Map<string, number>();
  let all = 0;
  http.headersTimeout = handshakeSeconds * 1000;
  http.requestTimeout = idleSeconds * 1000;
  // A WebSocket's own pings take the place of this.
  http.timeout = idleSeconds * 1000;
  http.setTimeout(idleSeconds * 1000, (socket: Socket) => socket.destroy());
  (http as HttpServer & { connectionsCheckingInterval?: number }).connectionsCheckingInterval = LOOK_MS;
  http.on('connection', (socket: Socket) => {
    const address = clientKey(socket.remoteAddress ?? '');
    const own = byAddress.get(address) ?? 0;
    const tooMany =
      all >= connections
        ? `this server has ${connections} connections open, which is the most that it takes`
        : own >= connectionsPerAddress && !isProxied
          ? `your address has ${connectionsPerAddress} connections open, which is the most that it may`
          : null;
    all += 1;
    byAddress.set(address, own + 1);
    socket.once('close', () => {
      all -= 1;
      const left = byAddress.get(address)! - 1;
      if (left === 0) byAddress.delete(address);
      else byAddress.set(address, left);
    });
    if (tooMany !== null) refuse(socket, tooMany);
  });
}

/** To whoever speaks TLS this is no answer, but an end all the same. */
function refuse(socket: Socket, message: string): void {
  const body = JSON.stringify({ error: { code: 'too_many_requests', message } });
  socket.on('error', () => undefined);
  socket.end(
    `HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` +
      `Retry-After: 10\r\nConnection: close\r\n\r\n${body}`,
  );
  socket.destroySoon();
}
