/** The WebSocket server below Socket.IO, with limits on the pieces in which a message may arrive. */
import { createRequire } from 'node:module';
import type { Limits } from '../limits.js';

const MAX_BUFFERED_CHUNKS = 1024;
/** Who is told that a connection ends and does not answer is cut off. */
const CLOSE_TIMEOUT_MS = 2000;

type WebSocketServerClass = new (options: Record<string, unknown>) => object;

/** A class for Socket.IO's option `wsEngine`: the `ws` that it brings along, asked for limits that it does not set. */
export function limitedWebSocketEngine({ messageFragments }: Pick<Limits, 'messageFragments'>): WebSocketServerClass {
  // Resolved from engine.io, as engine.io itself does: another copy of `ws` may stand elsewhere.
  const fromSocketIo = createRequire(createRequire(import.meta.url).resolve('socket.io'));
  const fromEngineIo = createRequire(fromSocketIo.resolve('engine.io'));
  const { Server } = fromEngineIo('ws') as { Server: WebSocketServerClass };
  return class LimitedWebSocketServer extends Server {
    constructor(options: Record<string, unknown>) {
      super({
        ...options,
        // A client's events are small and come in one piece; thousands of fragments are only ever an attack on memory.
        maxFragments: messageFragments,
        maxBufferedChunks: MAX_BUFFERED_CHUNKS,
        closeTimeout: CLOSE_TIMEOUT_MS,
      });
    }
  };
}
