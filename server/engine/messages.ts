/** What the server and a trainer process say to each other: two closed unions, sent with `serialization: 'advanced'`. */
import type { EngineInfo, Fingerprint, Measurement, RunEngine } from '../../shared/measurement.js';
import type { RunConfig } from '../../shared/sweep.js';

/** In a trainer's environment, who forked it: when it first asks the system, another may have inherited it. */
export const PARENT_VARIABLE = 'PENTACHORON_TRAINER_PARENT';

/** Everything that a run's future depends on, taken after the frame of `epoch`. */
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

export type TrainerCommand =
  /** Train to `config.epochs`, from `state` or from the beginning. One run at a time. */
  | {
      type: 'train';
      runId: string;
      config: RunConfig;
      state: TrainerState | null;
      /** Report a state after this much training; 0 or absent: only at the run's end. */
      checkpointSeconds?: number;
      /** Take a `state` that was made on another engine or build of the kernels. */
      allowEngineChange?: true;
    }
  /** Either: end at the next epoch's boundary with a state. */
  | { type: 'pause' }
  | { type: 'stop' }
  /** Call off a pause that has not been taken. */
  | { type: 'continue' };

export type TrainerReport =
  /** Sent once, when the engine is loaded and a first product is right. */
  | { type: 'ready'; engine: EngineInfo }
  /** Sent instead when the engine cannot run here; the process then exits. */
  | { type: 'unavailable'; message: string }
  | { type: 'started'; runId: string; fingerprint: Fingerprint }
  /** Consecutive frames, (rows, columns of `frameColumns`). */
  | { type: 'frames'; runId: string; fromSeq: number; rows: number; values: Float32Array }
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
  /** After the frame of `state.epoch`; always sent before a `paused`, `stopped` or `completed` end. */
  | { type: 'state'; runId: string; state: TrainerState }
  | {
      type: 'ended';
      runId: string;
      status: 'paused' | 'stopped' | 'completed' | 'diverged' | 'failed';
      message?: string;
    };
