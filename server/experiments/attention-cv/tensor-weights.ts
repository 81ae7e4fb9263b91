/** The model's parameters as tensors of their shapes, views of one flat vector, and gradients back into one. */
import * as tf from '@tensorflow/tfjs-core';
import type { ParameterLayout, ParameterName } from './parameters.js';

/** Biases, scale and shift are (columns); everything else is (rows, columns). */
export interface TensorWeights {
  /** (vocab + seqLen, dim) = [emb; pos], which lie side by side. */
  table: tf.Tensor2D;
  /** (3·dim, dim) and (3·dim). */
  inWeight: tf.Tensor2D;
  inBias: tf.Tensor1D;
  outWeight: tf.Tensor2D;
  outBias: tf.Tensor1D;
  gamma: tf.Tensor1D;
  beta: tf.Tensor1D;
  /** (classes, dim) and (classes). */
  headWeight: tf.Tensor2D;
  headBias: tf.Tensor1D;
}

/** Inside a tidy. */
export function weightsOf(flat: tf.Tensor1D, layout: ParameterLayout): TensorWeights {
  const matrix = (name: ParameterName, rows = layout.of[name].rows): tf.Tensor2D => {
    const { offset, columns } = layout.of[name];
    return tf.reshape(tf.slice(flat, offset, rows * columns), [rows, columns]);
  };
  const vector = (name: ParameterName): tf.Tensor1D => tf.slice(flat, layout.of[name].offset, layout.of[name].columns);
  return {
    table: matrix('emb.weight', layout.of['emb.weight'].rows + layout.of.pos.rows),
    inWeight: matrix('mha.in_proj_weight'),
    inBias: vector('mha.in_proj_bias'),
    outWeight: matrix('mha.out_proj.weight'),
    outBias: vector('mha.out_proj.bias'),
    gamma: vector('norm.weight'),
    beta: vector('norm.bias'),
    headWeight: matrix('head.weight'),
    headBias: vector('head.bias'),
  };
}

/** Of the same shapes, or as many floats, in the order of `parameterLayout`. */
export function flatten(weights: Record<keyof TensorWeights, tf.Tensor>): tf.Tensor1D {
  const { table, inWeight, inBias, outWeight, outBias, gamma, beta, headWeight, headBias } = weights;
  const inOrder = [table, inWeight, inBias, outWeight, outBias, gamma, beta, headWeight, headBias];
  return tf.concat1d(inOrder.map((tensor) => tf.reshape(tensor, [tensor.size])));
}
