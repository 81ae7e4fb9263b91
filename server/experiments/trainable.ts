/** How an experiment trains: what a trainer process asks of it, and what it may not know. */
import type { EngineInfo } from '../../shared/engine.js';
import type { Experiment, JsonObject } from '../../shared/experiment.js';
import type { Fingerprint, Measurement } from '../../shared/measurement.js';

/** The arrays that a state may hold, by their elements. */
export const ARRAY_TYPES = { f32: Float32Array, f64: Float64Array, u32: Uint32Array } as const;
export type ArrayType = keyof typeof ARRAY_TYPES;
export type StateArray = Float32Array | Float64Array | Uint32Array;

/** Everything that a run's future depends on, taken after a frame. Only its experiment knows what the arrays mean. */
export interface TrainerState {
  /** Of that frame. */
  seq: number;
  step: number;
  /** Active training seconds up to it. */
  seconds: number;
  /** Small facts; JSON. */
  facts: JsonObject;
  /** Their names and types are those of the experiment's `stateArrays`. */
  arrays: Readonly<Record<string, StateArray>>;
}

export interface TrainedFrame {
  step: number;
  /** `LOCAL_COLUMNS`, then the series. */
  values: Float32Array;
  /** All of the run's series, where they have become more since the frame before. */
  series?: string[];
  /** Full ones, taken at this step. */
  measurements: Measurement[];
  /** Whether the run's total is reached with it. */
  isLast: boolean;
  /** Why nothing can be trained after it, as with a loss that is no finite number. */
  diverged?: string;
}

/** One run in a trainer's hands. */
export interface RunTrainer {
  /** Frames from the one after the state's on; ends with the run's total, if it has one. */
  frames(): Iterable<TrainedFrame>;
  /**
   * Of a run that was begun at its end: its last full measurements, made again with what its config asks for now; none
   * of one that was begun before. Absent where all full measurements tell the same.
   */
  measureAgain?(): Measurement[];
  /** After the frame that was yielded last. Parts of it may be the trainer's own memory, which the next frame changes. */
  state(): TrainerState;
  /** What identifies the run's start; null where nothing does. To be asked before the first frame. */
  fingerprint(): Fingerprint | null;
  /** Frees what the garbage collector does not see. */
  dispose(): void;
}

/** What a trainer process has at hand. */
export interface TrainerContext {
  engine: EngineInfo;
  /** To be called many times in a step that takes long. */
  beat: () => void;
}

export interface TrainableExperiment<
  Spec extends JsonObject = JsonObject,
  Config extends JsonObject = JsonObject,
> extends Experiment<Spec, Config> {
  /** The arrays of a state, in the order in which they are kept. */
  readonly stateArrays: Readonly<Record<string, ArrayType>>;
  /** Loads what training needs: called once in a trainer process that gets a run of this experiment. */
  load(engine: EngineInfo): Promise<void>;
  /** @param state where to go on; null begins before the first frame. @throws when it is of another config */
  begin(config: Config, state: TrainerState | null, context: TrainerContext): RunTrainer;
}
