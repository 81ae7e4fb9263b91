import { expect, test, vi } from 'vitest';
import { noFindings } from './campaign.js';
import { commands } from './commands.js';

// A crowded machine takes its time; what never comes is found by the campaign itself.
vi.setConfig({ testTimeout: 120_000 });

test('no sequence of commands from two viewers leads a run where the table does not', async () => {
  expect(await commands.run(500)).toEqual({ ...noFindings(), cases: 500 });
});
