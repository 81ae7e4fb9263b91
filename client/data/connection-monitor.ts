/** What the connection is at the moment, as one value, and why there is none. */
import { signal } from '@preact/signals-core';
import type { ApiError } from '../../shared/errors.js';
import { type ServerNotice, PROTOCOL_VERSION } from '../../shared/protocol.js';
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
  /** `version`: it speaks another one than this page. */
  | { kind: 'refused'; reason: string; version: boolean };

/** How a request over HTTP ended: `refused` with the server's own words, `busy` while it starts or closes. */
export type HttpAnswer =
  { kind: 'healthy' } | { kind: 'busy' } | { kind: 'unreachable' } | { kind: 'refused'; reason: string };

/** A server that has refused may let this page in later, as another version of it does. */
const REFUSED_RETRY_MS = 10_000;

/** What the monitor needs of a socket. */
export type MonitoredSocket = Pick<PageSocket, 'on' | 'onAny' | 'active' | 'connect'>;

export class ConnectionMonitor {
  readonly #status = signal<ConnectionStatus>({ kind: 'connecting' });
  readonly #versionReload: Pick<VersionReload, 'refused' | 'accepted'>;
  readonly #askHttp: () => Promise<HttpAnswer>;
  #lastMessageAt: number | undefined;
  #wasLive = false;
  #asking = false;
  /** Failures in a row after which the server did answer HTTP. */
  #healthyFailures = 0;

  /**
   * @param askHttp whether the server answers a plain request
   * @param versionReload what a page of another version than the server's does
   */
  constructor(
    socket: MonitoredSocket,
    askHttp: () => Promise<HttpAnswer> = () => Promise.resolve({ kind: 'busy' }),
    now: () => number = () => performance.now(),
    versionReload: Pick<VersionReload, 'refused' | 'accepted'> = new VersionReload(),
  ) {
    this.#versionReload = versionReload;
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
      this.#versionReload.accepted();
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
        const version = isOfVersion(error);
        this.#status.value = { kind: 'refused', reason: error.message, version };
        if (version) this.#versionReload.refused();
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

  /** Asks over HTTP why there is no WebSocket. */
  async #findTrouble(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    const answer = await this.#askHttp();
    this.#asking = false;
    const status = this.#status.value;
    if (status.kind !== 'reconnecting') return;
    if (answer.kind === 'refused') {
      this.#status.value = { kind: 'refused', reason: answer.reason, version: false };
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

/** Whether the handshake was refused for the version that it names; the server's error comes as `data`. */
function isOfVersion({ message, data }: Error & { data?: Partial<ApiError> }): boolean {
  return (data?.code ?? 'bad_input') === 'bad_input' && message.includes('version');
}

/** Holds the version of the page that was left. */
const KEY = 'pentachoron-reloaded';

type Kept = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/**
 * A page of another version than its server's loads itself anew, to get the server's own. Once: where that brings the
 * same page again, as a proxy's copy, it would go on for ever.
 */
export class VersionReload {
  readonly #kept: Kept | null;
  readonly #reload: () => void;
  readonly #version: string;

  constructor(
    kept: Kept | null = sessionKept(),
    reload: () => void = () => location.reload(),
    version: number = PROTOCOL_VERSION,
  ) {
    this.#kept = kept;
    this.#reload = reload;
    this.#version = String(version);
  }

  /** The server speaks another version. A page that cannot remember that it has reloaded does not. */
  refused(): void {
    try {
      if (this.#kept === null || this.#kept.getItem(KEY) === this.#version) return;
      this.#kept.setItem(KEY, this.#version);
    } catch {
      return;
    }
    this.#reload();
  }

  /** It speaks this one: the next time that it does not, another reload may help. */
  accepted(): void {
    try {
      this.#kept?.removeItem(KEY);
    } catch {
      // What cannot be forgotten was not remembered.
    }
  }
}

/** Null where the browser keeps nothing for this page: asking alone may throw. */
function sessionKept(): Kept | null {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}
