/** `pentachoron import`: the runs of a TensorBoard folder, once, into a data folder or to a server. */
import { hostname } from 'node:os';
import type { Command } from 'commander';
import { fail, ok, type Result } from '../../shared/errors.js';
import { folder, valueOption } from '../config.js';
import type { Imported } from '../tensorboard/import-folder.js';
import type { RunSink } from '../tensorboard/run-sink.js';
import { isLoopback, webAddress } from './access-options.js';
import { listenForInterruption } from './interruption.js';
import { addressOf } from './server-address.js';
import { writeOutput } from './write-output.js';

interface ImportOptions {
  data: string;
  url?: URL;
  token?: string;
}

export function registerImport(program: Command): void {
  const command = program
    .command('import')
    .argument('<path>', 'a log folder of TensorBoard’s, or one of its event files')
    .description('takes the runs of a TensorBoard folder; what is there already is not taken twice')
    .addOption(valueOption('--data <dir>', 'where runs are kept; made if missing', folder).default('./data'))
    .addOption(valueOption('--url <url>', 'send them to this server instead', webAddress))
    .addOption(valueOption('--token <secret>', 'of a writer or controller, where the server asks for one', String))
    .addHelpText('after', '\nWhere a server holds the data folder, the runs go through it.')
    .action(async (path: string, options: ImportOptions) => {
      if (options.url !== undefined && command.getOptionValueSource('data') === 'cli')
        command.error('error: --data and --url exclude each other', { exitCode: 2 });
      process.exitCode = await importRuns(path, options);
    });
}

async function importRuns(path: string, options: ImportOptions): Promise<number> {
  const interruption = listenForInterruption();
  const opened = await openSink(options);
  if (!opened.ok) return complain(opened.error.message);
  const { sink, where, origin, close } = opened.data;
  const { importFolder } = await import('../tensorboard/import-folder.js');
  try {
    say(`Importing into ${where}`);
    const told = (run: string): void => say(`  ${run}`);
    const done = await importFolder(path, { sink, origin, told, signal: interruption.signal });
    if (!done.ok) return complain(done.error.message);
    const { runs, failures } = done.data;
    for (const { run, message } of failures) complain(`${run}: ${message}`);
    if (runs === 0 && failures.length === 0) return complain(`there are no numbers in event files below ${path}`);
    const written = await writeOutput([`${summary(done.data)}\n`]);
    if (interruption.signal.aborted) return 130;
    return failures.length === 0 && written ? 0 : 1;
  } finally {
    close();
  }
}

interface OpenedSink {
  sink: RunSink;
  /** In words. */
  where: string;
  /** What tells log folders of one path on several machines apart; absent where there is one machine. */
  origin?: string;
  close: () => void;
}

/** The server where one is named or holds the folder, else the folder. */
async function openSink({ data, url, token }: ImportOptions): Promise<Result<OpenedSink>> {
  const { httpSink, serviceSink } = await import('../tensorboard/run-sink.js');
  const over = (server: URL, why: string): Result<OpenedSink> =>
    ok({
      ...{ sink: httpSink(server, token), where: `${server.href}${why}`, close: () => undefined },
      ...(!isLoopback(server.hostname) && { origin: hostname() }),
    });
  if (url !== undefined) return over(url, '');
  const { openPrograms } = await import('./open-programs.js');
  const opened = openPrograms(data);
  if (opened.ok) {
    const { external, close } = opened.data;
    return ok({ sink: serviceSink(external), where: data, close });
  }
  const { heldBy } = (opened.error.details ?? {}) as { heldBy?: number | null };
  if (heldBy === undefined) return opened;
  const server = addressOf(data, heldBy);
  return server === undefined
    ? fail('unavailable', `${opened.error.message}, or go through that server with --url`)
    : over(server, `, the server that holds ${data}`);
}

function summary({ runs, points, written, restarts, damaged, others }: Imported): string {
  const count = (number: number, name: string): string => `${number} ${name}${number === 1 ? '' : 's'}`;
  return [
    `${count(runs, 'run')}, ${count(points, 'point')} (${written} new), ${count(restarts, 'restart')}`,
    `${count(damaged, 'damaged record')}, ${count(others, 'value')} that are no numbers passed over`,
  ].join('; ');
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function complain(message: string): 1 {
  say(`pentachoron import: ${message}`);
  return 1;
}
