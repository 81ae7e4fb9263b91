/** `pentachoron serve`: the page and its API over a data folder, until it is interrupted. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Command, InvalidArgumentError } from 'commander';
import { destination, pino } from 'pino';
import { filter, take } from 'rxjs';
import { fail, ok, type Result } from '../../shared/errors.js';
import { DEFAULT_PORT } from '../../shared/protocol.js';
import { referenceSweep } from '../../shared/sweep.js';
import { type App, createApp } from '../app.js';
import { type EngineChoice, engineOption, switchOption, valueOption, wholeNumber, workersOption } from '../config.js';
import type { SweepService } from '../sweep/sweep-service.js';
import { packageVersion } from '../version.js';
import { openBrowser } from './open-browser.js';
import { openSweeps } from './open-sweeps.js';

const LOOPBACK_HOSTS = ['127.0.0.1', 'localhost', '::1'];
const FIRST_SWEEPS = ['reference', 'none'] as const;

interface Options {
  port: number;
  host: string;
  data: string;
  engine: EngineChoice;
  workers: number;
  checkpointSeconds: number;
  open?: true;
  sweep: (typeof FIRST_SWEEPS)[number];
}

export function registerServe(program: Command): void {
  program
    .command('serve')
    .description('serves the live page and its API, and trains the sweeps that are created there')
    .addOption(
      valueOption('--port <n>', 'port to listen on; 0 takes a free one', wholeNumber(0, 65_535)).default(DEFAULT_PORT),
    )
    .addOption(valueOption('--host <address>', 'loopback address to listen on', loopbackHost).default('127.0.0.1'))
    .addOption(valueOption('--data <dir>', 'where runs are kept; made if missing', (text) => text).default('./data'))
    .addOption(engineOption())
    .addOption(workersOption())
    .addOption(
      valueOption(
        '--checkpoint-seconds <n>',
        'training seconds between two checkpoints of a run; 0 keeps one at its end alone',
        wholeNumber(0, 86_400),
      ).default(5),
    )
    .addOption(switchOption('--open', 'show the page in the browser'))
    .addOption(
      valueOption('--sweep <which>', 'what to train if the data folder holds no sweep: reference or none', firstSweep)
        // Commander prints defaults as JSON; this one reads better bare.
        .default('none' satisfies Options['sweep'], 'none'),
    )
    .addHelpText('after', '\nCtrl-C ends in order: runs go on from where they were at the next start.')
    .action(async (options: Options) => {
      process.exitCode = await serve(options);
    });
}

function loopbackHost(text: string): string {
  const host = text
    .trim()
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
  if (!LOOPBACK_HOSTS.includes(host))
    throw new InvalidArgumentError(
      `It must be a loopback address (${LOOPBACK_HOSTS.join(', ')}): there are no access tokens yet, and whoever ` +
        'reached another address could read and stop every run.',
    );
  return host;
}

function firstSweep(text: string): Options['sweep'] {
  const choice = FIRST_SWEEPS.find((name) => name === text);
  if (choice === undefined) throw new InvalidArgumentError(`It must be one of ${FIRST_SWEEPS.join(', ')}.`);
  return choice;
}

/** Resolves with the exit code, once the server has ended. */
async function serve({ port, host, data, engine, workers, checkpointSeconds, open, sweep }: Options): Promise<number> {
  // Synchronous, so that nothing is lost when the process ends.
  const log = pino({ level: 'warn' }, destination({ dest: 2, sync: true }));
  const dataFolder = resolve(data);
  const opened = openSweeps({ engine, workers, dataFolder, checkpointSeconds, log });
  if (!opened.ok) return complain(opened.error.message);
  const { service, close } = opened.data;
  const clientFolder = fileURLToPath(new URL('../../client', import.meta.url));
  const app = createApp({ service, clientFolder, version: packageVersion(), log });
  try {
    const listening = await listen(app, port, host);
    if (!listening.ok) return complain(listening.error.message);
    const url = `http://${host.includes(':') ? `[${host}]` : host}:${listening.data}`;
    say(`Pentachoron is live at ${url}`);
    say(`Runs are kept in ${dataFolder}`);
    announceEngine(service);
    if (sweep === 'reference' && service.store.sweeps().length === 0) {
      const created = service.createSweep(referenceSweep);
      if (!created.ok) return complain(created.error.message);
    }
    if (open) openBrowser(url, (reason) => say(`No browser could be opened (${reason}); open ${url} yourself.`));
    await interrupted(app);
    return 0;
  } finally {
    await app.close();
    await close();
  }
}

/** Resolves upon the first SIGINT or SIGTERM; a second one ends the process at once with 130. */
function interrupted({ io }: App): Promise<void> {
  return new Promise((resolve) => {
    let isFirst = true;
    const interrupt = (): void => {
      if (!isFirst) process.exit(130);
      isFirst = false;
      say(`\nClosing: runs are kept as they are, ${io.engine.clientsCount} viewers are told; once more ends at once.`);
      resolve();
    };
    process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  });
}

/** The first trainer tells which engine it is. */
function announceEngine(service: SweepService): void {
  service.committed$
    .pipe(
      filter(() => service.engine() !== null),
      take(1),
    )
    .subscribe(() => {
      const engine = service.engine();
      if (engine !== null) say(`Engine: ${engine.name} (TensorFlow.js ${engine.version})`);
    });
}

/** Answers the port taken. */
async function listen(app: App, port: number, host: string): Promise<Result<number>> {
  try {
    return ok(await app.listen(port, host));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE')
      return fail(
        'unavailable',
        `port ${port} of ${host} is taken, maybe by another pentachoron serve; choose another with --port`,
      );
    if (code === 'EACCES')
      return fail('unavailable', `this user may not listen on port ${port}; choose one above 1023 with --port`);
    return fail('unavailable', `cannot listen on port ${port} of ${host}: ${String(error)}`);
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function complain(message: string): 1 {
  say(`pentachoron serve: ${message}`);
  return 1;
}
