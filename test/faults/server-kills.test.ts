import { expect, test, vi } from 'vitest';
import { noFindings } from './campaign.js';
import { killServers } from './server-kills.js';

// A crowded machine takes its time; what never comes is found by the campaign itself.
vi.setConfig({ testTimeout: 120_000 });

test('[F3] [F5] [S4] across a killed server and broken connections, ten viewers get every frame once and in order', async () => {
  expect(await killServers(1, 10)).toEqual({ ...noFindings(), cases: 1 });
});
