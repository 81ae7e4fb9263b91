/** A small config for tests that do not care which. */
import type { RunConfig } from '../../shared/experiments/attention-cv/sweep.js';

export function testConfig(fields: Partial<RunConfig> = {}): RunConfig {
  return {
    ...{ dim: 8, heads: 1, headDim: 8, seed: 42, lr: 0.001, epochs: 10, vocab: 16, seqLen: 4 },
    ...{ classes: 2, samplesPerClass: 5, every: 1, samples: 10, sampleSeed: 0 },
    ...fields,
  };
}
