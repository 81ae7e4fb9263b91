/** What the server and a trainer process say to each other: two closed unions, sent with `serialization: 'advanced'`. */
import type { FrameBlock } from '../../shared/frames.js';
import type { EngineInfo, Fingerprint, Measurement, RunEngine } from '../../shared/measurement.js';
import type { RunConfig } from '../../shared/sweep.js';

/** In a trainer's environment, who forked it: when it first asks the system, another may have inherited it. */
export const PARENT_VARIABLE = 'PENTACHORON_TRAINER_PARENT';

/**
 * Everything that a run's future depends on, taken after the frame of `epoch`. It stays with the trainer, which writes
 * it to a file and reads it from there: the server is told of the file alone.
 */
export interface TrainerState {
  configHash: string;
  engine: RunEngine;
  /** Build of the kernels; absent in states of versions that did not note it. */
  kernels?: string;
  epoch: number;
  /** Active training seconds up to `epoch`. */
  seconds: number;
  /** Flat parameters and Adam's two moments, in the order of `parameterLayout`. */
  parameters: Float32Array;
  firstMoment: Float32Array;
  secondMoment: Float32Array;
  /** The run's random generator: 624 words, then the index of the next one. */
  generator: Uint32Array;
  /** Volumes of epoch 0 on the fixed sample, (series, samples), NaN = not valid: what movements are held against. */
  baseline: Float64Array;
}

/** A checkpoint in a run's folder, as it was when it was written. */
export interface CheckpointFile {
  /** Its name in the folder. */
  file: string;
  epoch: number;
  bytes: number;
  /** sha256 of all before the last 32 bytes, which are the same, hex; absent in rows of versions that did not note it. */
  checksum?: string;
}

/** Where a run's checkpoints are kept. */
export interface CheckpointPlace {
  /** The run's own folder; made if it is missing, but never the one that it is in. */
  folder: string;
  /** Those that count, newest first; other checkpoints there are left over from a server that died. */
  files: CheckpointFile[];
  /** Whether they must outlast a power failure. */
  isDurable: boolean;
  /** Which folder the run's own is in, as of `fileAt`; another one at its path is not written into. */
  home?: string;
}

export type TrainerCommand =
  /** Train to `config.epochs`, from the newest checkpoint that is whole or from the beginning. One run at a time. */
  | {
      type: 'train';
      runId: string;
      config: RunConfig;
      /** Null: none are kept. */
      checkpoints: CheckpointPlace | null;
      /** Write a checkpoint after this much training; 0 or absent: only at the run's end. */
      checkpointSeconds?: number;
    }
  /** Either: end at the next epoch's boundary with a checkpoint. */
  | { type: 'pause' }
  | { type: 'stop' }
  /** Call off a pause that has not been taken. */
  | { type: 'continue' }
  /** Either answers `unsaved`: write the checkpoint again, or go on without it. */
  | { type: 'save' }
  | { type: 'skip' };

export type TrainerReport =
  /** Sent once, when the engine is loaded and a first product is right. */
  | { type: 'ready'; engine: EngineInfo }
  /** Sent instead when the engine cannot run here; the process then exits. */
  | { type: 'unavailable'; message: string }
  /** A checkpoint cannot be used, and why; the one before is tried. */
  | { type: 'damaged'; runId: string; epoch: number; reason: string }
  /** From which checkpoint it goes on; null: at epoch 0. */
  | { type: 'begun'; runId: string; from: { epoch: number; seconds: number } | null }
  | { type: 'started'; runId: string; fingerprint: Fingerprint }
  | ({ type: 'frames' } & FrameBlock)
  | { type: 'measured'; runId: string; measurement: Measurement }
  /** At an epoch's end, at most once a second: that it is alive, and what the run costs it. */
  | {
      type: 'heartbeat';
      runId: string;
      /** Of this run's epochs so far, milliseconds. */
      slowestEpochMs: number;
      /** Resident memory of the whole process. */
      rssBytes: number;
    }
  /** A checkpoint is on the disk, after the frame of its epoch; always before a `paused`, `stopped` or `completed` end. */
  | { type: 'saved'; runId: string; checkpoint: CheckpointFile; engine: RunEngine }
  /** It could not be written; the trainer waits for `save` or `skip`. `code`: the system's, if it has one. */
  | { type: 'unsaved'; runId: string; message: string; code?: string }
  | {
      type: 'ended';
      runId: string;
      status: 'paused' | 'stopped' | 'completed' | 'diverged' | 'failed';
      message?: string;
    };
