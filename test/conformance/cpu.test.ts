import { beforeAll, describe, expect, it } from 'vitest';
import { openEngine } from '../../server/experiments/attention-cv/engine/backend.js';
import {
  checkDegenerate,
  checkLongSequence,
  checkScriptRun,
  checkTrajectory,
  checkTruth,
  ODD_RUNS,
  TRUTHS,
} from '../support/conformance.js';

describe('the engine cpu', () => {
  beforeAll(async () => {
    expect((await openEngine('cpu')).name).toBe('cpu');
  });

  it.each(['d64_h8', ...ODD_RUNS])('agrees with the PyTorch script on %s', async (name) => {
    await checkScriptRun(name, 'cpu');
  });

  it.each(['trajectory_d64_h1', 'trajectory_odd_d30_h3'])('agrees with %s at every epoch', async (name) => {
    await checkTrajectory(name, 'cpu');
  });

  it('gives a value or the reason why there is none for head sizes 1 to 5', async () => {
    await checkDegenerate('cpu');
  });

  it('agrees with the script on sequences of 512', async () => {
    await checkLongSequence('cpu');
  });

  it.each(TRUTHS)('is no farther from float64 than PyTorch on %s', async (name) => {
    await checkTruth(name, 'cpu');
  });
});

describe('the engine cpu/tensor', () => {
  beforeAll(async () => {
    await openEngine('cpu', 'tensor');
  });

  it('agrees with a small run at every epoch on the fixed sample', async () => {
    await checkTrajectory('trajectory_odd_d30_h3', 'cpu/tensor');
  });
});
