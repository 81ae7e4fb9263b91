/** What the server and a trainer process say to each other: two closed unions, sent with `serialization: 'advanced'`. */
import type { FrameBlock } from '../../shared/frames.js';
import type { EngineInfo } from '../../shared/engine.js';
import type { Fingerprint, Measurement } from '../../shared/measurement.js';
import type { JsonObject } from '../../shared/experiment.js';
import type { CheckpointFile, CheckpointPlace } from '../checkpoints/checkpoint-file.js';

/** In a trainer's environment, who forked it: when it first asks the system, another may have inherited it. */
export const PARENT_VARIABLE = 'PENTACHORON_TRAINER_PARENT';

export type TrainerCommand =
  /** Train from the newest checkpoint that is whole or from the beginning. One run at a time. */
  | {
      type: 'train';
      runId: string;
      /** Whose the config is. */
      experiment: string;
      config: JsonObject;
      /** Null: none are kept. */
      checkpoints: CheckpointPlace | null;
      /** Only make the last full measurements again, from the state of its end. */
      measures?: boolean;
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

/** The state that a trainer begins with; null: at the run's beginning. */
export type TrainerStart = { seq: number; step: number; seconds: number } | null;

export type TrainerReport =
  /** Sent once, when the engine is loaded and a first product is right. */
  | { type: 'ready'; engine: EngineInfo }
  /** Sent instead when the engine cannot run here; the process then exits. */
  | { type: 'unavailable'; message: string }
  /** A checkpoint cannot be used, and why; the one before is tried. */
  | { type: 'damaged'; runId: string; epoch: number; reason: string }
  /** From which checkpoint it goes on. */
  | { type: 'begun'; runId: string; from: TrainerStart }
  | { type: 'started'; runId: string; fingerprint: Fingerprint }
  /** Consecutive frames; `series`: all of the run's, where they have become more than those of the frames before. */
  | ({ type: 'frames'; series?: string[] } & FrameBlock)
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
  | { type: 'saved'; runId: string; checkpoint: CheckpointFile }
  /** It could not be written; the trainer waits for `save` or `skip`. `code`: the system's, if it has one. */
  | { type: 'unsaved'; runId: string; message: string; code?: string }
  | {
      type: 'ended';
      runId: string;
      status: 'paused' | 'stopped' | 'completed' | 'diverged' | 'failed';
      message?: string;
    };
