/** `pentachoron serve`: the page and its API over a data folder, until it is interrupted. */
import { type Command, InvalidArgumentError } from 'commander';
import { DEFAULT_PORT } from '../../shared/protocol.js';
import {
  engineOption,
  folder,
  listOption,
  maxRssOption,
  opsOption,
  switchOption,
  valueOption,
  wholeNumber,
  workersOption,
} from '../config.js';
import { startTrainers } from '../execution/trainer-child.js';
import { addAccessOptions, givenTokens, readTls } from './access-options.js';
import { addLimitOptions } from './limit-options.js';
import { FIRST_SWEEPS, type ServeOptions } from './serve-options.js';

export function registerServe(program: Command): void {
  const command = program
    .command('serve')
    .description('serves the live page and its API, and trains the sweeps that are created there');
  addLimitOptions(addAccessOptions(command))
    .addOption(
      valueOption('--port <n>', 'port to listen on; 0 takes a free one', wholeNumber(0, 65_535)).default(DEFAULT_PORT),
    )
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
    .addOption(
      listOption('--follow <logdir>', 'show the runs of this TensorBoard folder as they grow; repeatable', folder),
    )
    .addHelpText('after', '\nCtrl-C ends in order: runs go on from where they were at the next start.')
    .action(async (options: ServeOptions) => {
      const tokens = givenTokens(options.token);
      const tls = readTls(options);
      for (const read of [tokens, tls]) if (!read.ok) command.error(`error: ${read.error.message}`);
      // The first trainer first: it loads its engine while this loads the server's libraries.
      const children = startTrainers(1, options);
      // Loaded when asked for: other commands need none of them.
      const { serve } = await import('./run-server.js');
      process.exitCode = await serve(options, children);
    });
}

function firstSweep(text: string): ServeOptions['sweep'] {
  const choice = FIRST_SWEEPS.find((name) => name === text);
  if (choice === undefined) throw new InvalidArgumentError(`It must be one of ${FIRST_SWEEPS.join(', ')}.`);
  return choice;
}
