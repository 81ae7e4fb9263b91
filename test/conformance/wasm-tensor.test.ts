import { beforeAll, describe, it } from 'vitest';
import { openEngine } from '../../server/experiments/attention-cv/engine/backend.js';
import { checkTrajectory, checkTruth, TRUTHS } from '../support/conformance.js';

describe('the engine wasm/tensor', () => {
  beforeAll(async () => {
    await openEngine('wasm', 'tensor');
  });

  it('agrees with a small run at every epoch on the fixed sample', async () => {
    await checkTrajectory('trajectory_odd_d30_h3', 'wasm/tensor');
  });

  it.each(TRUTHS)('is no farther from float64 than PyTorch on %s', async (name) => {
    await checkTruth(name, 'wasm/tensor');
  });
});
