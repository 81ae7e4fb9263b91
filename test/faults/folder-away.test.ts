import { expect, test, vi } from 'vitest';
import { noFindings } from './campaign.js';
import { folderAway } from './folder-away.js';

// A crowded machine takes its time; what never comes is found by the campaign itself.
vi.setConfig({ testTimeout: 180_000 });

test('a run goes on after its data folder was away, whatever took its place meanwhile, as if nothing had happened', async () => {
  expect(await folderAway.run(6)).toEqual({ ...noFindings(), cases: 6 });
});
