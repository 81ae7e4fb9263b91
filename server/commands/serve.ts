/** `pentachoron serve`: the page and its API over a data folder, until it is interrupted. */
import { type Command, InvalidArgumentError } from 'commander';
import { DEFAULT_PORT } from '../../shared/protocol.js';
import {
  engineOption,
  folder,
  maxRssOption,
  opsOption,
  switchOption,
  valueOption,
  wholeNumber,
  workersOption,
} from '../config.js';
import { startTrainers } from '../execution/trainer-child.js';
import { FIRST_SWEEPS, type ServeOptions } from './serve-options.js';

const LOOPBACK_HOSTS = ['127.0.0.1', 'localhost', '::1'];

export function registerServe(program: Command): void {
  program
    .command('serve')
    .description('serves the live page and its API, and trains the sweeps that are created there')
    .addOption(
      valueOption('--port <n>', 'port to listen on; 0 takes a free one', wholeNumber(0, 65_535)).default(DEFAULT_PORT),
    )
    .addOption(valueOption('--host <address>', 'loopback address to listen on', loopbackHost).default('127.0.0.1'))
    .addOption(valueOption('--data <dir>', 'where runs are kept; made if missing', folder).default('./data'))
    .addOption(engineOption())
    .addOption(opsOption())
    .addOption(workersOption())
    .addOption(
      valueOption(
        '--checkpoint-seconds <n>',
        'training seconds between two checkpoints of a run; 0 keeps one at its end alone',
        wholeNumber(0, 86_400),
      ).default(5),
    )
    .addOption(maxRssOption())
    .addOption(
      switchOption('--allow-engine-change', 'let runs go on on another engine; their last bits differ from there'),
    )
    .addOption(switchOption('--open', 'show the page in the browser'))
    .addOption(
      valueOption('--sweep <which>', 'what to train if the data folder holds no sweep: reference or none', firstSweep)
        // Commander prints defaults as JSON; this one reads better bare.
        .default('none' satisfies ServeOptions['sweep'], 'none'),
    )
    .addHelpText('after', '\nCtrl-C ends in order: runs go on from where they were at the next start.')
    .action(async (options: ServeOptions) => {
      // The first trainer first: it loads its engine while this loads the server's libraries.
      const children = startTrainers(1, options);
      // Loaded when asked for: other commands need none of them.
      const { serve } = await import('./run-server.js');
      process.exitCode = await serve(options, children);
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

function firstSweep(text: string): ServeOptions['sweep'] {
  const choice = FIRST_SWEEPS.find((name) => name === text);
  if (choice === undefined) throw new InvalidArgumentError(`It must be one of ${FIRST_SWEEPS.join(', ')}.`);
  return choice;
}
