import { expect, test, vi } from 'vitest';
import { noFindings } from './campaign.js';
import { killTrainers, trainerKills } from './trainer-kills.js';

// A crowded machine takes its time; what never comes is found by the campaign itself.
vi.setConfig({ testTimeout: 120_000 });

test('killed in the middle, a trainer’s run ends with the same frames and weights, on wasm and cpu', async () => {
  expect(await trainerKills.run(2)).toEqual({ ...noFindings(), cases: 2 });
});

test.each(['generator', 'moments'] as const)('the campaign notices a checkpoint without the %s', async (forget) => {
  // One kill may come when the last epoch is done and nothing is left to differ: then there is another.
  const { differing } = await killTrainers({ engine: 'wasm', forget }, 6, { isEnough: (found) => found.differing > 0 });
  expect(differing).toBeGreaterThan(0);
});
