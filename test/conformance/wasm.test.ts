import { beforeAll, describe, expect, it } from 'vitest';
import { openEngine } from '../../server/experiments/attention-cv/engine/backend.js';
import {
  checkDegenerate,
  checkLongSequence,
  checkScriptRun,
  checkTrajectory,
  checkTruth,
  ODD_RUNS,
  REFERENCE_RUNS,
  TRAJECTORIES,
  TRUTHS,
} from '../support/conformance.js';

describe('the engine wasm', () => {
  beforeAll(async () => {
    expect((await openEngine('wasm')).name).toBe('wasm');
  });

  it.each([...REFERENCE_RUNS, ...ODD_RUNS])('agrees with the PyTorch script on %s', async (name) => {
    await checkScriptRun(name, 'wasm');
  });

  it.each(TRAJECTORIES)('agrees with %s at every epoch on the fixed sample', async (name) => {
    await checkTrajectory(name, 'wasm');
  });

  it('gives a value or the reason why there is none for head sizes 1 to 5', async () => {
    await checkDegenerate('wasm');
  });

  it('agrees with the script on sequences of 512', async () => {
    await checkLongSequence('wasm');
  });

  it.each(TRUTHS)('is no farther from float64 than PyTorch on %s', async (name) => {
    await checkTruth(name, 'wasm');
  });
});
