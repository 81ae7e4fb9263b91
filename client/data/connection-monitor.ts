/** What the connection is at the moment, as one value, and why there is none. */
import { signal } from '@preact/signals-core';
import type { ApiError } from '../../shared/errors.js';
import type { ServerNotice } from '../../shared/protocol.js';
import { ReloadOnce } from './reload-once.js';
import type { Readable } from './signals.js';
import type { PageSocket } from './socket.js';

export type ConnectionStatus =
  | { kind: 'connecting' }
  | { kind: 'live' }
  /**
   * `since`: when the server last sent something, in milliseconds of `performance.now()`: the clock may be set. `trouble`, once it is known:
   * - `unreachable`: the server does not answer at all
   * - `blocked`: it answers HTTP, but a WebSocket does not get through to it
   */
  | { kind: 'reconnecting'; since: number; trouble?: 'unreachable' | 'blocked' }
  /** The server has said that it ends, or has ended after it said so. */
  | { kind: 'closing'; since: number }
  | { kind: 'refused'; reason: string; why: RefusalCause };

/**
 * - `version`: the server speaks another one than this page
 * - `access`: whoever looks at the page is not signed in, or not any more
 */
export type RefusalCause = 'version' | 'access' | 'other';

/**
 * How a request over HTTP ended: `refused` with the server's own words, `busy` while it starts or closes, `signed out`
 * where the server answers as it does to strangers.
 */
export type HttpAnswer =
  | { kind: 'healthy' }
  | { kind: 'busy' }
  | { kind: 'unreachable' }
  | { kind: 'signed out' }
  | { kind: 'refused'; reason: string };

/** A server that has refused may let this page in later, as another version of it does. */
const REFUSED_RETRY_MS = 10_000;

/** What the monitor needs of a socket. */
export type MonitoredSocket = Pick<PageSocket, 'on' | 'onAny' | 'active' | 'connect'>;

export class ConnectionMonitor {
  readonly #status = signal<ConnectionStatus>({ kind: 'connecting' });
  readonly #reload: Pick<ReloadOnce, 'failed' | 'succeeded'>;
  readonly #askHttp: () => Promise<HttpAnswer>;
  #lastMessageAt: number | undefined;
  #wasLive = false;
  #asking = false;
  /** Failures in a row after which the server did answer HTTP. */
  #healthyFailures = 0;

  /**
   * @param askHttp whether the server answers a plain request
   * @param reload what a page does that may be let in once it is loaded anew
   */
  constructor(
    socket: MonitoredSocket,
    askHttp: () => Promise<HttpAnswer> = () => Promise.resolve({ kind: 'busy' }),
    now: () => number = () => performance.now(),
    reload: Pick<ReloadOnce, 'failed' | 'succeeded'> = new ReloadOnce('connection'),
  ) {
    this.#reload = reload;
    this.#askHttp = askHttp;
    // The page came from the server: until then it was there.
    const opened = now();
    const noteMessage = (): void => {
      this.#lastMessageAt = now();
    };
    socket.onAny(noteMessage);
    socket.on('connect', () => {
      noteMessage();
      this.#wasLive = true;
      this.#healthyFailures = 0;
      this.#reload.succeeded();
      this.#status.value = { kind: 'live' };
    });
    socket.on('server:notice', ({ closing }: ServerNotice) => {
      if (closing) this.#status.value = { kind: 'closing', since: this.#lastMessageAt ?? now() };
    });
    socket.on('disconnect', () => {
      const kind = this.#status.value.kind === 'closing' ? 'closing' : 'reconnecting';
      this.#status.value = { kind, since: this.#lastMessageAt ?? now() };
    });
    socket.on('connect_error', (error) => {
      // `active` says that Socket.IO will try again by itself; if not, the server has refused the handshake.
      if (!socket.active) {
        this.#refused(error.message, causeOf(error));
        setTimeout(() => socket.connect(), REFUSED_RETRY_MS);
        return;
      }
      if (['live', 'connecting', 'refused'].includes(this.#status.value.kind))
        this.#status.value = { kind: 'reconnecting', since: this.#lastMessageAt ?? opened };
      void this.#findTrouble();
    });
  }

  get status(): Readable<ConnectionStatus> {
    return this.#status;
  }

  #refused(reason: string, why: RefusalCause): void {
    this.#status.value = { kind: 'refused', reason, why };
    // A page of another version gets the server's own, one that is signed out the page that signs in.
    if (why !== 'other') this.#reload.failed(why);
  }

  /** Asks over HTTP why there is no WebSocket. */
  async #findTrouble(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    const answer = await this.#askHttp();
    this.#asking = false;
    const status = this.#status.value;
    if (status.kind !== 'reconnecting') return;
    if (answer.kind === 'refused' || answer.kind === 'signed out') {
      if (answer.kind === 'refused') this.#refused(answer.reason, 'other');
      else this.#refused('a token is needed', 'access');
      return;
    }
    this.#healthyFailures = answer.kind === 'healthy' ? this.#healthyFailures + 1 : 0;
    // A server that was just restarted answers HTTP before the page tries its socket again: once may be chance.
    const isBlocked = this.#healthyFailures > (this.#wasLive ? 1 : 0);
    const { since } = status;
    if (isBlocked) this.#status.value = { kind: 'reconnecting', since, trouble: 'blocked' };
    else if (answer.kind === 'unreachable')
      this.#status.value = { kind: 'reconnecting', since, trouble: 'unreachable' };
    else this.#status.value = { kind: 'reconnecting', since };
  }
}

/** Why the handshake was refused; the server's error comes as `data`, from an older one it does not. */
function causeOf({ message, data }: Error & { data?: Partial<ApiError> }): RefusalCause {
  if (data?.code === 'unauthorized') return 'access';
  return (data?.code ?? 'bad_input') === 'bad_input' && message.includes('version') ? 'version' : 'other';
}
