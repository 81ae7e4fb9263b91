import { expect, test, vi } from 'vitest';
import { noFindings } from './campaign.js';
import { diskFull } from './disk-full.js';

// A crowded machine takes its time; what never comes is found by the campaign itself.
vi.setConfig({ testTimeout: 120_000 });

test('a run goes on after its disk was full, and after it was broken, as if nothing had happened', async () => {
  const findings = await diskFull.run(4);
  // How many writes a run has depends on the machine; the first write of each of the two errors always comes.
  expect(findings.cases).toBeGreaterThanOrEqual(2);
  expect(findings).toEqual({ ...noFindings(), cases: findings.cases });
});
