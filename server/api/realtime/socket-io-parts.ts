/** What Socket.IO is given in place of its own parts: a WebSocket server with more limits, a parser that writes ready answers. */
import { createRequire } from 'node:module';
import type { Limits } from '../limits.js';
import { JsonText } from '../calls/json-text.js';

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

interface Packet {
  type: number;
  id?: number;
  data?: unknown;
}
interface PacketParser {
  Encoder: new () => { encode(packet: Packet): unknown[] };
  PacketType: { ACK: number };
}

/** For Socket.IO's option `parser`: its own one, which would walk through every answer and escape it anew. */
export function packetParser(): PacketParser {
  // Resolved from socket.io, as socket.io itself does: another copy may stand elsewhere.
  const fromSocketIo = createRequire(createRequire(import.meta.url).resolve('socket.io'));
  const own = fromSocketIo('socket.io-parser') as PacketParser;
  return {
    ...own,
    Encoder: class extends own.Encoder {
      override encode(packet: Packet): unknown[] {
        const answer: unknown = Array.isArray(packet.data) ? packet.data[0] : undefined;
        if (packet.type !== own.PacketType.ACK || !(answer instanceof JsonText)) return super.encode(packet);
        return [`${packet.type}${packet.id}[${answer.text}]`];
      }
    },
  };
}
