/** What the connection is at the moment, as one value; it also comes back where Socket.IO itself gives up. */
import { type Readable, Value } from '../state/value.js';
import type { PageSocket } from './socket.js';

export type ConnectionStatus =
  | { kind: 'connecting' }
  | { kind: 'live' }
  /** `since`: when the server was last heard, in milliseconds of `Date.now()`. */
  | { kind: 'reconnecting'; since: number }
  /** The server ended the connection in good order, as it does when it closes. */
  | { kind: 'closing'; since: number }
  | { kind: 'refused'; reason: string };

const RETRY_AFTER_CLOSING_MS = 1000;

/** What the monitor needs of a socket. */
export type MonitoredSocket = Pick<PageSocket, 'on' | 'onAny' | 'connect' | 'active'>;

export class ConnectionMonitor {
  readonly #status = new Value<ConnectionStatus>({ kind: 'connecting' });
  #lastHeard: number | undefined;

  constructor(socket: MonitoredSocket, now: () => number = Date.now) {
    const heard = (): void => {
      this.#lastHeard = now();
    };
    socket.onAny(heard);
    socket.on('connect', () => {
      heard();
      this.#status.set({ kind: 'live' });
    });
    socket.on('disconnect', (reason) => {
      const since = this.#lastHeard ?? now();
      if (reason !== 'io server disconnect') return this.#status.set({ kind: 'reconnecting', since });
      this.#status.set({ kind: 'closing', since });
      setTimeout(() => socket.connect(), RETRY_AFTER_CLOSING_MS);
    });
    socket.on('connect_error', (error) => {
      // `active` says that Socket.IO will try again by itself; if not, the server has refused the handshake.
      if (!socket.active) return this.#status.set({ kind: 'refused', reason: error.message });
      if (this.#status.value.kind === 'live' && this.#lastHeard !== undefined)
        this.#status.set({ kind: 'reconnecting', since: this.#lastHeard });
    });
  }

  get status(): Readable<ConnectionStatus> {
    return this.#status;
  }
}
