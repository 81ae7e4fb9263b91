/** What client and server say to each other over Socket.IO. The rules are in PROTOCOL.md. */
import type { Result } from './errors.js';
import type { Measurement } from './measurement.js';
import type { Run, RunAction, Sweep } from './run.js';
import type { SweepRequest } from './sweep.js';

export const PROTOCOL_VERSION = 1;
export const DEFAULT_PORT = 4317;
/** Live frames leave at most once in this time, per group of viewers. */
export const TICK_MS = 50;

export type Ack<T> = (answer: Result<T>) => void;

/** Runs cannot be stored at present and therefore wait. */
export interface StorageNotice {
  /** What happened and what to do. */
  message: string;
  /** ISO 8601, UTC. */
  since: string;
}

/** What everyone who watches should know of the server. */
export interface ServerNotice {
  /** Null: all is well. */
  storage: StorageNotice | null;
  /** The server is ending; connections end next, and come back when it does. */
  closing?: true;
}

export interface WatchAnswer {
  sweeps: Sweep[];
  runs: Run[];
  viewers: number;
  /** Runs trained at a time. */
  workers: number;
  role: 'controller' | 'viewer';
  /** There are more: the `after` of the next question. The newest come first, and changes of all are told meanwhile. */
  next?: string;
  /** Absent when there is nothing to tell. */
  notice?: ServerNotice;
}

/** `data` is base64 of a little-endian Float32 matrix (rows, columns), row-major, NaN = no value. */
export interface FramesMessage {
  runId: string;
  fromSeq: number;
  rows: number;
  data: string;
}

export interface SubscribeAnswer {
  columns: string[];
  fromSeq: number;
  rows: number;
  data: string;
  /** There is more: ask again from the last seq held; live frames begin after the answer without it. */
  more?: true;
}

export interface SweepCreated {
  id: string;
  runIds: string[];
}

export interface RunControl {
  runId: string;
  action: RunAction;
  epochs?: number;
  requestId?: string;
}

/** Where a run stands in line and when it is done: both as they are now, absent where there is none. */
export type RunTimes = Pick<Run, 'id' | 'place' | 'etaSeconds'>;

/** The run as it is with these times. */
export function withTimes(run: Run, { place, etaSeconds }: RunTimes): Run {
  const { place: _place, etaSeconds: _etaSeconds, ...rest } = run;
  return { ...rest, ...(place !== undefined && { place }), ...(etaSeconds !== undefined && { etaSeconds }) };
}

export interface RunsChanged {
  runs: Run[];
  sweeps?: Sweep[];
  removed?: string[];
  /** Of runs of which nothing else has changed, where they are many. */
  times?: RunTimes[];
}

/** What a sweep would take if it were created now. */
export interface SweepEstimate {
  /** How many runs would be before it, trained or in line. */
  before: number;
  /** Until its last run is done; absent as long as nothing was trained that would tell. */
  etaSeconds?: number;
  /** What each of its configs takes alone, in the order of the grid; absent likewise. */
  each?: number[];
  /** Runs trained at a time. */
  workers: number;
}

export interface ClientToServerEvents {
  'runs:watch': (request: { after?: string }, ack: Ack<WatchAnswer>) => void;
  'sweep:create': (spec: SweepRequest, ack: Ack<SweepCreated>) => void;
  'sweep:estimate': (spec: SweepRequest, ack: Ack<SweepEstimate>) => void;
  'run:control': (control: RunControl, ack: Ack<Run>) => void;
  'run:subscribe': (request: { runId: string; after: number }, ack: Ack<SubscribeAnswer>) => void;
  'run:unsubscribe': (request: { runId: string }, ack: Ack<null>) => void;
}

export interface ServerToClientEvents {
  'run:frames': (frames: FramesMessage[]) => void;
  'runs:changed': (change: RunsChanged) => void;
  'run:measured': (measured: { runId: string; measurement: Measurement }) => void;
  'server:notice': (notice: ServerNotice) => void;
  presence: (presence: { viewers: number }) => void;
}
