/** What a real trainer holds at most, as the system tells it, against what it is estimated to take. */
import { expect, test } from 'vitest';
import type { RunConfig } from '../../shared/experiments/attention-cv/sweep.js';
import { trainerBytes } from '../../shared/experiments/attention-cv/memory.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { testConfig } from '../support/test-config.js';
import { trainerPeak } from '../support/trainer-peak.js';

const MB = 2 ** 20;
const folder = temporaryFolder();

function expectEstimated(peak: number, config: RunConfig): void {
  const estimate = trainerBytes(config, ['wasm']);
  expect(estimate / MB).toBeGreaterThanOrEqual(peak / MB);
  expect(estimate / MB).toBeLessThanOrEqual(Math.max(2 * (peak / MB), peak / MB + 150));
}

const few = { epochs: 1, classes: 2, samplesPerClass: 2, samples: 10 };

test.runIf(process.platform === 'linux').each<[string, Partial<RunConfig>]>([
  ['next to nothing', { ...few, dim: 4, headDim: 4 }],
  ['tables of many heads', { ...few, dim: 256, heads: 128, headDim: 2, vocab: 512, seqLen: 8 }],
  ['attention of long sequences', { ...few, dim: 32, heads: 32, headDim: 1, seqLen: 512 }],
  ['volumes of many samples and series', { ...few, dim: 64, heads: 64, headDim: 1, seqLen: 1, samples: 10_000 }],
  [
    'data of many tokens',
    { ...few, dim: 4, headDim: 4, epochs: 0, vocab: 65_536, seqLen: 32, samplesPerClass: 10_000 },
  ],
])('the estimate is above the measured peak, by less than twice: %s', async (title, fields) => {
  const config = testConfig(fields);
  const { peakBytes } = await trainerPeak('wasm', title.replaceAll(' ', '-'), config, folder);
  expectEstimated(peakBytes, config);
});

test.runIf(process.platform === 'linux')('… and of many parameters, when they come from a checkpoint', async () => {
  const config = testConfig({ ...few, dim: 512, headDim: 512, vocab: 3000, seqLen: 1 });
  const { peakBytes, checkpoint } = await trainerPeak('wasm', 'parameters', config, folder);
  expectEstimated(peakBytes, config);
  const longer = { ...config, epochs: 2 };
  const resumed = await trainerPeak('wasm', 'parameters', longer, folder, [checkpoint]);
  expectEstimated(resumed.peakBytes, longer);
});
