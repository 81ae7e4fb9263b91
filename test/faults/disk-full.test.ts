import { expect, test, vi } from 'vitest';
import { noFindings } from './campaign.js';
import { diskFull } from './disk-full.js';

// A crowded machine takes its time; what never comes is found by the campaign itself.
vi.setConfig({ testTimeout: 120_000 });

test('a run goes on after its disk was full, and after it was broken, as if nothing had happened', async () => {
  expect(await diskFull.run(4)).toEqual({ ...noFindings(), cases: 4 });
});
