import { beforeAll, describe, expect, it } from 'vitest';
import { openEngine } from '../../../server/experiments/attention-cv/engine/backend.js';
import {
  AttentionClassifier,
  ClassifierMemory,
} from '../../../server/experiments/attention-cv/attention-classifier.js';
import { makeDataset } from '../../../server/experiments/attention-cv/dataset.js';
import { kernelProducts } from '../../../server/experiments/attention-cv/dense-products.js';
import { initialiseParameters } from '../../../server/experiments/attention-cv/parameters.js';
import { Generator } from '../../../server/experiments/attention-cv/random.js';
import { tensorProducts } from '../../../server/experiments/attention-cv/tensor-products.js';
import { loadKernels } from '../../../server/experiments/attention-cv/kernels/kernels.js';
import type { RunConfig } from '../../../shared/experiments/attention-cv/sweep.js';
import { deviation } from '../../support/kernel-bench.js';

const shape = { seed: 3, lr: 1e-3, epochs: 1, classes: 3, samplesPerClass: 4, every: 1, samples: 20, sampleSeed: 0 };

/** Gradients of every parameter, flat, after one pass. */
function gradientsBy(products: typeof kernelProducts, config: RunConfig): Float32Array {
  const { kernels, regions } = loadKernels((arena) => new ClassifierMemory(arena, config));
  const generator = new Generator(config.seed);
  const data = makeDataset(generator, config);
  const model = new AttentionClassifier(config, kernels, regions, data, products);
  initialiseParameters(model.parameters, model.layout, generator, config);
  model.pass({ gradients: true, observe: false });
  return model.gradients.slice();
}

describe('the dense products of TensorFlow.js', () => {
  beforeAll(async () => {
    await openEngine('cpu');
  });

  it.each([
    ['odd sizes, 3 heads of 5', { dim: 15, heads: 3, headDim: 5, vocab: 11, seqLen: 5 }],
    ['heads of one column', { dim: 7, heads: 7, headDim: 1, vocab: 9, seqLen: 6 }],
    ['more columns than a panel has rows', { dim: 160, heads: 2, headDim: 80, vocab: 401, seqLen: 3 }],
  ])('lead to the gradients that those of the kernels do: %s', (_, sizes) => {
    const config = { ...shape, ...sizes };
    const ours = gradientsBy(kernelProducts, config);
    expect(ours.some((value) => Math.abs(value) > 1e-3)).toBe(true);
    expect(deviation(gradientsBy(tensorProducts, config), ours)).toBeLessThan(2e-6);
  });
});
