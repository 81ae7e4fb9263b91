/** Socket.IO's format of packets, with answers that are JSON already: those are sent as they are. */
import { createRequire } from 'node:module';
import { JsonText } from '../calls/json-text.js';

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
