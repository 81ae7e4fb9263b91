/** The build of a checkout, with tools that only write down that they ran: what it builds again, and what it does not. */
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { temporaryFolder } from './support/temporary-folder.js';

const script = fileURLToPath(new URL('../server/build.js', import.meta.url));
const STEPS = ['kernels', 'server', 'page', 'tests', 'types', 'python'];
const built = temporaryFolder();
const root = temporaryFolder();

function put(path: string, content: string, folder = root): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

/** A tool that writes these files, or those that it has for its parameters. */
function tool(path: string, results: string[] | Record<string, string[]>): void {
  put(
    path,
    `import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
    import { dirname } from 'node:path';
    appendFileSync('ran.txt', process.argv.slice(1).map((one) => one.split('/').at(-1)).join(' ') + '\\n');
    if (existsSync('fails.txt')) { console.log('error TS1: it does not compile'); process.exit(3); }
    const results = ${JSON.stringify(results)};
    for (const file of Array.isArray(results) ? results : process.argv.slice(2).flatMap((one) => results[one])) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, 'built');
    }`,
  );
}

beforeAll(() => {
  put('package.json', '{"type":"module"}');
  put('package-lock.json', '{}');
  for (const [path, content] of [
    ['server/main.ts', 'main'],
    ['shared/run.ts', 'run'],
    ['client/main.ts', 'page'],
    ['client/theme.css', 'css'],
    ['client/python/pentachoron/_run.py', 'python'],
    ['test/a.test.ts', 'test'],
    ['server/experiments/attention-cv/kernels/assembly/index.ts', 'kernel'],
  ] as const)
    put(path, content);
  cpSync(script, join(root, 'server/build.js'));
  tool('node_modules/assemblyscript/bin/asc.js', ['dist/server/experiments/attention-cv/kernels/kernels.wasm']);
  tool('server/emit.js', {
    server: ['dist/server/main.js'],
    shared: ['dist/shared/run.js'],
    test: ['dist/test/a.js'],
  });
  tool('node_modules/typescript/bin/tsc', ['dist/types/server/main.d.ts', 'dist/types/server/.tsbuildinfo']);
  tool('node_modules/vite/bin/vite.js', ['dist/client/index.html']);
  tool('server/wheel.js', ['dist/python/pentachoron.whl']);
  expect(build()).toMatchObject({
    ...{ status: 0, ran: ['asc.js', 'emit.js shared server', 'emit.js test', 'vite.js', 'wheel.js'] },
  });
  expect(build(...STEPS)).toMatchObject({ status: 0, ran: ['tsc -b'] });
  cpSync(root, built, { recursive: true });
});

// As a copy of a checkout, whose files are all new: it is their content that counts.
beforeEach(() => {
  rmSync(root, { recursive: true, force: true });
  cpSync(built, root, { recursive: true });
});

/** What ran, in no order: steps run side by side. */
function build(...steps: string[]): { status: number | null; stderr: string; ran: string[] } {
  rmSync(join(root, 'ran.txt'), { force: true });
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'server/build.js'), ...steps], {
    encoding: 'utf8',
  });
  const file = join(root, 'ran.txt');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  const ran = lines.map((line) => line.replace(/^(asc|vite|wheel)\.js.*/, '$1.js'));
  return { status, stderr, ran: ran.sort() };
}

it('where nothing has changed nothing is built and nothing said, however old the files are', () => {
  utimesSync(join(root, 'server/main.ts'), new Date(), new Date());
  utimesSync(join(root, 'dist/server/main.js'), 0, 0);
  expect(build()).toEqual({ status: 0, stderr: '', ran: [] });
});

it('what is asked for again is built again, and it is said', () => {
  const { stderr, ran } = build('--again', 'kernels', 'page');
  expect(ran).toEqual(['asc.js', 'vite.js']);
  expect(stderr).toMatch(/^Building kernels, page …\n {2}\w+: built in \d+\.\d s\n {2}\w+: built in \d+\.\d s\n$/);
});

const server = 'emit.js shared server';
const types = 'tsc -b';
it.each<[what: string, change: () => void, ran: string[]]>([
  ['a file of the server', () => put('server/main.ts', 'other'), [server, types]],
  ['a file of the page', () => put('client/theme.css', 'other'), ['vite.js']],
  ['a source of the page', () => put('client/main.ts', 'other'), [types, 'vite.js']],
  ['a file of both', () => put('shared/run.ts', 'other'), [server, types, 'vite.js']],
  ['a file of the Python client', () => put('client/python/pentachoron/_run.py', 'other'), ['wheel.js']],
  ['a test of the Python client', () => put('client/python/tests/test_run.py', 'other'), []],
  ['a kernel', () => put('server/experiments/attention-cv/kernels/assembly/index.ts', 'other'), ['asc.js']],
  ['a test', () => put('test/a.test.ts', 'other'), ['emit.js test', types]],
  ['a new file', () => put('client/new.svg', ''), ['vite.js']],
  ['a file that is gone', () => rmSync(join(root, 'client/theme.css')), ['vite.js']],
  [
    'a package',
    () => put('package-lock.json', '{"a":1}'),
    ['asc.js', server, 'emit.js test', types, 'vite.js', 'wheel.js'],
  ],
  ['what emits', () => appendFileSync(join(root, 'server/emit.js'), '//'), [server, 'emit.js test']],
  ['a result that is gone', () => rmSync(join(root, 'dist/client/index.html')), ['vite.js']],
  ['a result that was changed', () => put('dist/server/main.js', 'other'), [server]],
  ['what is known of types', () => rmSync(join(root, 'dist/types'), { recursive: true }), [types]],
  [
    'all results',
    () => rmSync(join(root, 'dist'), { recursive: true }),
    ['asc.js', server, 'emit.js test', types, 'vite.js', 'wheel.js'],
  ],
])('%s that changed brings its steps', (_what, change, ran) => {
  change();
  expect(build(...STEPS).ran).toEqual([...ran].sort());
});

it('types are looked at only where it is asked for', () => {
  put('server/main.ts', 'other');
  expect(build('--again').ran).not.toContain(types);
});

it('a compiler whose results are gone is made to forget that it has written them', () => {
  rmSync(join(root, 'dist/types/server/main.d.ts'));
  put(
    'node_modules/typescript/bin/tsc',
    `import { existsSync, writeFileSync } from 'node:fs';
    if (!existsSync('dist/types/server/.tsbuildinfo')) writeFileSync('dist/types/server/main.d.ts', 'written anew');`,
  );
  expect(build('types').status).toBe(0);
  expect(readFileSync(join(root, 'dist/types/server/main.d.ts'), 'utf8')).toBe('written anew');
});

it('a step that fails shows its output, ends with its exit code, and is built again', () => {
  put('server/main.ts', 'wrong');
  for (const [step, ran] of [
    ['server', server],
    ['types', types],
  ] as const) {
    put('fails.txt', '');
    const { status, stderr } = build(step);
    expect({ status, stderr }).toEqual({
      status: 3,
      stderr: expect.stringContaining('error TS1: it does not compile'),
    });
    rmSync(join(root, 'fails.txt'));
    expect(build(step).ran).toEqual([ran]);
    expect(build(step).ran).toEqual([]);
  }
});

it('what is changed while it is built is built again', () => {
  put(
    'node_modules/vite/bin/vite.js',
    `import { writeFileSync } from 'node:fs'; writeFileSync('client/main.ts', 'late');`,
  );
  put('client/main.ts', 'early');
  build('page');
  tool('node_modules/vite/bin/vite.js', ['dist/client/index.html']);
  expect(build('page').ran).toEqual(['vite.js']);
});

it('a checkout without packages says what to run', () => {
  rmSync(join(root, 'node_modules'), { recursive: true });
  expect(build()).toEqual({ status: 1, stderr: expect.stringContaining('run "npm ci"'), ran: [] });
});
