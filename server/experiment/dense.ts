/**
 * The dense products of a training step, on TensorFlow.js and whichever backend is set. The data is full of repeated
 * (token, position) pairs, so products run over the R = vocab + seqLen rows of the table E = [emb; pos], not over the
 * samples × seqLen rows of h: h·W = E[token]·W + E[vocab + position]·W. Values go through the output projection here
 * too, per head: folded_i = V_i Wₒ,iᵀ, so that no (samples · seqLen) × dim × dim product is left.
 *
 * Transposes are explicit: on the wasm backend a matMul with transpose flags is ten times slower.
 */
import * as tf from '@tensorflow/tfjs-core';

export interface DenseShape {
  /** R = vocab + seqLen. */
  rows: number;
  seqLen: number;
  dim: number;
  heads: number;
  headDim: number;
}

export interface ProjectionWeights {
  /** (R, dim) = [emb; pos]. */
  table: Float32Array;
  /** (3·dim, dim). */
  inWeight: Float32Array;
  /** (dim, dim). */
  outWeight: Float32Array;
}

export interface Projections {
  /** (R, 3·dim): E Wᵢₙᵀ. */
  projected: Float32Array;
  /** Per head (R, dim): the head's values through its columns of Wₒ. */
  folded: Float32Array[];
}

export function project(shape: DenseShape, { table, inWeight, outWeight }: ProjectionWeights): Projections {
  const { rows, dim, heads, headDim } = shape;
  const results = tf.tidy(() => {
    const projected = tf.matMul(tf.tensor2d(table, [rows, dim]), tf.transpose(tf.tensor2d(inWeight, [3 * dim, dim])));
    const outTransposed = tf.transpose(tf.tensor2d(outWeight, [dim, dim])); // (in, out): head i owns rows i·headDim …
    const folded = Array.from({ length: heads }, (_, head) =>
      tf.matMul(
        tf.slice(projected, [0, 2 * dim + head * headDim], [rows, headDim]),
        tf.slice(outTransposed, [head * headDim, 0], [headDim, dim]),
      ),
    );
    return [projected, ...folded];
  });
  const [projected, ...folded] = results.map(take);
  return { projected: projected!, folded };
}

export interface ProjectionGradients {
  /** (R, dim): what flows back through the projections alone. */
  dTable: Float32Array;
  dInWeight: Float32Array;
  dInBias: Float32Array;
  /** Without the value bias' share, dOutBias ⊗ valueBias. */
  dOutWeight: Float32Array;
}

/**
 * `dQueriesKeys` (R, 2·dim) and `dFolded` per head (R, dim) back through `project`, which gave `projected`. Every row
 * of h has one position, so the bias gradient is the sum over the last `seqLen` rows of the projection's gradient.
 */
export function projectGradient(
  shape: DenseShape,
  { table, inWeight, outWeight }: ProjectionWeights,
  projected: Float32Array,
  { dQueriesKeys, dFolded }: { dQueriesKeys: Float32Array; dFolded: Float32Array[] },
): ProjectionGradients {
  const { rows, seqLen, dim, heads, headDim } = shape;
  const results = tf.tidy(() => {
    const out = tf.tensor2d(outWeight, [dim, dim]);
    const projection = tf.tensor2d(projected, [rows, 3 * dim]);
    const perHead = Array.from({ length: heads }, (_, head) => {
      const gradient = tf.tensor2d(dFolded[head]!, [rows, dim]);
      const values = tf.slice(projection, [0, 2 * dim + head * headDim], [rows, headDim]);
      return {
        dValues: tf.matMul(gradient, tf.slice(out, [0, head * headDim], [dim, headDim])), // (R, headDim)
        dOut: tf.matMul(tf.transpose(gradient), values), // (dim, headDim)
      };
    });
    const join = (parts: tf.Tensor2D[]): tf.Tensor2D => (parts.length === 1 ? parts[0]! : tf.concat2d(parts, 1));
    const dProjected = tf.concat2d(
      [tf.tensor2d(dQueriesKeys, [rows, 2 * dim]), join(perHead.map((h) => h.dValues as tf.Tensor2D))],
      1,
    );
    const dTable = tf.matMul(dProjected, tf.tensor2d(inWeight, [3 * dim, dim]));
    const dInWeight = tf.matMul(tf.transpose(dProjected), tf.tensor2d(table, [rows, dim]));
    const dInBias = tf.sum(tf.slice(dProjected, [rows - seqLen, 0], [seqLen, 3 * dim]), 0);
    const dOutWeight = join(perHead.map((h) => h.dOut as tf.Tensor2D));
    return [dTable, dInWeight, dInBias, dOutWeight];
  });
  const [dTable, dInWeight, dInBias, dOutWeight] = results.map(take);
  return { dTable: dTable!, dInWeight: dInWeight!, dInBias: dInBias!, dOutWeight: dOutWeight! };
}

/** Reads a tensor and frees it. */
function take(tensor: tf.Tensor): Float32Array {
  const values = tensor.dataSync<'float32'>();
  tensor.dispose();
  return values;
}
