/** What becomes of a command whose output cannot be written, or not whole: never a silent success. */
import { constants } from 'node:buffer';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { builtFile } from '../faults/built-file.js';
import { startCommand } from '../support/run-command.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const bin = fileURLToPath(new URL('../../server/bin.js', import.meta.url));
const tiny =
  'sweep --dims 8 --heads 1 --epochs 2 --vocab 16 --seq-len 4 --classes 3 --samples-per-class 8 --engine cpu';

/** As a shell runs it. @param redirected what stands behind the command */
async function shell(
  command: string,
  redirected: string,
  before = '',
): Promise<{ code: number; stdout: string; stderr: string }> {
  const line = `${before} exec "${process.execPath}" "${bin}" ${command} ${redirected}`;
  const child = spawn('sh', ['-c', line], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close') as Promise<[number]>;
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: (await ended)[0], stdout, stderr };
}

describe('output that has nowhere to go', () => {
  it.each(['doctor --json', `${tiny} --csv`])('%s >&- ends with 1 before it begins', async (command) => {
    const { code, stderr } = await shell(command, '>&-');
    expect(stderr).toMatch(/stdout is closed, and --(json|csv) would be lost/);
    expect(stderr).not.toMatch(/completed|\n\s+at /);
    expect(code).toBe(1);
  });

  it.each(['--version', 'sweep --help', 'doctor', tiny, `${tiny} --json`])(
    '%s to a full disk ends with 1 and says so',
    async (command) => {
      const { code, stderr } = await shell(command, '>/dev/full');
      expect(stderr).toMatch(/the output was not written whole: ENOSPC/);
      expect(stderr).not.toMatch(/\n\s+at /);
      expect(code).toBe(1);
    },
  );

  it('a file that is cut short by its limit is no success, also where the last write is the one that is cut', async () => {
    const file = join(temporaryFolder(), 'doctor.json');
    const { code, stderr } = await shell('doctor --json', `>"${file}"`, 'ulimit -f 1;');
    expect(readFileSync(file, 'utf8')).toMatch(/^\{/);
    expect(stderr).toMatch(/the output was not written whole: EFBIG/);
    expect(code).toBe(1);
  });

  it('a reader that goes away before the end is told, and is no success', async () => {
    const command = startCommand([...tiny.split(' '), '--json']);
    command.process.stdout?.destroy();
    const { code, stderr } = await command.ended;
    expect(stderr).toMatch(/the output was not written whole: its reader went away before the end\n/);
    expect(stderr).not.toMatch(/EPIPE|\n\s+at /);
    expect(code).toBe(1);
  });
});

describe('output that is not wanted', () => {
  it.each([
    ['>/dev/null', ''],
    ['2>&-', 'document'],
    ['2>/dev/full', 'document'],
  ])('%s is no failure', async (redirected, printed) => {
    const { code, stdout } = await shell(`${tiny} --json`, redirected);
    expect(code).toBe(0);
    if (printed === 'document') expect(JSON.parse(stdout)).toMatchObject({ runs: [{ status: 'completed' }] });
    else expect(stdout).toBe('');
  });

  it('tables that whoever starts the command ignores are no failure, and it is said that there are none', async () => {
    const child = spawn(process.execPath, [bin, ...tiny.split(' ')], { stdio: ['ignore', 'ignore', 'pipe'] });
    const stderr = text(child.stderr);
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(await stderr).toContain('stdout is closed or ignored: no tables are printed');
  });
});

/** Writes without an end, and tells how much it has made once it is asked. */
const ENDLESS = `
  import { writeOutput } from ${JSON.stringify(pathToFileURL(builtFile('server/commands/write-output.js')))};
  let made = 0;
  function* pieces() {
    for (;;) {
      made += 1;
      yield 'x'.repeat(2 ** 16);
    }
  }
  process.stdin.once('data', () => {
    console.error(made);
    process.exit();
  });
  await writeOutput(pieces());
`;

it('no more is made than is read: of a reader that does not read, two pieces', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', ENDLESS], { stdio: ['pipe', 'pipe', 'pipe'] });
  const stderr = text(child.stderr);
  await once(child.stdout.pause(), 'readable');
  child.stdin.write('how much?');
  await once(child, 'exit');
  child.stdout.destroy();
  // Beside what the system holds of a pipe.
  expect(Number(await stderr)).toBeLessThan(10);
});

/** `sweep --json` of 600 runs with a megabyte of measurements each; tells at its end how much memory it ever held, MB. */
const LARGE = `
  import { sweepOutput } from ${JSON.stringify(pathToFileURL(builtFile('server/experiments/attention-cv/sweep-output.js')))};
  import { writeOutput } from ${JSON.stringify(pathToFileURL(builtFile('server/commands/write-output.js')))};
  import { testRun } from ${JSON.stringify(pathToFileURL(builtFile('test/support/test-run.js')))};
  const run = testRun('r', 's');
  const value = { cv: null, valid: 0, reason: 'x'.repeat(1e5) };
  const measured = () => ({ epoch: 0, sample: 'fixed', values: Object.fromEntries(run.series.slice(0, 10).map((name) => [name, value])) });
  const store = { nextSeq: () => 0, measurements: () => [measured()], fingerprint: () => undefined };
  const outcome = { runs: Array(600).fill(run), seconds: 1 };
  const isWhole = await writeOutput(sweepOutput('json', outcome, store, { engine: null, workers: 1 }));
  console.error(isWhole, process.resourceUsage().maxRSS / 1024);
`;

it('a document of 600 MB, more than a string can be, is written whole from a heap of 64 MB', async () => {
  const parameters = ['--max-old-space-size=64', '--input-type=module', '-e', LARGE];
  const child = spawn(process.execPath, parameters, { stdio: ['ignore', 'pipe', 'pipe'] });
  const [ended, stderr] = [once(child, 'close'), text(child.stderr)];
  let bytes = 0;
  let end = '';
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    end = chunk.subarray(-3).toString();
  }
  const [isWhole, peakMb] = (await stderr).split(' ');
  expect([await ended, isWhole]).toEqual([[0, null], 'true']);
  expect(bytes).toBeGreaterThan(600e6);
  expect(bytes).toBeGreaterThan(constants.MAX_STRING_LENGTH);
  expect(end).toBe(']}\n');
  expect(Number(peakMb)).toBeLessThan(300);
});
