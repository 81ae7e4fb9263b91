// Builds a checkout: of the steps named, or of all, those whose sources or results are not as they were when it built
// last. Plain JavaScript, because it runs before anything is built: node server/build.js [--again] [STEP…]
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Of each step, what it was built from and what came of it. */
const STAMP = 'dist/.build.json';
/** Every step depends on them: its commands, and the versions of what they use. */
const COMMON = ['package.json', 'package-lock.json', 'node_modules/.package-lock.json', 'tsconfig.base.json'];

const isKernel = (file) => file.startsWith('dist/server/experiments/attention-cv/kernels/kernels.wasm');
const isCode = (file) =>
  /(\.ts|\/tsconfig\.json)$/.test(file) && !file.startsWith('server/experiments/attention-cv/kernels/assembly/');
const isEmitted = (file) => isCode(file) || file === 'server/emit.js';

/**
 * `sources` and `results` are folders, of whose files the filters take some. `memory` is what the tool itself knows of
 * its last run: a compiler that finds it does not look whether its results are still there. Only what checks types looks
 * at them, and runs where it is named: what is emitted does not depend on it.
 */
const STEPS = {
  kernels: {
    run: [
      'node_modules/assemblyscript/bin/asc.js',
      '--config',
      'server/experiments/attention-cv/kernels/asconfig.json',
    ],
    sources: [
      'server/experiments/attention-cv/kernels/assembly',
      'server/experiments/attention-cv/kernels/asconfig.json',
    ],
    results: ['dist/server/experiments/attention-cv/kernels'],
    isResult: isKernel,
  },
  server: {
    run: ['server/emit.js', 'shared', 'server'],
    sources: ['server/emit.js', 'shared', 'server'],
    isSource: isEmitted,
    results: ['dist/shared', 'dist/server'],
    isResult: (file) => !isKernel(file),
  },
  page: {
    run: ['node_modules/vite/bin/vite.js', 'build', '--config', 'client/vite.config.ts', '--logLevel', 'warn'],
    sources: ['client', 'shared'],
    isSource: (file) => !/^client\/(pictures|python)\//.test(file) && !file.endsWith('.md'),
    results: ['dist/client'],
  },
  python: {
    run: ['server/wheel.js'],
    sources: ['server/wheel.js', 'client/python'],
    isSource: (file) => /\.(js|py|typed)$|README\.md$/.test(file) && !file.startsWith('client/python/tests/'),
    results: ['dist/python'],
  },
  tests: {
    run: ['server/emit.js', 'test'],
    sources: ['server/emit.js', 'test'],
    isSource: isEmitted,
    results: ['dist/test'],
  },
  types: {
    run: ['node_modules/typescript/bin/tsc', '-b'],
    sources: ['shared', 'server', 'client', 'test', 'tsconfig.json'],
    isSource: (file) => isCode(file) || file === 'tsconfig.json',
    results: ['dist/types'],
    memory: ['shared', 'server', 'client', 'test'].map((folder) => `dist/types/${folder}/.tsbuildinfo`),
    isByNameAlone: true,
  },
};

const parameters = process.argv.slice(2);
const again = parameters.includes('--again');
const named = parameters.filter((name) => name !== '--again');
const wanted = named.length > 0 ? named : Object.keys(STEPS).filter((name) => !STEPS[name].isByNameAlone);
for (const name of wanted) if (!(name in STEPS)) end(2, `There is no step ${name}: ${Object.keys(STEPS).join(', ')}`);
if (!existsSync(join(root, 'node_modules'))) end(1, 'The packages are not installed yet: run "npm ci".');

const stamp = readStamp();
const present = Object.fromEntries(wanted.map((name) => [name, { from: digestOf(name), results: resultsOf(name) }]));
const due = wanted.filter((name) => again || !isFresh(name));
if (due.length > 0) process.exitCode = await build(due);

/** Builds these side by side, as none needs another; answers the exit code of the first that failed, or 0. */
async function build(names) {
  say(`Building ${names.join(', ')} …`);
  const codes = await Promise.all(names.map(runStep));
  return codes.find((code) => code !== 0) ?? 0;
}

async function runStep(name) {
  const { run, memory = [] } = STEPS[name];
  const [script, ...flags] = run;
  if (isDamaged(name)) for (const file of memory) rmSync(join(root, file), { force: true });
  const startedMs = performance.now();
  const { code, output } = await execute([join(root, script), ...flags]);
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  say(code === 0 ? `  ${name}: built in ${seconds} s` : `  ${name}: failed after ${seconds} s`);
  if (output !== '') say(output.trimEnd());
  // Read anew: another build may have written of other steps meanwhile.
  const stampNow = readStamp();
  // What changed while it was built is not in it: the digest is of before.
  if (code === 0) stampNow[name] = { from: present[name].from, results: resultsOf(name) };
  else delete stampNow[name];
  writeStamp(stampNow);
  return code;
}

function execute(args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    child.on('close', (code, signal) =>
      resolve({ code: code ?? 1, output: signal ? `${output}ended by ${signal}` : output }),
    );
  });
}

function isFresh(name) {
  return stamp[name]?.from === present[name].from && isSame(stamp[name].results, present[name].results);
}

/**
 * Whether results are not what the tool believes them to be: one is gone, or was changed by something else. Without a
 * record of them it cannot be told.
 */
function isDamaged(name) {
  const { memory = [] } = STEPS[name];
  const then = stamp[name]?.results;
  const now = present[name].results;
  if (then === undefined || Object.keys(then).some((file) => !(file in now))) return true;
  return memory.every((file) => then[file] === now[file]) && !isSame(then, now);
}

/** Whether all that was there is there unchanged. What is beside it does no harm. */
function isSame(then, now) {
  return Object.entries(then).every(([file, hash]) => now[file] === hash);
}

function digestOf(name) {
  const { sources, isSource = () => true } = STEPS[name];
  const files = [
    ...COMMON.filter((file) => existsSync(join(root, file))),
    ...sources.flatMap(filesIn).filter(isSource),
  ];
  return hashOf(JSON.stringify(files.map((file) => [file, hashOfFile(file)])));
}

function resultsOf(name) {
  const { results, isResult = () => true } = STEPS[name];
  return Object.fromEntries(
    results
      .flatMap(filesIn)
      .filter(isResult)
      .map((file) => [file, hashOfFile(file)]),
  );
}

/** Of a folder all files below it, in order; of a file itself. Their paths are from the root, with slashes. */
function filesIn(path) {
  if (!existsSync(join(root, path))) return [];
  let entries;
  try {
    entries = readdirSync(join(root, path), { withFileTypes: true });
  } catch {
    return [path];
  }
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesIn(`${path}/${entry.name}`) : [`${path}/${entry.name}`]));
}

function hashOfFile(file) {
  return hashOf(readFileSync(join(root, file)));
}

function hashOf(content) {
  return createHash('sha256').update(content).digest('base64url').slice(0, 22);
}

function readStamp() {
  try {
    return JSON.parse(readFileSync(join(root, STAMP), 'utf8'));
  } catch {
    return {};
  }
}

/** Whole or not at all. */
function writeStamp(content) {
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(join(root, `${STAMP}.new`), JSON.stringify(content));
  renameSync(join(root, `${STAMP}.new`), join(root, STAMP));
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

function end(code, message) {
  say(message);
  process.exit(code);
}
