/**
 * The model as ops of the engine throughout, for an accelerator: parameters, moments and activations stay on the device.
 * What leaves it are two numbers a pass, and in a pass that observes, in the same copy, the rows that are measured.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { RunConfig } from '../../../shared/experiments/attention-cv/sweep.js';
import type { Arena, Kernels } from './kernels/kernels.js';
import type { Cloud, PassOptions, PassResult } from './attention-classifier.js';
import type { Dataset } from './dataset.js';
import { adamCorrections, BETA1, BETA2, type Model, type ModelPlan, type ModelState } from './model.js';
import { parameterLayout, type ParameterLayout } from './parameters.js';
import { MeasuredRows } from './tensor-measured.js';
import {
  passBlock,
  projectTable,
  type BlockActivations,
  type BlockGradients,
  type BlockResult,
  type SampleBlock,
} from './tensor-pass.js';
import { TensorScatter } from './tensor-scatter.js';
import { flatten, weightsOf, type TensorWeights } from './tensor-weights.js';

const ADAM_EPSILON = 1e-8;
/** Most floats that the tensors of a block hold together, about: 256 MB. */
const BLOCK_FLOATS = 64e6;

/** How many samples are passed at once: all of them, if they fit. */
export function samplesPerBlock({ dim, heads, seqLen, classes, samplesPerClass }: RunConfig): number {
  // Rows of D floats and attention matrices that are allocated at the peak of a pass, by count of the ops.
  const floatsPerSample = seqLen * (48 * dim + 7 * heads * seqLen);
  return Math.min(classes * samplesPerClass, Math.max(1, Math.floor(BLOCK_FLOATS / floatsPerSample)));
}

/** @param perBlock Samples passed at once. */
export function planTensorModel(arena: Arena, config: RunConfig, perBlock = samplesPerBlock(config)): ModelPlan {
  const measured = new MeasuredRows(arena, config);
  return {
    observedRows: measured.observedRows,
    build: (kernels, data, parameters) =>
      new TensorModel(config, kernels, measured, blocksOf(config, data, perBlock), parameters),
  };
}

class TensorModel implements Model {
  readonly #config: RunConfig;
  readonly #kernels: Kernels;
  readonly #measured: MeasuredRows;
  readonly #layout: ParameterLayout;
  readonly #samples: number;
  readonly #blocks: SampleBlock[];
  #parameters: tf.Tensor1D;
  #firstMoment: tf.Tensor1D;
  #secondMoment: tf.Tensor1D;
  /** Of the last pass that worked them out, until a step takes them. */
  #gradients: tf.Tensor1D | undefined;

  constructor(
    config: RunConfig,
    kernels: Kernels,
    measured: MeasuredRows,
    blocks: SampleBlock[],
    parameters: Float32Array,
  ) {
    this.#config = config;
    this.#kernels = kernels;
    this.#measured = measured;
    this.#layout = parameterLayout(config);
    this.#blocks = blocks;
    this.#samples = blocks.reduce((sum, { samples }) => sum + samples, 0);
    this.#parameters = tf.tensor1d(parameters);
    this.#firstMoment = tf.zeros([parameters.length]);
    this.#secondMoment = tf.zeros([parameters.length]);
  }

  pass({ gradients, observe, beat }: PassOptions): PassResult {
    const { out, flat } = tf.tidy(() => {
      const weights = weightsOf(this.#parameters, this.#layout);
      const passed = this.#passBlocks(weights, { gradients, observe, ...(beat && { beat }) });
      const results = tf.concat1d([tf.reshape<tf.Rank.R1>(passed.correct, [1]), passed.losses]);
      return {
        out: passed.activations === undefined ? results : this.#measured.join(results, weights, passed.activations),
        flat: passed.gradients && this.#flatGradients(passed.gradients, weights),
      };
    });
    this.#gradients?.dispose();
    this.#gradients = flat;
    const values = out.dataSync<'float32'>();
    out.dispose();
    const losses = values.subarray(1, 1 + this.#samples);
    if (observe) this.#measured.take(this.#kernels, values.subarray(1 + losses.length));
    const lossSum = losses.reduce((sum, loss) => sum + loss, 0);
    return { loss: lossSum / this.#samples, accuracy: values[0]! / this.#samples };
  }

  /** Block by block, each freed but for its sums. */
  #passBlocks(weights: TensorWeights, { gradients, observe, beat }: PassOptions): BlockResult {
    const projected = projectTable(weights, this.#config);
    let sums: BlockResult | undefined;
    let firstSample = 0;
    for (const block of this.#blocks) {
      const isObserved = observe && firstSample < this.#measured.observedSamples;
      const options = { total: this.#samples, gradients, observe: isObserved };
      const passed = tf.tidy(() => passBlock(block, weights, projected, this.#config, options));
      sums = sums === undefined ? passed : add(sums, passed);
      firstSample += block.samples;
      beat?.();
    }
    return sums!;
  }

  #flatGradients(sums: BlockGradients, { table, inWeight }: TensorWeights): tf.Tensor1D {
    const { vocab, seqLen, dim } = this.#config;
    const rows = vocab + seqLen;
    const dProjected = tf.slice2d(sums.rows, [0, 0], [rows, 3 * dim]);
    const dTable = tf.slice2d(sums.rows, [0, 3 * dim], [rows, dim]);
    return flatten({
      ...sums,
      table: tf.add(dTable, tf.matMul(dProjected, inWeight)),
      inWeight: tf.matMul(dProjected, table, true, false),
      // Every row of h has one position.
      inBias: tf.sum(tf.slice2d(dProjected, [vocab, 0], [seqLen, 3 * dim]), 0),
    });
  }

  step(count: number): void {
    const gradients = this.#gradients;
    if (gradients === undefined) throw new Error('a step needs the gradients of a pass');
    const { stepSize, rootBias2 } = adamCorrections(this.#config.lr, count);
    const before = [this.#parameters, this.#firstMoment, this.#secondMoment, gradients];
    [this.#parameters, this.#firstMoment, this.#secondMoment] = tf.tidy(() => {
      const first = tf.add<tf.Tensor1D>(this.#firstMoment, tf.mul(tf.sub(gradients, this.#firstMoment), 1 - BETA1));
      const second = tf.add<tf.Tensor1D>(tf.mul(this.#secondMoment, BETA2), tf.mul(tf.square(gradients), 1 - BETA2));
      const denominator = tf.add(tf.div(tf.sqrt(second), rootBias2), ADAM_EPSILON);
      return [tf.sub<tf.Tensor1D>(this.#parameters, tf.mul(tf.div(first, denominator), stepSize)), first, second];
    });
    tf.dispose(before);
    this.#gradients = undefined;
  }

  cloud(series: string): Cloud {
    return this.#measured.cloud(series);
  }

  state(): ModelState {
    return {
      parameters: this.#parameters.dataSync<'float32'>(),
      firstMoment: this.#firstMoment.dataSync<'float32'>(),
      secondMoment: this.#secondMoment.dataSync<'float32'>(),
    };
  }

  restore({ parameters, firstMoment, secondMoment }: ModelState): void {
    tf.dispose([this.#parameters, this.#firstMoment, this.#secondMoment]);
    // Copies: on some backends a tensor goes on reading the array that it was made of.
    this.#parameters = tf.tensor1d(parameters.slice());
    this.#firstMoment = tf.tensor1d(firstMoment.slice());
    this.#secondMoment = tf.tensor1d(secondMoment.slice());
  }

  dispose(): void {
    tf.dispose([this.#parameters, this.#firstMoment, this.#secondMoment]);
    this.#gradients?.dispose();
    for (const { tokens, labels, scatter } of this.#blocks) {
      tf.dispose([tokens, labels]);
      scatter.dispose();
    }
  }
}

function blocksOf({ seqLen, vocab }: RunConfig, { x, y }: Dataset, size: number): SampleBlock[] {
  return Array.from({ length: Math.ceil(y.length / size) }, (_, i) => {
    const labels = y.slice(i * size, (i + 1) * size);
    const tokens = x.slice(i * size * seqLen, (i + 1) * size * seqLen);
    return {
      samples: labels.length,
      tokens: tf.tensor1d(tokens, 'int32'),
      labels: tf.tensor1d(labels, 'int32'),
      scatter: new TensorScatter(tokens, vocab),
    };
  });
}

/** Sums of two blocks, which are freed; activations one behind the other. */
function add(a: BlockResult, b: BlockResult): BlockResult {
  const sum = <T extends tf.Tensor>(one: T, other: T): T => {
    const total = tf.add<T>(one, other);
    tf.dispose([one, other]);
    return total;
  };
  const gradientsOf = (one: BlockGradients, other: BlockGradients): BlockGradients => ({
    rows: sum(one.rows, other.rows),
    outWeight: sum(one.outWeight, other.outWeight),
    outBias: sum(one.outBias, other.outBias),
    gamma: sum(one.gamma, other.gamma),
    beta: sum(one.beta, other.beta),
    headWeight: sum(one.headWeight, other.headWeight),
    headBias: sum(one.headBias, other.headBias),
  });
  const joined = (one: BlockActivations, other: BlockActivations): BlockActivations => ({
    projected: tf.concat2d([one.projected, other.projected], 0),
    table: tf.concat2d([one.table, other.table], 0),
    post: tf.concat2d([one.post, other.post], 0),
  });
  return {
    losses: tf.concat1d([a.losses, b.losses]),
    correct: sum(a.correct, b.correct),
    gradients: a.gradients && b.gradients && gradientsOf(a.gradients, b.gradients),
    activations: a.activations && b.activations ? joined(a.activations, b.activations) : a.activations,
  };
}
