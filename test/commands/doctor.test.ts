/** The doctor as a process: wasm and cpu run everywhere; the others are explained where they cannot. */
import { expect, it } from 'vitest';
import { runCommand } from '../support/run-command.js';

interface DoctorDocument {
  auto: string;
  engines: { name: string; available: boolean; version?: string; reason?: string; how?: string }[];
}

it('the doctor probes every engine, says which one auto takes, and why the others cannot run', async () => {
  const { code, stdout } = await runCommand(['doctor', '--json']);
  expect(code).toBe(0);
  const { auto, engines } = JSON.parse(stdout) as DoctorDocument;
  expect(engines.map(({ name }) => name)).toEqual(['gpu', 'native', 'wasm', 'cpu']);
  expect(engines.filter(({ name }) => name === 'wasm' || name === 'cpu').every(({ available }) => available)).toBe(
    true,
  );
  // A GPU is worth its start; the library of native is not where wasm runs, which is everywhere.
  expect(auto).toBe(engines.some(({ name, available }) => name === 'gpu' && available) ? 'gpu' : 'wasm');
  for (const { name, available, version, reason, how } of engines) {
    if (name === 'gpu' || name === 'native') expect(how ?? 'npm run setup:native').toContain('npm run setup:native');
    if (available) expect(version).toMatch(/^\d+\.\d+/);
    else expect([reason, how].every((text) => text !== undefined && text.length > 10)).toBe(true);
  }
});

it('a sweep runs on the engines that the doctor calls available, and gives the same reason for the others', async () => {
  const { engines } = JSON.parse((await runCommand(['doctor', '--json'])).stdout) as DoctorDocument;
  const tiny = ['sweep', '--dims', '8', '--heads', '1', '--epochs', '1', '--json'];
  for (const { name, available, reason } of engines) {
    const { code, stdout, stderr } = await runCommand([...tiny, '--engine', name]);
    expect({ name, code }).toEqual({ name, code: available ? 0 : 1 });
    if (available) expect(JSON.parse(stdout)).toMatchObject({ engine: { name } });
    else
      expect({ stdout, stderr }).toEqual({
        stdout: '',
        stderr: expect.stringContaining(reason ?? 'a reason') as string,
      });
  }
});

it("the doctor's table has a row an engine and no colours where it is not a terminal", async () => {
  const { code, stdout } = await runCommand(['doctor'], { FORCE_COLOR: '0' });
  expect(code).toBe(0);
  for (const name of ['gpu', 'native', 'wasm', 'cpu']) expect(stdout).toMatch(new RegExp(`│ ${name} +│ (yes|no)`));
  expect(stdout).toMatch(/--engine auto takes (gpu|wasm)\./);
  expect(stdout).not.toContain('\u001b');
});
