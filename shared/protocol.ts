/** What client and server say to each other over Socket.IO. The rules are in PROTOCOL.md. */
import type { Result } from './errors.js';
import type { Measurement } from './measurement.js';
import type { Dtype } from './frames.js';
import type { Delta } from './delta.js';
import type { Run, Sweep } from './run.js';
import type { Presence, Role } from './access.js';
import type { SweepRequest } from './experiment.js';
import type { RunControl, SubscribeRequest, UnsubscribeRequest, WatchRequest } from './requests.js';

export type { RunControl };

export const PROTOCOL_VERSION = 2;
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
  role: Exclude<Role, 'writer'>;
  /** There are more: the `after` of the next question. The newest come first, and changes of all are told meanwhile. */
  next?: string;
  /** Absent when there is nothing to tell. */
  notice?: ServerNotice;
}

/** Rows of frames as text: every array in base64, little-endian. */
export interface FramesText {
  fromSeq: number;
  rows: number;
  /** Float64 (rows). */
  steps: string;
  /** Float64 (rows), ms since 1970, UTC; NaN where it was not kept. */
  times: string;
  /** (rows, columns), row-major, Float32 or Float64 as the subscription's answer says; NaN = no value, but see `nan`. */
  data: string;
  /** Row and column of the cells that were logged as NaN; absent where there are none. */
  nan?: [row: number, column: number][];
}

export interface FramesMessage extends FramesText {
  runId: string;
  /** All of the run's, where they have become more than those that were told before. */
  columns?: string[];
}

export interface SubscribeAnswer extends FramesText {
  columns: string[];
  dtype: Dtype;
  /** There is more: ask again from the last seq held; live frames begin after the answer without it. */
  more?: true;
}

export interface SweepCreated {
  id: string;
  runIds: string[];
}

/** Of runs and sweeps that were known, what has changed; of new ones, everything. */
export interface RunsChanged {
  runs: Delta<Run>[];
  sweeps?: Delta<Sweep>[];
  removed?: string[];
}

/** What a sweep would take if it were created now. */
export interface SweepEstimate {
  /** How many runs would be before it, trained or queued. */
  before: number;
  /** Until its last run is done; absent as long as nothing was trained that would tell. */
  etaSeconds?: number;
  /** What each of its configs takes alone, in the order of the grid; absent likewise. */
  each?: number[];
  /** Runs trained at a time. */
  workers: number;
}

export interface ClientToServerEvents {
  'runs:watch': (request: WatchRequest, ack: Ack<WatchAnswer>) => void;
  'sweep:create': (spec: SweepRequest, ack: Ack<SweepCreated>) => void;
  'sweep:estimate': (spec: SweepRequest, ack: Ack<SweepEstimate>) => void;
  'run:control': (control: RunControl, ack: Ack<Run>) => void;
  'run:subscribe': (request: SubscribeRequest, ack: Ack<SubscribeAnswer>) => void;
  'run:unsubscribe': (request: UnsubscribeRequest, ack: Ack<null>) => void;
}

export interface ServerToClientEvents {
  'run:frames': (frames: FramesMessage[]) => void;
  'runs:changed': (change: RunsChanged) => void;
  'run:measured': (measured: { runId: string; measurement: Measurement }) => void;
  'server:notice': (notice: ServerNotice) => void;
  /** `people`: those who came with tokens, told to controllers. */
  presence: (presence: { viewers: number; people?: Presence[] }) => void;
}
