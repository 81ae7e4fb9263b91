/** A client that asks as fast as it can: a module to fork, so that what it reads costs those who measure nothing. */
import { createConnection, type Socket } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';

/** What is asked of one connection, again and again. */
export interface Flood {
  /** A Socket.IO event with its payload, or the path of a GET. */
  ask: string;
  kind: 'event' | 'get';
  connections: number;
  /** Of all connections together. */
  requests: number;
  /** One that does not read leaves its answers to the server. */
  reads: boolean;
}

/** One that reads is over with its last answer; one that does not when so long nothing has come. */
const QUIET_MS = 2000;
const LONGEST_MS = 60_000;
const PONG_MS = 3000;

const [, , port = '', text = ''] = process.argv;
if (text !== '') await flood(Number(port), JSON.parse(text) as Flood);

async function flood(toPort: number, { ask, kind, connections, requests, reads }: Flood): Promise<void> {
  let lastMs = performance.now();
  let received = 0;
  let unanswered = connections;
  const wires = Array.from({ length: connections }, () => {
    const wire = createConnection(toPort, '127.0.0.1');
    wire.on('error', () => undefined);
    wire.on('data', (chunk) => {
      received += chunk.length;
      lastMs = performance.now();
    });
    return wire;
  });
  const each = Math.ceil(requests / connections);
  for (const wire of wires) {
    if (kind === 'event') await beginSocket(wire, toPort);
    if (reads) void lastAnswer(wire, kind === 'event' ? `43${each - 1}[` : undefined).then(() => (unanswered -= 1));
    else wire.pause();
    const one = (index: number): Buffer | string =>
      kind === 'event' ? frame(`42${index}${ask}`) : get(ask, toPort, index === each - 1);
    for (let index = 0; index < each; index += 1) wire.write(one(index));
  }
  const started = performance.now();
  lastMs = started;
  let pongMs = started;
  const isOver = (): boolean => (reads ? unanswered === 0 : performance.now() - lastMs >= QUIET_MS);
  while (!isOver() && performance.now() - started < LONGEST_MS) {
    await after(100);
    if (kind === 'event' && performance.now() - pongMs > PONG_MS) {
      pongMs = performance.now();
      for (const wire of wires) wire.write(frame('3'));
    }
  }
  for (const wire of wires) wire.destroy();
  process.send!({ received, seconds: (lastMs - started) / 1000 }, () => process.disconnect());
}

/** The last one asks for the end of the connection, by which its answer is known to be there. */
function get(path: string, toPort: number, isLast: boolean): string {
  return `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${toPort}\r\n${isLast ? 'Connection: close\r\n' : ''}\r\n`;
}

/** Resolves when `mark` has come, or the end of the connection. */
function lastAnswer(wire: Socket, mark: string | undefined): Promise<void> {
  let end = '';
  return new Promise((resolve) => {
    wire.once('close', resolve);
    if (mark === undefined) return;
    wire.on('data', (chunk: Buffer) => {
      // The mark may come in two pieces.
      const seam = end + chunk.toString('latin1', 0, mark.length);
      if (seam.includes(mark) || chunk.includes(mark)) resolve();
      end = chunk.subarray(-mark.length).toString('latin1');
    });
  });
}

/** Becomes a WebSocket, and a viewer on it. */
async function beginSocket(wire: Socket, toPort: number): Promise<void> {
  wire.write(
    `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:${toPort}\r\nConnection: Upgrade\r\n` +
      'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  let heard = '';
  await new Promise<void>((resolve, reject) => {
    let isOpen = false;
    wire.on('data', (chunk: Buffer) => {
      if (heard.includes('40{"sid"')) return;
      heard += chunk.toString('latin1');
      if (heard.includes('40{"sid"')) resolve();
      else if (!isOpen && heard.includes('0{"sid"')) {
        isOpen = true;
        wire.write(frame('40{"version":2}'));
      }
    });
    wire.once('close', () => reject(new Error('the server closed the connection')));
  });
}

/** A whole text as one masked frame (mask 0). */
function frame(content: string): Buffer {
  const bytes = Buffer.from(content);
  const head = bytes.length < 126 ? [0x81, 0x80 | bytes.length] : [0x81, 0xfe, bytes.length >> 8, bytes.length & 0xff];
  return Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), bytes]);
}
