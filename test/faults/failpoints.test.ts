import { expect, test, vi } from 'vitest';
import { noFindings } from './campaign.js';
import { dieAt } from './failpoints.js';

// A crowded machine takes its time; what never comes is found by the campaign itself.
vi.setConfig({ testTimeout: 120_000 });

test.each([
  ['commit', 'before'],
  ['emit', 'after'],
  ['rename', 'after'],
] as const)('[F5] all that was shown is stored when the server dies at %s, %s', async (point, side) => {
  expect(await dieAt(point, side, 1)).toEqual({ ...noFindings(), cases: 1 });
});
