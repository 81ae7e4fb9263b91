import { expect, test, vi } from 'vitest';
import { noFindings } from './campaign.js';
import { parentKills } from './parent-kills.js';

// A crowded machine takes its time; what never comes is found by the campaign itself.
vi.setConfig({ testTimeout: 120_000 });

test('a killed parent’s busy trainers are dead a second later', async () => {
  expect(await parentKills.run(2)).toEqual({ ...noFindings(), cases: 2 });
});
