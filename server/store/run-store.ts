/** Where sweeps, runs and their frames are stored. Synchronous: a call that returned is durable. */
import type { FrameBlock } from '../../shared/frames.js';
import type { Fingerprint, Measurement } from '../../shared/measurement.js';
import type { RunEngine } from '../../shared/engine.js';
import type { OutputLine } from '../../shared/output.js';
import type { ControlValue, Run, RunStatus, Sweep } from '../../shared/run.js';

/** Checkpoints kept of each run: the newest, and one to fall back on when it is damaged. */
export const KEPT_CHECKPOINTS = 2;

export interface CheckpointRow {
  runId: string;
  /** seq of the last frame that the checkpoint covers. */
  seq: number;
  epoch: number;
  at: string;
  bytes: number;
  engine: RunEngine;
  file: string;
  /** sha256, hex; absent in rows of versions that did not note it. */
  checksum?: string;
}

export interface LogRow {
  runId: string;
  at: string;
  event: string;
  cause?: string;
  by?: string;
  details?: unknown;
}

/** A program that writes into a run, once for each time that it was begun: how far it is, and what is asked of it. */
export interface WriterRow {
  id: string;
  runId: string;
  /** sha256 of its ingest token, hex. */
  tokenDigest: string;
  /** How many of its frames, lines of output and states are stored. */
  frames: number;
  lines: number;
  states: number;
  /** The seq of the run after the last of its frames: where the run's next one is another, they are another writer's. */
  endSeq: number;
  /** Up to when its training is counted, in ms since 1970; null while it is paused, and before its first frame. */
  countedTo: number | null;
  /** What viewers have set, by name, and how many checkpoints they have asked for. */
  values: Record<string, ControlValue>;
  checkpoints: number;
  /** Where its program stands, in that program's own words: of the last frame that told. */
  position?: string;
  /** When its program was heard last, in ms since 1970, about; absent in rows of versions that did not note it. */
  heardAt?: number;
}

/** A sweep as stored: `counts` and `runIds` are worked out from its runs. */
export type StoredSweep = Omit<Sweep, 'runIds' | 'counts'>;

/** One tick's work: committed whole or not at all. */
export interface Commit {
  sweeps?: StoredSweep[];
  /** Whole runs, inserted or replaced by id. */
  runs?: Run[];
  /** Rows whose seq is stored already are left as they are. @throws RangeError when a block would leave a gap. */
  frames?: FrameBlock[];
  /** Whole, inserted or replaced by epoch and sample. */
  measurements?: { runId: string; measurement: Measurement }[];
  fingerprints?: { runId: string; fingerprint: Fingerprint }[];
  /** Of each run the newest `KEPT_CHECKPOINTS` rows stay; those of later epochs than a new one's are of no use and go. */
  checkpoints?: CheckpointRow[];
  log?: LogRow[];
  /** Whole, inserted or replaced by id. */
  writers?: WriterRow[];
  /** What programs printed, from the n-th line of the run on. */
  output?: { runId: string; from: number; lines: Omit<OutputLine, 'n'>[] }[];
  /** Request ids that have had their effect, with its answer. */
  requests?: { requestId: string; answer: unknown }[];
}

/** Which of a run's measurements. */
export type MeasurementKey = Pick<Measurement, 'epoch' | 'sample'>;

export interface RunFilter {
  sweep?: string;
  status?: RunStatus;
}

/** So many elements of a list, from the one at `offset` on. */
export interface ListPart {
  offset: number;
  limit: number;
}

export interface RunStore {
  /** @throws when the commit names a run or sweep that is not stored, or cannot be written; then nothing of it is. */
  commit(commit: Commit): void;
  /** Cheap. @throws when what is committed would not be found again, or what was is damaged; `commit` does, too. */
  check(): void;

  /** Oldest first. */
  sweeps(): Sweep[];
  sweep(id: string): Sweep | undefined;
  /** In the order in which they were created. */
  runs(filter?: RunFilter): Run[];
  run(id: string): Run | undefined;
  /**
   * Frames with seq > after, at most `limit` rows: as wide as the widest of them or wider, and without a value where the
   * column came later. The caller's own.
   */
  frames(runId: string, after: number, limit: number): FrameBlock;
  /** The seq that the next new frame will have: the number of rows stored. */
  nextSeq(runId: string): number;
  /** By epoch, the script's before the fixed sample's. */
  measurements(runId: string, part?: ListPart): Measurement[];
  /** One alone: those of a run with many heads are up to a megabyte each. */
  measurement(runId: string, key: MeasurementKey): Measurement | undefined;
  fingerprint(runId: string): Fingerprint | undefined;
  /** Newest first. */
  checkpoints(runId: string): CheckpointRow[];
  /** Oldest first. */
  log(runId: string, part?: ListPart): LogRow[];
  /** Oldest first. */
  writers(runId: string): WriterRow[];
  writer(id: string): WriterRow | undefined;
  /** Lines with n > after; at least `limit` of them where there are so many. */
  output(runId: string, after: number, limit: number): OutputLine[];
  /** How many lines the run has. */
  outputLines(runId: string): number;
  /** The answer that a request id got, if it has had its effect. */
  requestAnswer(requestId: string): unknown;

  /** Removes a run, or a sweep and its runs, with all that belongs to them. */
  deleteRun(id: string): void;
  deleteSweep(id: string): void;
  close(): void;
}

/** What is stored of runs besides themselves, for reading. */
export type RunHistories = Pick<
  RunStore,
  'frames' | 'nextSeq' | 'measurements' | 'fingerprint' | 'checkpoints' | 'log' | 'output' | 'outputLines'
>;
