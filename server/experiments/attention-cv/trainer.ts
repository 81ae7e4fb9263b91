/**
 * Trains one config, epoch by epoch: `epochs()` yields a frame after each. Between two frames `state()` is everything
 * that the rest of the run depends on; a trainer begun from it goes on bit for bit.
 */
import { createHash } from 'node:crypto';
import { SECONDS_COLUMN } from '../../../shared/frames.js';
import { fullMeasurementEpochs, isMeasuredEpoch } from '../../../shared/experiments/attention-cv/measuring.js';
import { isSameBuild, type EngineBuild, type RunEngine } from '../../../shared/engine.js';
import type { Fingerprint, Measurement } from '../../../shared/measurement.js';
import { LOCAL_COLUMNS } from '../../../shared/run.js';
import { runSeries, seriesNames } from '../../../shared/experiments/attention-cv/series.js';
import type { RunConfig } from '../../../shared/experiments/attention-cv/sweep.js';
import { kernelsName, loadKernels } from './kernels/kernels.js';
import type { PassResult } from './attention-classifier.js';
import { makeDataset, type Dataset } from './dataset.js';
import type { EngineModel } from './engine-model.js';
import { MeasureMemory, Measurer } from './measure.js';
import { addMetrics, MatrixMetrics } from './matrix-metrics.js';
import type { Model, ModelState } from './model.js';
import {
  initialiseParameters,
  parameter,
  parameterLayout,
  PARAMETER_NAMES,
  type ParameterLayout,
  type ParameterName,
} from './parameters.js';
import type { NullCache } from './null-cache.js';
import { Generator } from './random.js';
import { SeriesNulls } from './series-nulls.js';
import type { RunTrainer, TrainedFrame, TrainerState } from '../trainable.js';

/** Everything that a run's future depends on, taken after the frame of `epoch`. */
export interface AttentionState extends ModelState {
  configHash: string;
  engine: RunEngine;
  /** Build of the kernels; absent in states of versions that did not note it. */
  kernels?: string;
  epoch: number;
  /** Active training seconds up to `epoch`. */
  seconds: number;
  /** The run's random generator: 624 words, then the index of the next one. */
  generator: Uint32Array;
  /** Volumes of epoch 0 on the fixed sample, (series, samples), NaN = not valid: what movements are measured from. */
  baseline: Float64Array;
}

export interface TrainedEpoch {
  epoch: number;
  /** One frame: `LOCAL_COLUMNS`, then the series. */
  values: Float32Array;
  /** The script's and the fixed sample's, at epochs 0, ⌊epochs/2⌋ and last. */
  measurements: Measurement[];
  /** Whether this epoch's loss is a finite number; epoch 0 has none and counts as finite. */
  finite: boolean;
}

export interface TrainerOptions {
  /** Take a state of another engine or build of the kernels, from where the numbers differ in their last bits. */
  allowEngineChange?: boolean;
  /** Called many times in an epoch that takes long. */
  beat?: () => void;
  /** Where what chance gives is kept; null works it out anew. */
  nullCache?: NullCache | null;
}

export class Trainer {
  readonly config: RunConfig;
  readonly #beat: (() => void) | undefined;
  readonly #build: EngineBuild;
  readonly #layout: ParameterLayout;
  readonly #model: Model;
  readonly #measurer: Measurer;
  readonly #nulls: SeriesNulls;
  readonly #metrics: MatrixMetrics;
  readonly #data: Dataset;
  /** Of CVs; those of further metrics follow. */
  readonly #series: string[];
  /** Numbers in a frame. */
  readonly #width: number;
  #generator: Generator;
  /** Volumes of epoch 0 on the fixed sample. */
  #baseline: Float64Array;
  /** Of the last frame yielded; −1 before the first. */
  #epoch = -1;
  #seconds = 0;

  /**
   * @param state Where to go on; null begins at epoch 0.
   * @throws when the state belongs to another config, or to another engine or build and that is not allowed.
   */
  constructor(
    config: RunConfig,
    { engine, plan }: EngineModel,
    state: AttentionState | null = null,
    { allowEngineChange = false, beat, nullCache = null }: TrainerOptions = {},
  ) {
    this.config = config;
    this.#beat = beat;
    this.#build = { engine, kernels: kernelsName() };
    this.#series = seriesNames(config.heads);
    this.#width = LOCAL_COLUMNS.length + runSeries(config).length;

    const { kernels, regions } = loadKernels((arena) => {
      const model = plan(arena, config);
      const pools = [config.vocab, config.dim, config.headDim, config.classes, model.observedRows];
      return { model, measure: new MeasureMemory(arena, config.samples, pools, config.dim) };
    });
    this.#layout = parameterLayout(config);
    this.#generator = new Generator(config.seed);
    this.#data = makeDataset(this.#generator, config);
    const parameters = new Float32Array(this.#layout.size);
    initialiseParameters(parameters, this.#layout, this.#generator, config);
    this.#model = regions.model.build(kernels, this.#data, parameters);
    this.#measurer = new Measurer(kernels, regions.measure, this.#model, this.#series, config.sampleSeed);
    const withShuffled = config.nulls?.includes('shuffled') ?? false;
    this.#nulls = new SeriesNulls(kernels, this.#model, { sample: config, withShuffled, cache: nullCache, beat });
    this.#metrics = new MatrixMetrics(kernels, this.#model, config, this.#data.y, beat);
    this.#baseline = new Float64Array(this.#series.length * config.samples);
    if (state !== null) this.#restore(state, allowEngineChange);
  }

  #restore(state: AttentionState, allowEngineChange: boolean): void {
    if (state.configHash !== configHash(this.config)) throw new Error('the checkpoint is of another config');
    if (!isSameBuild(state, this.#build) && !allowEngineChange) {
      const [made, present] = [state, this.#build].map(({ engine, kernels }) => `${engine}, kernels ${kernels ?? '?'}`);
      throw new Error(`the checkpoint was made on the engine ${made}, this is ${present}`);
    }
    if (this.#metrics.needsInitial) {
      // The model still has its initial parameters.
      this.#pass(0);
      this.#metrics.rememberInitial();
    }
    this.#model.restore(state);
    this.#generator = Generator.restore(state.generator);
    if (state.baseline.length !== this.#baseline.length) throw new Error('the checkpoint is of another config');
    this.#baseline = state.baseline;
    this.#epoch = state.epoch;
    this.#seconds = state.seconds;
  }

  /** What identifies the run's start; of the initial parameters, so only before the first epoch. */
  fingerprint(): Fingerprint {
    const hash = (values: Float32Array | Int32Array): string =>
      createHash('sha256')
        .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
        .digest('hex');
    const { parameters } = this.#model.state();
    const hashOf = (name: ParameterName): string => hash(parameter(parameters, this.#layout, name));
    return {
      x: hash(this.#data.x),
      y: hash(this.#data.y),
      parameters: Object.fromEntries(PARAMETER_NAMES.map((name) => [name, hashOf(name)])),
    };
  }

  /** After the frame that was yielded last. Parts of it are the trainer's own memory, which the next epoch changes. */
  state(): AttentionState {
    return {
      configHash: configHash(this.config),
      ...this.#build,
      epoch: this.#epoch,
      seconds: this.#seconds,
      ...this.#model.state(),
      generator: this.#generator.save(),
      baseline: this.#baseline,
    };
  }

  /** Frees the model; nothing more can be asked of it. */
  dispose(): void {
    this.#model.dispose();
  }

  /**
   * Frames from the one after the present epoch to `config.epochs`. The pass that trains epoch e + 1 is also the one
   * that tells epoch e's accuracy and activations, so an epoch costs one pass; a resumed trainer repeats that pass.
   */
  *epochs(): globalThis.Generator<TrainedEpoch> {
    const { epochs } = this.config;
    let started = performance.now();
    const lap = (): void => {
      const now = performance.now();
      this.#seconds += (now - started) / 1000;
      started = now;
    };
    let pass = this.#pass(this.#epoch < 0 ? 0 : this.#epoch);
    if (this.#epoch < 0) {
      this.#epoch = 0;
      this.#metrics.rememberInitial();
      const frame = this.#measure(NaN, pass.accuracy);
      lap();
      yield this.#stamp(frame);
      started = performance.now();
    }
    this.#rememberEarlier();
    while (this.#epoch < epochs) {
      const { loss } = pass;
      this.#epoch += 1;
      this.#model.step(this.#epoch);
      pass = this.#pass(this.#epoch);
      const frame = this.#measure(loss, pass.accuracy);
      this.#rememberEarlier();
      lap();
      yield this.#stamp(frame);
      started = performance.now();
    }
  }

  /** The fixed sample's full measurement of the last epoch; none before that is reached. */
  measureAgain(): Measurement[] {
    if (this.#epoch < this.config.epochs) return [];
    this.#pass(this.#epoch);
    const { values } = this.#measurer.fixedValues(this.#baseline, { isBaseline: false });
    this.#nulls.addTo(values);
    return [{ epoch: this.#epoch, sample: 'fixed', values }];
  }

  /** For the measurement of the next epoch. */
  #rememberEarlier(): void {
    if (isMeasuredEpoch(this.#epoch + 1, this.config)) this.#metrics.rememberEarlier();
  }

  #pass(epoch: number): PassResult {
    const isMeasured = (at: number): boolean => isMeasuredEpoch(at, this.config);
    const observe = isMeasured(epoch) || (this.#metrics.needsEarlier && isMeasured(epoch + 1));
    const gradients = epoch < this.config.epochs;
    return this.#model.pass({ gradients, observe, exact: epoch === 0, ...(this.#beat && { beat: this.#beat }) });
  }

  #measure(loss: number, accuracy: number): TrainedEpoch {
    const epoch = this.#epoch;
    const values = new Float32Array(this.#width).fill(NaN);
    values.set([loss, accuracy], LOCAL_COLUMNS.indexOf('loss'));
    const frame: TrainedEpoch = { epoch, values, measurements: [], finite: epoch === 0 || Number.isFinite(loss) };
    if (!isMeasuredEpoch(epoch, this.config)) return frame;
    const metrics = this.#metrics.measure();
    values.set(metrics.values, LOCAL_COLUMNS.length + this.#series.length);

    if (!fullMeasurementEpochs(this.config.epochs).includes(epoch)) {
      values.set(this.#measurer.trajectory(), LOCAL_COLUMNS.length);
      return frame;
    }
    const fixed = this.#measurer.fixedValues(this.#baseline, { isBaseline: epoch === 0 });
    values.set(fixed.trajectory, LOCAL_COLUMNS.length);
    this.#nulls.addTo(fixed.values);
    addMetrics(fixed.values, metrics.details);
    frame.measurements.push(
      { epoch, sample: 'script', values: this.#measurer.scriptValues(this.#generator) },
      { epoch, sample: 'fixed', values: fixed.values },
    );
    return frame;
  }

  #stamp(frame: TrainedEpoch): TrainedEpoch {
    frame.values[SECONDS_COLUMN] = this.#seconds;
    return frame;
  }
}

/**
 * Identifies a config in a checkpoint; `epochs` is left out, so that a run can be extended, and what is told beside the
 * frames.
 */
function configHash(config: RunConfig): string {
  const { epochs: _epochs, nulls: _nulls, ...rest } = config;
  const sorted = Object.entries(rest).sort(([a], [b]) => a.localeCompare(b));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex');
}

/**
 * A trainer behind the interface that all experiments have: its frames, and its state as facts and arrays.
 * @throws when the state belongs to another config.
 */
export function beginRun(
  config: RunConfig,
  model: EngineModel,
  state: TrainerState | null,
  options: Pick<TrainerOptions, 'beat' | 'nullCache'>,
): RunTrainer {
  // A run that may not go on here was not sent; and what it trained after this state may have been allowed before.
  const trainer = new Trainer(config, model, state && attentionState(state), { ...options, allowEngineChange: true });
  return {
    *frames(): Iterable<TrainedFrame> {
      for (const { epoch, values, measurements, finite } of trainer.epochs()) {
        const diverged = `the loss of epoch ${epoch} is not a finite number`;
        yield { step: epoch, values, measurements, isLast: epoch === config.epochs, ...(!finite && { diverged }) };
      }
    },
    measureAgain: () => trainer.measureAgain(),
    state: () => trainerState(trainer.state()),
    fingerprint: () => trainer.fingerprint(),
    dispose: () => trainer.dispose(),
  };
}

/** An epoch is a step, and the seq of its frame. */
function trainerState({ epoch, seconds, ...rest }: AttentionState): TrainerState {
  const { configHash, engine, kernels, ...arrays } = rest;
  const facts = { configHash, engine, ...(kernels !== undefined && { kernels }) };
  return { seq: epoch, step: epoch, seconds, facts, arrays };
}

function attentionState({ step, seconds, facts, arrays }: TrainerState): AttentionState {
  // As it was written by the function above, of this version or an earlier one; files are checked against a checksum.
  return { epoch: step, seconds, ...facts, ...arrays } as unknown as AttentionState;
}
