/** The Socket.IO server: who may connect, within which limits, and that both sides speak the same protocol. */
import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Logger } from 'pino';
import { Server } from 'socket.io';
import { z } from 'zod';
import { hasRight } from '../../../shared/access.js';
import { badInput } from '../../../shared/bad-input.js';
import { type ApiError, ok } from '../../../shared/errors.js';
import { PROTOCOL_VERSION } from '../../../shared/protocol.js';
import type { SweepService } from '../../service/sweep-service.js';
import type { Access } from '../../access/access.js';
import { ANYONE, type Principal } from '../../access/principal.js';
import { Broadcaster, type ViewerServer } from './broadcaster.js';
import { type ConnectionParts, createConnections } from './connections.js';
import { limitedWebSocketEngine, packetParser } from './socket-io-parts.js';

/** How soon a token that was revoked ends what is connected with it. */
const CHECK_MS = 500;

export interface Gateway {
  io: ViewerServer;
  /** By the name of a token, how many sockets are connected with it. */
  connections: () => ReadonlyMap<string, number>;
  /** Tells all viewers what was committed last, then ends their connections. */
  close(): void;
}

export interface GatewayParts extends ConnectionParts {
  access: Access;
  service: SweepService;
  log: Logger;
  /** What all paths begin with: empty, or `/x`. */
  basePath: string;
  /** Whether the server is on its way out: nobody new is let in then. */
  isClosing: () => boolean;
}

const handshakeSchema = z.object({
  version: z.literal(PROTOCOL_VERSION, {
    error: ({ input }) =>
      `version must be ${PROTOCOL_VERSION}, the protocol that this server speaks; the handshake's auth ` +
      (input === undefined ? 'has none' : `says ${JSON.stringify(input)}`),
  }),
  token: z.string({ error: 'token must be a text' }).optional(),
});

export function createGateway(http: HttpServer, parts: GatewayParts): Gateway {
  const { access, service, log, isClosing, basePath, limits } = parts;
  /** Of each connection, as whom it was let in. */
  const principals = new WeakMap<IncomingMessage, Principal>();
  const io: ViewerServer = new Server(http, {
    path: `${basePath}/socket.io/`,
    serveClient: false,
    transports: ['websocket'],
    // Deflate costs ten times the memory, and frames hardly shrink.
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: limits.messageBytes,
    connectTimeout: limits.handshakeSeconds * 1000,
    pingInterval: 10_000,
    pingTimeout: 5000,
    wsEngine: limitedWebSocketEngine(limits),
    parser: packetParser(),
    // `cors` would not do: browsers do not ask for leave before they open a WebSocket.
    allowRequest: (request, decide) => {
      if (isClosing()) return decide('the server is closing', false);
      const principal = access.principalOf(request);
      if (!principal.ok) return decide(principal.error.message, false);
      principals.set(request, principal.data);
      decide(null, true);
    },
  });
  /** Connections that are a viewer: to Socket.IO, each CONNECT that comes before the first is through is one more. */
  const claimed = new WeakSet<object>();
  io.use((socket, next) => {
    const { conn, request, handshake } = socket;
    const refuse = (error: ApiError): void => {
      next(connectError(error));
      // After the refusal: who goes on asking on this connection is not listened to any more.
      setImmediate(() => conn.close());
    };
    const auth = handshakeSchema.safeParse(handshake.auth);
    if (!auth.success) return refuse(badInput(auth.error).error);
    if (claimed.has(conn)) return refuse({ code: 'bad_input', message: 'this connection is connected already' });
    access.tokens.refresh();
    const { token } = auth.data;
    const principal = token === undefined ? ok(principals.get(request) ?? ANYONE) : access.identify(token);
    if (!principal.ok) return refuse(principal.error);
    const { role } = principal.data;
    // It may have been let in, and left, long ago.
    if (!access.isValid(principal.data))
      return refuse({ code: 'unauthorized', message: 'this token is not valid, or not any more' });
    if (role === null)
      return refuse({
        code: 'unauthorized',
        message: 'a token is needed: send it as auth.token, or sign in on the page',
      });
    if (!hasRight(role, 'watch'))
      return refuse({ code: 'forbidden', message: `a ${role} may not watch: it sends what it does over HTTP` });
    socket.data = principal.data;
    claimed.add(conn);
    // Who leaves is gone: a connection that stays would outlive what it was let in by.
    socket.once('disconnect', () => conn.close());
    next();
  });
  // Of these there are none, and each would be refused in words for as long as it is asked for.
  io.engine.on('connection', (conn: { on(event: 'data', listen: (data: unknown) => void): void; close(): void }) =>
    conn.on('data', (data) => {
      if (typeof data === 'string' && /^0\/(?!,)/.test(data)) conn.close();
    }),
  );
  const broadcaster = new Broadcaster(io, service, log);
  io.on('connection', createConnections(parts, broadcaster));
  const checking = setInterval(() => {
    access.tokens.refresh();
    for (const socket of io.sockets.sockets.values()) if (!access.isValid(socket.data)) socket.conn.close();
  }, CHECK_MS).unref();
  return {
    io,
    connections: () => broadcaster.connections,
    close: () => {
      clearInterval(checking);
      broadcaster.close();
      // Not `disconnectSockets`: upon its packet socket.io-client never comes back by itself.
      for (const socket of io.sockets.sockets.values()) socket.conn.close();
    },
  };
}

/** Arrives as the `data` of the client's `connect_error`. */
function connectError(error: ApiError): Error {
  return Object.assign(new Error(error.message), { data: error });
}
