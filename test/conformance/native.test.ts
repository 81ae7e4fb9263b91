/** Runs where libtensorflow is; `.ci/run` sees to it that it is, where that can be, and then demands it. */
import { describe, expect, it } from 'vitest';
import { messageOf, openEngine } from '../../server/engine/backend.js';
import {
  checkDegenerate,
  checkLongSequence,
  checkScriptRun,
  checkTrajectory,
  ODD_RUNS,
  REFERENCE_RUNS,
  TRAJECTORIES,
} from '../support/conformance.js';

const absence = await openEngine('native').then(() => null, messageOf);

if (absence === null) {
  describe.each(['native', 'native/tensor'] as const)('the engine %s', (engine) => {
    it.each([...REFERENCE_RUNS, ...ODD_RUNS])('agrees with the PyTorch script on %s', async (name) => {
      await checkScriptRun(name, engine);
    });

    it.each(TRAJECTORIES)('agrees with %s at every epoch on the fixed sample', async (name) => {
      await checkTrajectory(name, engine);
    });

    it('gives a value or the reason why there is none for head sizes 1 to 5', async () => {
      await checkDegenerate(engine);
    });

    it('agrees with the script on sequences of 512', async () => {
      await checkLongSequence(engine);
    });
  });
} else {
  it(`the engine native is told to be absent: ${absence}`, () => {
    expect(absence).not.toBe('');
    expect(process.env['NATIVE_ENGINE'], 'what was set up must run').not.toBe('required');
  });
}
