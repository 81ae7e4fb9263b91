/**
 * The dense products on TensorFlow.js and whichever backend is set, copied in and out of the kernels' memory.
 * Transposes are explicit: on some backends a matMul with transpose flags is ten times slower.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Kernels } from './kernels/kernels.js';
import type { PassPlan } from './kernels/pass-plan.js';
import type { DenseProducts } from './dense-products.js';

export function tensorProducts(kernels: Kernels, plan: PassPlan): DenseProducts {
  const { rows, wide, rowWide, seqLen } = plan;
  const floats = (name: keyof typeof plan.regions): Float32Array => plan.regions[name].floats(kernels);
  const matrix = (name: keyof typeof plan.regions, height: number, width: number): tf.Tensor2D =>
    tf.tensor2d(floats(name).subarray(0, height * width), [height, width]);
  const table = (): tf.Tensor2D => matrix('table', rows, wide);
  const inWeight = (): tf.Tensor2D => matrix('inWeight', rowWide, wide);

  return {
    project() {
      move(
        tf.tidy(() => tf.matMul(table(), tf.transpose(inWeight()))),
        floats('projected'),
      );
    },

    projectGradient() {
      const [dTable, dInWeight, dInBias] = tf.tidy<[tf.Tensor, tf.Tensor, tf.Tensor]>(() => {
        const dProjected = matrix('dProjected', rows, rowWide);
        return [
          tf.add(tf.matMul(dProjected, inWeight()), matrix('dTable', rows, wide)),
          tf.matMul(tf.transpose(dProjected), table()),
          // Every row of h has one position, so this is the sum over all of them.
          tf.sum(tf.slice(dProjected, [rows - seqLen, 0], [seqLen, rowWide]), 0),
        ];
      });
      move(dTable, floats('dTable'));
      move(dInWeight, floats('dInWeight'));
      move(dInBias, floats('dInBias'));
    },
  };
}

/** Reads a tensor and frees it. */
function move(tensor: tf.Tensor, target: Float32Array): void {
  target.set(tensor.dataSync<'float32'>());
  tensor.dispose();
}
