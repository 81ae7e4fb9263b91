/**
 * Forward and hand-written backward over a block of samples, as ops of the engine: about 100 of them, however large the
 * block. B samples, S positions, D = dim, H heads of size d, R = vocab + S rows of the table. Products go over the
 * table's rows, not the samples', as in `dense-products.ts`: each row of h is one token's row plus one position's.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { RunConfig } from '../../../shared/experiments/attention-cv/sweep.js';
import type { TensorScatter } from './tensor-scatter.js';
import type { TensorWeights } from './tensor-weights.js';

const EPSILON = 1e-5;

export interface SampleBlock {
  samples: number;
  /** (B·S) int32. */
  tokens: tf.Tensor1D;
  /** (B) int32. */
  labels: tf.Tensor1D;
  /** From the rows of the block to the tokens. */
  scatter: TensorScatter;
}

/** What every block needs of the weights, worked out once a pass. */
export interface Projected {
  /** (R, 3·D): E Wᵢₙᵀ, without bias. */
  rows: tf.Tensor2D;
  /** (S, 3·D): the positions' rows, with it. */
  positions: tf.Tensor2D;
}

export function projectTable({ table, inWeight, inBias }: TensorWeights, { vocab, seqLen, dim }: RunConfig): Projected {
  const rows = tf.matMul<tf.Tensor2D>(table, inWeight, false, true);
  return { rows, positions: tf.add<tf.Tensor2D>(tf.slice2d(rows, [vocab, 0], [seqLen, 3 * dim]), inBias) };
}

/** Sums over the block's samples; of what the table receives, by row. */
export type BlockGradients = {
  /** (R, 4·D): of the projections, then of the table itself. */
  rows: tf.Tensor2D;
  outWeight: tf.Tensor2D;
  outBias: tf.Tensor1D;
  gamma: tf.Tensor1D;
  beta: tf.Tensor1D;
  headWeight: tf.Tensor2D;
  headBias: tf.Tensor1D;
};

/** The block's activations, rows = (sample, position). */
export type BlockActivations = {
  /** (B·S, 3·D), (B·S, D), (B·S, D). */
  projected: tf.Tensor2D;
  table: tf.Tensor2D;
  post: tf.Tensor2D;
};

export type BlockResult = {
  /** (B), not their sum: that is worked out in float64, which the engine has not. */
  losses: tf.Tensor1D;
  /** How many were classified right. */
  correct: tf.Scalar;
  gradients: BlockGradients | undefined;
  activations: BlockActivations | undefined;
};

/**
 * Inside a tidy.
 * @param total Samples of the whole data set, over which the loss is a mean.
 */
export function passBlock(
  block: SampleBlock,
  weights: TensorWeights,
  projected: Projected,
  config: RunConfig,
  { total, gradients, observe }: { total: number; gradients: boolean; observe: boolean },
): BlockResult {
  const { samples, tokens, labels } = block;
  const { dim, heads, headDim, seqLen, vocab, classes } = config;
  const { table, outWeight, outBias, gamma, beta, headWeight, headBias } = weights;
  const rows = samples * seqLen;
  const scale = 1 / Math.sqrt(headDim);

  const positions = tf.slice2d(table, [vocab, 0], [seqLen, dim]);
  const h = tf.add(tf.reshape(tf.gather(table, tokens), [samples, seqLen, dim]), positions); // (B, S, D)
  const tokenRows = tf.reshape(tf.gather(projected.rows, tokens), [samples, seqLen, 3 * dim]);
  const qkv = tf.add(tokenRows, projected.positions); // (B, S, 3·D)
  const byHead = tf.transpose(tf.reshape(qkv, [samples, seqLen, 3, heads, headDim]), [2, 0, 3, 1, 4]);
  const [q, k, v] = tf.unstack(byHead) as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D]; // (B, H, S, d)
  const attention = tf.softmax(tf.mul(tf.matMul(q, k, false, true), scale)); // (B, H, S, S)
  const mixed = tf.reshape<tf.Rank.R2>(tf.transpose(tf.matMul(attention, v), [0, 2, 1, 3]), [rows, dim]); // (B·S, D)
  const attended = tf.add(tf.matMul(mixed, outWeight, false, true), outBias);
  const residual = tf.add(h, tf.reshape(attended, [samples, seqLen, dim]));
  const centred = tf.sub(residual, tf.mean(residual, 2, true));
  const rstd = tf.rsqrt(tf.add(tf.mean(tf.square(centred), 2, true), EPSILON)); // (B, S, 1)
  const xHat = tf.mul(centred, rstd);
  // Scale and shift come after the mean over positions, with which they commute.
  const pooled = tf.mean(xHat, 1); // (B, D)
  const features = tf.add<tf.Tensor2D>(tf.mul(pooled, gamma), beta);
  const logits = tf.add(tf.matMul(features, headWeight, false, true), headBias); // (B, classes)

  const shifted = tf.sub(logits, tf.max(logits, 1, true));
  const exponentials = tf.exp(shifted);
  const totals = tf.sum(exponentials, 1, true); // (B, 1)
  const target = tf.cast(tf.oneHot(labels, classes), 'float32');
  const losses = tf.sub<tf.Tensor1D>(tf.log(tf.squeeze(totals, [1])), tf.sum(tf.mul(shifted, target), 1)); // (B)
  const right = tf.equal(tf.cast(tf.argMax(logits, 1), 'int32'), labels);
  const correct = tf.sum<tf.Scalar>(tf.cast(right, 'float32'));

  const activations = observe
    ? {
        projected: tf.reshape<tf.Rank.R2>(qkv, [rows, 3 * dim]),
        table: tf.reshape<tf.Rank.R2>(h, [rows, dim]),
        post: tf.reshape<tf.Rank.R2>(tf.add(tf.mul(xHat, gamma), beta), [rows, dim]),
      }
    : undefined;
  if (!gradients) return { losses, correct, gradients: undefined, activations };

  const dLogits = tf.div<tf.Tensor2D>(tf.sub(tf.div(exponentials, totals), target), total);
  const dFeatures = tf.matMul(dLogits, headWeight); // (B, D)
  // The same for every position of a sample.
  const dxHat = tf.reshape(tf.mul(tf.mul(dFeatures, gamma), 1 / seqLen), [samples, 1, dim]);
  const along = tf.mean(tf.mul(xHat, dxHat), 2, true); // (B, S, 1)
  const dResidual = tf.reshape<tf.Rank.R2>(
    tf.mul(rstd, tf.sub(tf.sub(dxHat, tf.mean(dxHat, 2, true)), tf.mul(xHat, along))),
    [rows, dim],
  );

  const dMixed = tf.matMul(dResidual, outWeight);
  const dHeads = tf.transpose(tf.reshape(dMixed, [samples, seqLen, heads, headDim]), [0, 2, 1, 3]); // (B, H, S, d)
  const dAttention = tf.matMul(dHeads, v, false, true);
  const inner = tf.sum(tf.mul(dAttention, attention), 3, true);
  const dScores = tf.mul(tf.mul(attention, tf.sub(dAttention, inner)), scale);
  const dByHead = tf.stack([
    tf.matMul(dScores, k),
    tf.matMul(dScores, q, true, false),
    tf.matMul(attention, dHeads, true, false),
  ]); // (3, B, H, S, d)
  const dQkv = tf.reshape<tf.Rank.R2>(tf.transpose(dByHead, [1, 3, 0, 2, 4]), [rows, 3 * dim]);

  return {
    losses,
    correct,
    activations,
    gradients: {
      rows: sumByRow(tf.concat2d([dQkv, dResidual], 1), block, config),
      outWeight: tf.matMul(dResidual, mixed, true, false),
      outBias: tf.sum(dResidual, 0),
      gamma: tf.sum(tf.mul(dFeatures, pooled), 0),
      beta: tf.sum(dFeatures, 0),
      headWeight: tf.matMul(dLogits, features, true, false),
      headBias: tf.sum(dLogits, 0),
    },
  };
}

/** (B·S, C) to the rows of the table: the tokens' by the tree, the positions' as a product with ones. */
function sumByRow(values: tf.Tensor2D, { samples, scatter }: SampleBlock, { seqLen }: RunConfig): tf.Tensor2D {
  const columns = values.shape[1];
  const bySample = tf.reshape<tf.Rank.R2>(values, [samples, seqLen * columns]);
  const positions = tf.reshape<tf.Rank.R2>(tf.matMul(tf.ones<tf.Rank.R2>([1, samples]), bySample), [seqLen, columns]);
  return tf.concat2d([scatter.sum(values), positions], 0);
}
