/**
 * The connection below a viewer's socket: how much waits to be sent, when there is room for more, and whether it is
 * read from. Engine.IO keeps these to itself in its types, not in its objects.
 */
import type { Socket } from 'socket.io';

/** An answer is made when less than this waits to be sent: enough to keep a fast reader busy. */
const ROOM_CHARACTERS = 256 * 1024;
/** Nothing is read from who has more than this to read itself: whatever it asks would only add to it. */
const MAX_UNSENT_CHARACTERS = 2 ** 20;

interface EngineConnection {
  writeBuffer: readonly { data?: { length: number } }[];
  transport: {
    on(event: 'ready', listen: () => void): void;
    socket: { bufferedAmount: number; isPaused: boolean; pause(): void; resume(): void };
  };
}

export class ViewerWire {
  readonly #conn: EngineConnection;
  readonly #socket: Pick<Socket, 'connected'>;
  /** Whether more of the viewer's requests wait than may. */
  #isCrowded = false;
  #waiting: (() => void) | undefined;

  constructor(socket: Pick<Socket, 'conn' | 'connected'>) {
    this.#socket = socket;
    this.#conn = socket.conn as unknown as EngineConnection;
    socket.conn.on('packet', () => this.#readOrPause());
    this.#conn.transport.on('ready', () => {
      this.#readOrPause();
      this.#wake();
    });
  }

  /** Packets that the transport has not taken yet. */
  get waitingPackets(): number {
    return this.#conn.writeBuffer.length;
  }

  /** Characters and bytes that the system has not taken yet. */
  get unsent(): number {
    let characters = this.#conn.transport.socket.bufferedAmount;
    for (const { data } of this.#conn.writeBuffer) characters += data?.length ?? 0;
    return characters;
  }

  /** Resolves when there is room for an answer. One caller at a time. */
  room(): Promise<void> {
    if (this.unsent < ROOM_CHARACTERS) return Promise.resolve();
    return new Promise((resolve) => (this.#waiting = resolve));
  }

  set isCrowded(isCrowded: boolean) {
    this.#isCrowded = isCrowded;
    this.#readOrPause();
  }

  /** Lets the end of the connection be heard. */
  close(): void {
    this.#conn.transport.socket.resume();
  }

  #wake(): void {
    if (this.#waiting === undefined || this.unsent >= ROOM_CHARACTERS) return;
    this.#waiting();
    this.#waiting = undefined;
  }

  /** What is not read waits at the client, and in the end the client with it. */
  #readOrPause(): void {
    const { socket } = this.#conn.transport;
    const isTooMuch = this.#isCrowded || this.unsent > MAX_UNSENT_CHARACTERS;
    if (isTooMuch && !socket.isPaused) socket.pause();
    else if (!isTooMuch && socket.isPaused && this.#socket.connected) socket.resume();
  }
}
