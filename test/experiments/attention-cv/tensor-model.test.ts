/** The model as ops of the engine throughout, on the engine wasm; its agreement with the script is in conformance/. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openEngine } from '../../../server/experiments/attention-cv/engine/backend.js';
import { makeDataset } from '../../../server/experiments/attention-cv/dataset.js';
import { engineModel } from '../../../server/experiments/attention-cv/engine-model.js';
import { kernelProducts } from '../../../server/experiments/attention-cv/dense-products.js';
import { planKernelModel } from '../../../server/experiments/attention-cv/kernel-model.js';
import type { Model, PlanModel } from '../../../server/experiments/attention-cv/model.js';
import { initialiseParameters, parameterLayout } from '../../../server/experiments/attention-cv/parameters.js';
import { Generator } from '../../../server/experiments/attention-cv/random.js';
import { planTensorModel, samplesPerBlock } from '../../../server/experiments/attention-cv/tensor-model.js';
import { TensorScatter } from '../../../server/experiments/attention-cv/tensor-scatter.js';
import { Trainer, type TrainedEpoch } from '../../../server/experiments/attention-cv/trainer.js';
import { loadKernels } from '../../../server/experiments/attention-cv/kernels/kernels.js';
import { LOCAL_COLUMNS } from '../../../shared/run.js';
import type { RunConfig } from '../../../shared/experiments/attention-cv/sweep.js';
import { sha256 } from '../../support/golden.js';

const config: RunConfig = {
  ...{ dim: 15, heads: 3, headDim: 5, seed: 7, lr: 1e-2, epochs: 6, vocab: 11, seqLen: 5, classes: 4 },
  ...{ samplesPerClass: 6, every: 1, samples: 50, sampleSeed: 0 },
};

const tensor = await engineModel('wasm/tensor');

beforeAll(async () => {
  await openEngine('wasm', 'tensor');
});

/** With noise on the initial zeros and ones, where errors in bias and scale gradients could hide. */
function build(plan: PlanModel): Model {
  const { kernels, regions } = loadKernels((arena) => plan(arena, config));
  const generator = new Generator(config.seed);
  const data = makeDataset(generator, config);
  const layout = parameterLayout(config);
  const parameters = new Float32Array(layout.size);
  initialiseParameters(parameters, layout, generator, config);
  const noise = new Float32Array(layout.size);
  generator.normal(noise, 0, 0.3);
  return regions.build(
    kernels,
    data,
    parameters.map((value, i) => value + noise[i]!),
  );
}

/** The first moment after one step is a tenth of the gradient. */
function gradientOf(plan: PlanModel): { loss: number; gradient: Float32Array } {
  const model = build(plan);
  const { loss } = model.pass({ gradients: true, observe: false });
  model.step(1);
  const gradient = model.state().firstMoment.map((moment) => moment * 10);
  model.dispose();
  return { loss, gradient };
}

/** Largest difference, in parts of the largest value. */
function distance(a: Float32Array, b: Float32Array): number {
  const largest = Math.max(...b.map(Math.abs));
  return Math.max(...a.map((value, i) => Math.abs(value - b[i]!))) / largest;
}

describe('the tensor model', () => {
  it('has the gradients of the kernels for every parameter, whole and in blocks of any size', () => {
    const kernels = gradientOf(planKernelModel(kernelProducts));
    for (const perBlock of [24, 23, 7, 1]) {
      const tensors = gradientOf((arena, shape) => planTensorModel(arena, shape, perBlock));
      expect(tensors.loss).toBeCloseTo(kernels.loss, 5);
      expect(distance(tensors.gradient, kernels.gradient), `${perBlock} a block`).toBeLessThan(5e-6);
    }
  });

  it('passes as many samples at once as fit, at least one', () => {
    expect(samplesPerBlock({ ...config, dim: 256, heads: 8, seqLen: 8, classes: 10, samplesPerClass: 50 })).toBe(500);
    const large = { ...config, dim: 1024, heads: 16, seqLen: 64, classes: 10, samplesPerClass: 500 };
    expect(samplesPerBlock(large)).toBe(17);
    expect(samplesPerBlock({ ...large, heads: 1024, seqLen: 512 })).toBe(1);
  });

  it('leaks no tensor: as many are held after every epoch, and none of them after the run', () => {
    const before = tf.memory().numTensors;
    const trainer = new Trainer(config, tensor);
    const held = Array.from(trainer.epochs(), () => tf.memory().numTensors);
    const [first] = held;
    // The last pass needs no gradients.
    expect(held).toEqual([...Array.from({ length: config.epochs }, () => first), first! - 1]);
    const state = trainer.state();
    expect(tf.memory().numTensors).toBe(held.at(-1));
    trainer.dispose();
    expect(tf.memory().numTensors).toBe(before);
    new Trainer({ ...config, epochs: 9 }, tensor, state).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('ends bit for bit the same when it is resumed from its state after any epoch', () => {
    const bits = ({ values, measurements }: TrainedEpoch): string => {
      const timeless = values.slice();
      timeless[LOCAL_COLUMNS.indexOf('seconds')] = 0;
      return sha256(timeless) + JSON.stringify(measurements);
    };
    const whole = new Trainer(config, tensor);
    const expected = [...whole.epochs()].map(bits);
    for (let cut = 0; cut <= config.epochs; cut++) {
      const first = new Trainer(config, tensor);
      const seen: string[] = [];
      for (const frame of first.epochs()) {
        seen.push(bits(frame));
        if (frame.epoch === cut) break;
      }
      const second = new Trainer(config, tensor, first.state());
      for (const frame of second.epochs()) seen.push(bits(frame));
      expect(seen).toEqual(expected);
      expect({ ...second.state(), seconds: 0 }).toEqual({ ...whole.state(), seconds: 0 });
      for (const trainer of [first, second]) trainer.dispose();
    }
    whole.dispose();
  });
});

describe('TensorScatter', () => {
  it('sums the rows of each target, however many there are, and gives zeros where there are none', () => {
    const targetOf = Int32Array.from({ length: 200 }, (_, row) => (row < 150 ? 2 : [0, 4, 5][row % 3]!));
    const values = Float32Array.from({ length: 400 }, (_, i) => i);
    const expected = new Float32Array(14);
    targetOf.forEach((target, row) => {
      for (const column of [0, 1]) expected[2 * target + column]! += values[2 * row + column]!;
    });
    const scatter = new TensorScatter(targetOf, 7);
    const sums = tf.tidy(() => scatter.sum(tf.tensor2d(values, [200, 2])).dataSync<'float32'>());
    scatter.dispose();
    expect([...sums]).toEqual([...expected]);
  });
});
