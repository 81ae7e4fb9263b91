/** The Socket.IO server: who may connect, within which limits, and that both sides speak the same protocol. */
import type { Server as HttpServer } from 'node:http';
import type { Logger } from 'pino';
import { Server } from 'socket.io';
import { z } from 'zod';
import { badInput } from '../../../shared/bad-input.js';
import type { ApiError } from '../../../shared/errors.js';
import { PROTOCOL_VERSION } from '../../../shared/protocol.js';
import type { SweepService } from '../../service/sweep-service.js';
import { refusal } from './admission.js';
import { Broadcaster, type ViewerServer } from './broadcaster.js';
import { type ConnectionParts, createConnections } from './connections.js';
import { packetParser } from './packet-parser.js';
import { limitedWebSocketEngine } from './websocket-engine.js';

export interface Gateway {
  io: ViewerServer;
  /** Tells all viewers what was committed last, then ends their connections. */
  close(): void;
}

export interface GatewayParts extends ConnectionParts {
  service: SweepService;
  log: Logger;
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

export function createGateway(http: HttpServer, { service, log, isClosing, ...parts }: GatewayParts): Gateway {
  const io: ViewerServer = new Server(http, {
    serveClient: false,
    transports: ['websocket'],
    // Deflate costs ten times the memory, and frames hardly shrink.
    perMessageDeflate: false,
    httpCompression: false,
    // The largest request is a sweep of 400 values.
    maxHttpBufferSize: 16 * 1024,
    connectTimeout: 5000,
    pingInterval: 10_000,
    pingTimeout: 5000,
    wsEngine: limitedWebSocketEngine(),
    parser: packetParser(),
    // `cors` would not do: browsers do not ask for leave before they open a WebSocket.
    allowRequest: (request, decide) => {
      const refused = isClosing() ? 'the server is closing' : refusal(request);
      decide(refused, refused === null);
    },
  });
  /** Connections that are a viewer: to Socket.IO, each CONNECT that comes before the first is through is one more. */
  const taken = new WeakSet<object>();
  io.use((socket, next) => {
    const { conn } = socket;
    const handshake = handshakeSchema.safeParse(socket.handshake.auth);
    if (handshake.success && !taken.has(conn)) {
      taken.add(conn);
      socket.once('disconnect', () => taken.delete(conn));
      return next();
    }
    next(
      connectError(
        handshake.success
          ? { code: 'bad_input', message: 'this connection is connected already' }
          : badInput(handshake.error).error,
      ),
    );
    // After the refusal: who goes on asking on this connection is not listened to any more.
    setImmediate(() => conn.close());
  });
  // Of these there are none, and each would be refused in words for as long as it is asked for.
  io.engine.on('connection', (conn: { on(event: 'data', listen: (data: unknown) => void): void; close(): void }) =>
    conn.on('data', (data) => {
      if (typeof data === 'string' && /^0\/(?!,)/.test(data)) conn.close();
    }),
  );
  const broadcaster = new Broadcaster(io, service, log);
  io.on('connection', createConnections(parts, broadcaster));
  return {
    io,
    close: () => {
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
