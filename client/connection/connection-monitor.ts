/** What the connection is at the moment, as one value. */
import type { ServerNotice } from '../../shared/protocol.js';
import { type Readable, Value } from '../state/value.js';
import type { PageSocket } from './socket.js';

export type ConnectionStatus =
  | { kind: 'connecting' }
  | { kind: 'live' }
  /** `since`: when the server was last heard, in milliseconds of `performance.now()`: the clock may be set. */
  | { kind: 'reconnecting'; since: number }
  /** The server has said that it ends, or has ended after it said so. */
  | { kind: 'closing'; since: number }
  | { kind: 'refused'; reason: string };

/** What the monitor needs of a socket. */
export type MonitoredSocket = Pick<PageSocket, 'on' | 'onAny' | 'active'>;

export class ConnectionMonitor {
  readonly #status = new Value<ConnectionStatus>({ kind: 'connecting' });
  #lastHeard: number | undefined;

  constructor(socket: MonitoredSocket, now: () => number = () => performance.now()) {
    // The page came from the server: until then it was there.
    const opened = now();
    const heard = (): void => {
      this.#lastHeard = now();
    };
    socket.onAny(heard);
    socket.on('connect', () => {
      heard();
      this.#status.set({ kind: 'live' });
    });
    socket.on('server:notice', ({ closing }: ServerNotice) => {
      if (closing) this.#status.set({ kind: 'closing', since: this.#lastHeard ?? now() });
    });
    socket.on('disconnect', () => {
      const kind = this.#status.value.kind === 'closing' ? 'closing' : 'reconnecting';
      this.#status.set({ kind, since: this.#lastHeard ?? now() });
    });
    socket.on('connect_error', (error) => {
      // `active` says that Socket.IO will try again by itself; if not, the server has refused the handshake.
      if (!socket.active) return this.#status.set({ kind: 'refused', reason: error.message });
      if (['live', 'connecting'].includes(this.#status.value.kind))
        this.#status.set({ kind: 'reconnecting', since: this.#lastHeard ?? opened });
    });
  }

  get status(): Readable<ConnectionStatus> {
    return this.#status;
  }
}
