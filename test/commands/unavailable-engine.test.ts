import { expect, it } from 'vitest';
import { runCommand } from '../support/run-command.js';

// Where there is a GPU, asking for it is no mistake: then the doctor must say so too.
it('a sweep on an engine that the doctor calls unavailable ends with 1 and the reason, before it trains', async () => {
  const { engines } = JSON.parse((await runCommand(['doctor', '--json'])).stdout) as {
    engines: { name: string; available: boolean; reason?: string }[];
  };
  const gpu = engines.find(({ name }) => name === 'gpu')!;
  const sweep = await runCommand(['sweep', '--engine', 'gpu', '--dims', '8', '--heads', '1', '--epochs', '0']);
  expect(sweep.code).toBe(gpu.available ? 0 : 1);
  if (!gpu.available) {
    expect(sweep.stdout).toBe('');
    expect(sweep.stderr).toContain(`the engine gpu cannot run here: ${gpu.reason}`);
  }
});
