/**
 * `npm run test:python`: the Python client's tests, in an environment of their own. What can be tried depends on what
 * pip delivers: what was tried, in which version, is printed at the end.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const folder = join(root, 'dist', 'python-tests');
const python = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');

/** Without these nothing of worth is tried. */
const REQUIRED = ['pytest', 'hypothesis', 'numpy', 'torch'];
/** What W&B cannot be imported without; its telemetry asks for more, of which nothing is tested. */
const NEEDED_BY_WANDB = ['click', 'platformdirs', 'protobuf', 'pydantic', 'pyyaml', 'requests', 'xxhash'];
/** Each with what pip is told of it. */
const FRAMEWORKS: readonly (readonly string[])[] = [
  ['tensorboard'],
  ['tensorboardX'],
  ['transformers', 'accelerate'],
  ['lightning'],
  ['keras', 'jax'],
  ['--no-deps', 'wandb'],
];

process.exitCode = main();

function main(): number {
  const system = ['python3', 'python'].find((name) => run(name, ['--version'], { isQuiet: true }) === 0);
  if (system === undefined)
    return say('The Python client cannot be tested: there is no python3. Install Python 3.9 or later.');
  if (!existsSync(python)) {
    // Else a folder that was left half made would be taken for a whole one.
    const made = run(system, ['-m', 'venv', '--clear', folder]);
    if (made !== 0)
      return say('The Python client cannot be tested: no virtual environment can be made (python3-venv).');
  }
  if (!install(REQUIRED))
    return say(`The Python client cannot be tested: pip does not deliver ${REQUIRED.join(', ')}.`);
  // Most tests wait for programs of their own: two at a time take two thirds of the time. Without it they run one by one.
  const parallel = install(['pytest-xdist']) ? ['-n', '2', '--dist', 'worksteal'] : [];
  // Whether they are there W&B's own test says.
  install(NEEDED_BY_WANDB);
  const absent = FRAMEWORKS.filter((names) => !install(names)).flat();
  const delivered = FRAMEWORKS.flat().filter((name) => !name.startsWith('-') && !absent.includes(name));
  // Counts, for whoever adds them up.
  const results = join(root, 'test', '.output', 'python.xml');
  rmSync(results, { force: true });
  const options = ['-q', '-p', 'no:cacheprovider', `--junitxml=${results}`, ...parallel];
  const code = run(python, ['-m', 'pytest', ...options, ...process.argv.slice(2)], {
    cwd: join(root, 'client', 'python'),
    env: {
      ...process.env,
      PENTACHORON_TEST_REQUIRE: ['torch', ...delivered].join(),
      PYTHONDONTWRITEBYTECODE: '1',
      WANDB_MODE: 'offline',
    },
  });
  if (absent.length > 0) process.stderr.write(`Not tried, because pip does not deliver them: ${absent.join(', ')}\n`);
  return code;
}

/** Where they are there already this takes a second. */
function install(names: readonly string[]): boolean {
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--retries', '0', '--prefer-binary'];
  return run(python, [...pip, ...names], { isQuiet: true }) === 0;
}

interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  isQuiet?: boolean;
}

function run(command: string, parameters: string[], { isQuiet = false, ...options }: RunOptions = {}): number {
  const { status } = spawnSync(command, parameters, { stdio: isQuiet ? 'ignore' : 'inherit', ...options });
  return status ?? 1;
}

function say(message: string): number {
  process.stderr.write(`${message}\n`);
  return 1;
}
