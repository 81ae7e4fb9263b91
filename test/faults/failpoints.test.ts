import { expect, test, vi } from 'vitest';
import { noFindings } from './campaign.js';
import { dieAt } from './failpoints.js';

// A crowded machine takes its time; what never comes is found by the campaign itself.
vi.setConfig({ testTimeout: 120_000 });

test.each([
  ['before', 'commit', [7]],
  ['after', 'emit', [3]],
] as const)('[F5] what was shown is stored, and what is stored whole, when the server dies %s %s', async (...death) => {
  const [side, point, hits] = death;
  expect(await dieAt(point, side, hits)).toEqual({ ...noFindings(), cases: hits.length });
});
