import { expect, test, vi } from 'vitest';
import { noFindings } from './campaign.js';
import { pauses } from './pauses.js';

// A crowded machine takes its time; what never comes is found by the campaign itself.
vi.setConfig({ testTimeout: 120_000 });

test('a run that is paused and resumed at each of its epochs has the curve of one that is not', async () => {
  expect(await pauses.run(8)).toEqual({ ...noFindings(), cases: 8 });
});
