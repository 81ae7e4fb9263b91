/**
 * The rows of weights and activations that CVs sample, as a model on a device hands them over: joined there into one
 * vector, copied once, and laid down in kernel memory, where the volumes are computed.
 */
import * as tf from '@tensorflow/tfjs-core';
import { SAMPLED_ROWS } from '../../../shared/experiments/attention-cv/series.js';
import type { RunConfig } from '../../../shared/experiments/attention-cv/sweep.js';
import type { Arena, Kernels, Region } from './kernels/kernels.js';
import type { Cloud } from './attention-classifier.js';
import type { BlockActivations } from './tensor-pass.js';
import type { TensorWeights } from './tensor-weights.js';

type PartName = 'emb' | 'inWeight' | 'outWeight' | 'headWeight' | 'projected' | 'table' | 'post';

interface Part {
  rows: number;
  columns: number;
  /** In floats from the region's beginning. */
  offset: number;
}

export class MeasuredRows {
  readonly observedRows: number;
  /** Samples that have one of these rows. */
  readonly observedSamples: number;
  readonly #config: RunConfig;
  readonly #parts: Record<PartName, Part>;
  readonly #region: Region;

  constructor(arena: Arena, config: RunConfig) {
    const { dim, vocab, classes, samplesPerClass, seqLen } = config;
    this.#config = config;
    this.observedRows = Math.min(SAMPLED_ROWS, classes * samplesPerClass * seqLen);
    this.observedSamples = Math.ceil(this.observedRows / seqLen);
    const sampled = (rows: number): number => Math.min(rows, SAMPLED_ROWS);
    const shapes: Record<PartName, [rows: number, columns: number]> = {
      emb: [sampled(vocab), dim],
      // Whole, because every head samples its own rows of it.
      inWeight: [3 * dim, dim],
      outWeight: [sampled(dim), dim],
      headWeight: [sampled(classes), dim],
      projected: [this.observedRows, 3 * dim],
      table: [this.observedRows, dim],
      post: [this.observedRows, dim],
    };
    let floats = 0;
    const parts = Object.entries(shapes).map(([name, [rows, columns]]): [string, Part] => {
      const offset = floats;
      floats += rows * columns;
      return [name, { rows, columns, offset }];
    });
    this.#parts = Object.fromEntries(parts) as Record<PartName, Part>;
    this.#region = arena.takeFloats(floats);
  }

  /** Inside a tidy: `results`, then all the rows, in one vector. */
  join(results: tf.Tensor1D, weights: TensorWeights, activations: BlockActivations): tf.Tensor1D {
    const { table: emb, inWeight, outWeight, headWeight } = weights;
    const sources: Record<PartName, tf.Tensor2D> = { emb, inWeight, outWeight, headWeight, ...activations };
    const parts = Object.entries(this.#parts).map(([name, { rows, columns }]) =>
      tf.reshape(tf.slice2d(sources[name as PartName], [0, 0], [rows, columns]), [rows * columns]),
    );
    return tf.concat1d([results, ...parts] as tf.Tensor1D[]);
  }

  /** Takes the rows that `join` put behind the results, read from the device. */
  take(kernels: Kernels, rows: Float32Array): void {
    this.#region.floats(kernels).set(rows);
  }

  /** Where a series' matrix lies since the last `take`. */
  cloud(series: string): Cloud {
    const { dim, headDim, vocab, classes } = this.#config;
    const cloud = (name: PartName, rows: number, columns = dim, firstRow = 0, firstColumn = 0): Cloud => {
      const { offset, columns: stride } = this.#parts[name];
      return { pointer: this.#region.pointer + 4 * (offset + firstRow * stride + firstColumn), stride, rows, columns };
    };
    switch (series) {
      case 'emb':
        return cloud('emb', vocab);
      case 'out_proj':
        return cloud('outWeight', dim);
      case 'cls_head':
        return cloud('headWeight', classes);
      case 'act_emb':
        return cloud('table', this.observedRows);
      case 'act_post_full':
        return cloud('post', this.observedRows);
    }
    const match = /^(act_)?(Q|K|V|post)_(full|h(\d+))$/.exec(series);
    if (match === null) throw new Error(`no such series: ${series}`);
    const [, act, kind = '', which, number] = match;
    const third = 'QKV'.indexOf(kind) * dim;
    const first = Number(number ?? 0) * headDim;
    if (act === undefined) return cloud('inWeight', which === 'full' ? dim : headDim, dim, third + first);
    if (kind === 'post') return cloud('post', this.observedRows, headDim, 0, first);
    return cloud('projected', this.observedRows, headDim, 0, third + first);
  }
}
