import { describe, expect, it } from 'vitest';
import {
  AttentionClassifier,
  ClassifierMemory,
} from '../../../server/experiments/attention-cv/attention-classifier.js';
import { kernelProducts } from '../../../server/experiments/attention-cv/dense-products.js';
import { makeDataset } from '../../../server/experiments/attention-cv/dataset.js';
import {
  initialiseParameters,
  PARAMETER_NAMES,
  type ParameterName,
} from '../../../server/experiments/attention-cv/parameters.js';
import { Generator } from '../../../server/experiments/attention-cv/random.js';
import { loadKernels } from '../../../server/experiments/attention-cv/kernels/kernels.js';
import type { RunConfig } from '../../../shared/experiments/attention-cv/sweep.js';
import { referenceLoss, type ReferenceParameters } from '../../support/reference-model.js';

const common = { lr: 1e-3, epochs: 1, every: 1, samples: 20, sampleSeed: 0 };
const TINY: (RunConfig & { title: string })[] = [
  {
    title: 'odd sizes, 3 heads of 5',
    dim: 15,
    heads: 3,
    headDim: 5,
    seed: 3,
    vocab: 11,
    seqLen: 5,
    classes: 3,
    samplesPerClass: 4,
    ...common,
  },
  {
    title: 'one position',
    dim: 6,
    heads: 2,
    headDim: 3,
    seed: 4,
    vocab: 5,
    seqLen: 1,
    classes: 4,
    samplesPerClass: 2,
    ...common,
  },
  {
    title: 'rows that need no padding',
    dim: 8,
    heads: 2,
    headDim: 4,
    seed: 6,
    vocab: 7,
    seqLen: 3,
    classes: 3,
    samplesPerClass: 3,
    ...common,
  },
  {
    title: 'heads of one column',
    dim: 7,
    heads: 7,
    headDim: 1,
    seed: 5,
    vocab: 9,
    seqLen: 6,
    classes: 2,
    samplesPerClass: 3,
    ...common,
  },
];

describe('the hand-written backward pass', () => {
  it.each(TINY)('gives every parameter the gradient of the float64 formula, exact or not: $title', (config) => {
    const { kernels, regions } = loadKernels((arena) => new ClassifierMemory(arena, config));
    const generator = new Generator(config.seed);
    const data = makeDataset(generator, config);
    const model = new AttentionClassifier(config, kernels, regions, data, kernelProducts);
    initialiseParameters(model.parameters, model.layout, generator, config);
    // Away from the initial zeros and ones, where errors in bias and scale gradients could hide.
    const noise = new Float32Array(model.parameters.length);
    generator.normal(noise, 0, 0.3);
    model.parameters.forEach((value, i) => (model.parameters[i] = value + noise[i]!));

    const parameters = Object.fromEntries(
      PARAMETER_NAMES.map((name) => [name, Float64Array.from(model.parameter(name))]),
    ) as ReferenceParameters;
    const result = model.pass({ gradients: true, observe: false, exact: true });
    const exactGradients = model.gradients.slice();
    model.pass({ gradients: true, observe: false });
    const reference = referenceLoss(parameters, data, config);
    expect(result.loss).toBeCloseTo(reference.loss, 5);
    expect(result.accuracy).toBeCloseTo(reference.accuracy, 9);

    const gradientOf = (name: ParameterName, i: number): number => {
      const step = 1e-5;
      const values = parameters[name];
      const held = values[i]!;
      values[i] = held + step;
      const above = referenceLoss(parameters, data, config).loss;
      values[i] = held - step;
      const below = referenceLoss(parameters, data, config).loss;
      values[i] = held;
      return (above - below) / (2 * step);
    };
    for (const name of PARAMETER_NAMES) {
      const { offset } = model.layout.of[name];
      const numeric = Array.from(parameters[name], (_, i) => gradientOf(name, i));
      const scale = Math.max(1e-3, ...numeric.map(Math.abs));
      numeric.forEach((expected, i) => {
        for (const { [offset + i]: actual } of [model.gradients, exactGradients]) {
          expect(Number.isFinite(actual)).toBe(true);
          const what = `${name}[${i}]: ${actual} against ${expected}`;
          expect(Math.abs(actual! - expected) / scale, what).toBeLessThan(2e-4);
        }
      });
    }
  });
});
