/** How much clients may ask of the server. Normal use meets none of these; each has a flag. */

export interface Limits {
  /** Open at a time, in all. */
  connections: number;
  /** Open at a time, from one address. */
  connectionsPerAddress: number;
  /** Until a socket that was opened has said who it is, and until a request has come whole. */
  handshakeSeconds: number;
  /** How long a connection may do nothing while an answer waits for it. */
  idleSeconds: number;
  /** Of one message on a socket. */
  messageBytes: number;
  /** Pieces in which it may come. */
  messageFragments: number;
  /** Events of one socket in 10 seconds. */
  events: number;
  /** Requests to the API of one address in 10 seconds. */
  requests: number;
  /** Of the body of one request. */
  bodyBytes: number;
}

/** In which events and requests are counted. */
export const WINDOW_SECONDS = 10;

export const DEFAULT_LIMITS: Limits = {
  connections: 20_000,
  // All of a house may stand behind one address.
  connectionsPerAddress: 5_000,
  handshakeSeconds: 5,
  idleSeconds: 60,
  // The largest request is a sweep of 400 values.
  messageBytes: 16 * 1024,
  messageFragments: 16,
  // A page that follows a thousand runs asks a thousand times at once when it is opened; a run-away loop asks for ever.
  events: 5_000,
  // A thousand a second from one address is a run-away loop, a hundred is a busy program.
  requests: 10_000,
  bodyBytes: 64 * 1024,
};
