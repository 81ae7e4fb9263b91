/** The set-up of the engine native: what is fetched for which machine, and what is said of one that lacks something. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import {
  gigabytes,
  missing,
  type Findings,
  wheelFor,
} from '../../server/experiments/attention-cv/engine/native-recipe.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const complete: Findings = { python: true, pip: true, compiler: true, make: true, freeBytes: 10e9 };
const wheel = wheelFor('linux', 'x64', false)!;

it('takes the CPU wheel, with --gpu the one with CUDA, for the machine and whatever Python it has', () => {
  expect(wheel).toMatchObject({ project: 'tensorflow-cpu', version: '2.21.0' });
  expect(wheel.pipTags).toContain('manylinux_2_27_x86_64');
  expect(wheelFor('linux', 'arm64', false)?.pipTags).toContain('manylinux_2_27_aarch64');
  expect(wheelFor('linux', 'x64', true)?.project).toBe('tensorflow');
  expect(wheelFor('darwin', 'arm64', false)).toBeNull();
  expect(wheelFor('win32', 'x64', false)).toBeNull();
});

it('names everything that is missing, each with what would bring it', () => {
  expect(missing(complete, wheel, false)).toEqual([]);
  const nothing = missing({ python: false, pip: false, compiler: false, make: false, freeBytes: 1e9 }, wheel, false);
  expect(nothing.map((lack) => lack.split(/[:(]/)[0]?.trim())).toEqual(['python3', 'a C++ compiler', 'make', 'room']);
  expect(nothing.at(-1)).toContain(`${gigabytes(wheel.peakBytes)} on the disk of node_modules, which has 1.0 GB left`);
});

it('needs no pip where the wheel is given', () => {
  expect(missing({ ...complete, pip: false }, wheel, false)).toEqual([expect.stringContaining('--wheel')]);
  expect(missing({ ...complete, pip: false }, wheel, true)).toEqual([]);
});

const noTools = temporaryFolder();

/** Runs the set-up on a PATH without any tool. */
async function setUp(...args: string[]): Promise<{ code: unknown; output: string }> {
  const script = fileURLToPath(
    new URL('../../dist/server/experiments/attention-cv/engine/setup-native.js', import.meta.url),
  );
  const child = spawn(process.execPath, [script, ...args], {
    env: { PATH: noTools },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [unknown];
  return { code, output };
}

it('ends with 3 and a list on a machine without tools, unless the engine runs there already', async () => {
  const { code, output } = await setUp();
  if (output.includes('runs here already')) expect(code).toBe(0);
  else {
    expect(code).toBe(3);
    for (const tool of ['python3', 'a C++ compiler', 'make']) expect(output).toContain(`- ${tool}`);
  }
});

it('refuses a flag that it does not know, with 2', async () => {
  expect(await setUp('--cuda')).toMatchObject({ code: 2, output: expect.stringContaining('--cuda') as string });
});
