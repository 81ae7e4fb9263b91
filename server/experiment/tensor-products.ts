/**
 * The dense products on TensorFlow.js and whichever backend is set, copied in and out of the kernels' memory.
 * Transposes are explicit: on some backends a matMul with transpose flags is ten times slower.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Kernels } from '../kernels/kernels.js';
import type { PassPlan } from '../kernels/pass-plan.js';
import type { DenseProducts } from './dense-products.js';

export function tensorProducts(kernels: Kernels, plan: PassPlan): DenseProducts {
  const { rows, wide, headWide, rowWide, seqLen } = plan;
  const heads = rowWide / 3 / headWide;
  const allHeads = heads * headWide;
  const floats = (name: keyof typeof plan.regions, at = 0, length?: number): Float32Array =>
    plan.regions[name].floats(kernels).subarray(at, length === undefined ? undefined : at + length);
  const table = (): tf.Tensor2D => tf.tensor2d(floats('table'), [rows, wide]);
  const inWeight = (): tf.Tensor2D => tf.tensor2d(floats('inWeight'), [rowWide, wide]);
  const outWeight = (): tf.Tensor2D => tf.tensor2d(floats('outWeight'), [wide, allHeads]);
  const headValues = (projected: tf.Tensor2D, head: number): tf.Tensor2D =>
    tf.slice(projected, [0, 2 * allHeads + head * headWide], [rows, headWide]);

  return {
    project() {
      const [projected, ...folded] = tf.tidy<tf.Tensor[]>(() => {
        const all = tf.matMul<tf.Tensor2D>(table(), tf.transpose(inWeight())); // (R, 3 · heads · headWide)
        const outTransposed = tf.transpose(outWeight()); // (heads · headWide, wide)
        const perHead = Array.from({ length: heads }, (_, head) =>
          tf.matMul(headValues(all, head), tf.slice(outTransposed, [head * headWide, 0], [headWide, wide])),
        );
        return [all, ...perHead];
      });
      move(projected!, floats('projected'));
      folded.forEach((values, head) => move(values, floats('folded', head * rows * wide)));
    },

    projectGradient() {
      const [dTable, dInWeight, dInBias, dOutWeight] = tf.tidy<tf.Tensor[]>(() => {
        const out = outWeight();
        const projected = tf.tensor2d(floats('projected'), [rows, rowWide]);
        const perHead = Array.from({ length: heads }, (_, head) => {
          const gradient = tf.tensor2d(floats('dFolded', head * rows * wide, rows * wide), [rows, wide]);
          return {
            dValues: tf.matMul<tf.Tensor2D>(gradient, tf.slice(out, [0, head * headWide], [wide, headWide])), // (R, headWide)
            dOut: tf.matMul(tf.transpose(headValues(projected, head)), gradient), // (headWide, wide)
          };
        });
        const queriesKeys = tf.slice(tf.tensor2d(floats('dProjected'), [rows, rowWide]), [0, 0], [rows, 2 * allHeads]);
        const dProjected = tf.concat2d([queriesKeys, ...perHead.map((each) => each.dValues)], 1);
        return [
          tf.add(tf.matMul(dProjected, inWeight()), tf.tensor2d(floats('dTable'), [rows, wide])),
          tf.matMul(tf.transpose(dProjected), table()),
          // Every row of h has one position, so this is the sum over all of them.
          tf.sum(tf.slice(dProjected, [rows - seqLen, 0], [seqLen, rowWide]), 0),
          tf.concat(
            perHead.map((each) => each.dOut),
            0,
          ),
        ];
      });
      move(dTable!, floats('dTable'));
      move(dInWeight!, floats('dInWeight'));
      move(dInBias!, floats('dInBias'));
      move(dOutWeight!, floats('dOutWeight'));
    },
  };
}

/** Reads a tensor and frees it. */
function move(tensor: tf.Tensor, target: Float32Array): void {
  target.set(tensor.dataSync<'float32'>());
  tensor.dispose();
}
