/** The Socket.IO server: who may connect, within which limits, and that both sides speak the same protocol. */
import type { Server as HttpServer } from 'node:http';
import { Server } from 'socket.io';
import { badInput } from '../../../shared/bad-input.js';
import type { ApiError } from '../../../shared/errors.js';
import { refusal } from './admission.js';
import { Broadcaster, type ViewerServer } from './broadcaster.js';
import { createHandlers, type HandlerParts } from './handlers.js';
import { packetParser } from './packet-parser.js';
import { handshakeSchema } from './requests.js';
import { limitedWebSocketEngine } from './websocket-engine.js';

export interface Gateway {
  io: ViewerServer;
  /** Tells all viewers what was committed last, then ends their connections. */
  close(): void;
}

export function createGateway(http: HttpServer, parts: Omit<HandlerParts, 'broadcaster'>): Gateway {
  const { service, log, isClosing } = parts;
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
  io.on('connection', createHandlers({ ...parts, broadcaster }));
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
