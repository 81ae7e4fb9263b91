/** What the command line says to bad input, and how it is configured. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../support/run-command.js';

describe('bad input ends with 2, a message and no data', () => {
  const cases: [title: string, args: string[], message: string | RegExp][] = [
    ['an unknown flag', ['sweep', '--nope'], "unknown option '--nope'"],
    ['an unknown command', ['swep'], "unknown command 'swep'"],
    ['no command', [], 'Usage: pentachoron'],
    ['an argument too many', ['sweep', '64'], 'too many arguments'],
    ['a flag without its value', ['sweep', '--dims'], "option '--dims <list>' argument missing"],
    [
      'a dim that heads do not divide',
      ['sweep', '--dims', '64', '--heads', '3'],
      '--heads must divide --dims: 64 is not divisible by 3',
    ],
    ['heads 0', ['sweep', '--heads', '0'], '--heads must be a whole number from 1 to 1024'],
    ['negative epochs', ['sweep', '--epochs', '-1'], '--epochs must be a whole number from 0 to 100000'],
    [
      'epochs that are no number',
      ['sweep', '--epochs', 'many'],
      /'--epochs <n>' argument 'many' is invalid.*whole number/,
    ],
    ['a fraction of an epoch', ['sweep', '--epochs', '1.5'], /'--epochs <n>' argument '1.5' is invalid/],
    [
      'an unfinished list',
      ['sweep', '--dims', '64,'],
      /'--dims <list>' argument '64,' is invalid.*separated by commas/,
    ],
    ['a learning rate of 0', ['sweep', '--lr', '0'], '--lr must be a number above 0'],
    ['a seed that a double cannot hold', ['sweep', '--seed', '9007199254740992'], /'--seed <list>' argument.*2\^53/],
    [
      'a sweep of too many configs',
      ['sweep', '--seed', Array.from({ length: 100 }, (_, i) => i).join()],
      'at most 500 configs, this one has 1200',
    ],
    [
      'too much data',
      ['sweep', '--classes', '1000', '--samples-per-class', '1000'],
      '--classes × --samples-per-class must be at most 100000',
    ],
    [
      'more memory than a trainer has',
      ['sweep', '--dims', '1024', '--heads', '1', '--vocab', '65536'],
      /--vocab must be at most \d+ here: .* may take [\d.]+ GB of memory, a trainer has 2 GB/,
    ],
    ['unknown ops', ['sweep', '--ops', 'abacus'], 'It must be one of auto, kernels, tensor.'],
    ['an unknown engine', ['sweep', '--engine', 'abacus'], 'It must be one of auto, gpu, native, wasm, cpu.'],
    ['no workers', ['sweep', '--workers', '0'], 'It must be a whole number from 1 to 256.'],
    ['a data folder without a name', ['serve', '--port', '0', '--data', ''], "'--data <dir>' argument '' is invalid"],
    ['two formats', ['sweep', '--json', '--csv'], '--json and --csv exclude each other'],
  ];
  it.each(cases)('%s', async (_title, args, message) => {
    const { code, stdout, stderr } = await runCommand(args);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});

describe('flags and their environment twins', () => {
  it('the last of a repeated flag wins', async () => {
    const { stderr } = await runCommand(['sweep', '--dims', '64', '--dims', '30', '--heads', '4']);
    expect(stderr).toMatch('30 is not divisible by 4');
    expect(stderr).not.toMatch('64 is not divisible');
  });

  it('a flag beats its twin', async () => {
    const { code, stderr } = await runCommand(['sweep', '--dims', '64', '--heads', '3'], { PENTACHORON_DIMS: '50' });
    expect(code).toBe(2);
    expect(stderr).toMatch('64 is not divisible by 3');
    expect(stderr).not.toMatch('50 is');
  });

  it('a wrong value from the environment is traced to it', async () => {
    const { code, stderr } = await runCommand(['sweep'], { PENTACHORON_EPOCHS: '-5' });
    expect(code).toBe(2);
    expect(stderr).toMatch('--epochs must be a whole number from 0 to 100000 (set by PENTACHORON_EPOCHS)');
  });

  it('an empty variable is as good as none, and a switch can be off', async () => {
    const { code, stderr } = await runCommand(['sweep', '--csv', '--heads', '0'], {
      PENTACHORON_DIMS: '',
      PENTACHORON_JSON: '0',
    });
    expect(code).toBe(2);
    expect(stderr).toMatch('--heads must be');
    expect(stderr).not.toMatch('exclude');
  });
});

describe('help and version', () => {
  it.each([
    ['sweep', ['--dims', '--heads', '--seed', '--lr', '--epochs', '--every', '--samples', '--sample-seed', '--data']],
    ['serve', ['--port', '--host', '--data', '--checkpoint-seconds', '--open', '--sweep']],
    ['doctor', ['--json']],
  ])('%s --help lists its flags and their twins on stdout', async (command, flags) => {
    const { code, stdout } = await runCommand([command, '--help']);
    expect(code).toBe(0);
    for (const flag of flags) {
      expect(stdout).toContain(`${flag} `);
      expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
        `env: PENTACHORON_${flag.slice(2).replaceAll('-', '_').toUpperCase()}`,
      );
    }
  });

  it('--version is that of the package', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect(await runCommand(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
});
