/** `pentachoron sweep`: trains without a server and prints what the original script prints, or JSON, or CSV. */
import type { Command } from 'commander';
import type { EngineChoice, OpsChoice } from '../../shared/engine.js';
import type { Run } from '../../shared/run.js';
import { engineOption, folder, maxRssOption, opsOption, switchOption, valueOption, workersOption } from '../config.js';
import { messageOf } from '../message-of.js';
import { startTrainers } from '../execution/trainer-child.js';
import { listenForInterruption } from './interruption.js';
import {
  addSweepOptions,
  DEFAULT_EXPERIMENT,
  runLabel,
  type SweepFormat,
  type SweepOptions,
  sweepOutput,
  sweepRequest,
} from '../experiments/registry.js';
import { isStdoutClosed, writeOutput } from './write-output.js';

interface Options extends SweepOptions {
  engine: EngineChoice;
  ops: OpsChoice;
  workers: number;
  maxRss?: number;
  data?: string;
  json?: true;
  csv?: true;
}

export function registerSweep(program: Command): void {
  const command = program
    .command('sweep')
    .description('trains a grid of configs and prints their CVs as the original script does');
  addSweepOptions(command)
    .addOption(engineOption())
    .addOption(opsOption())
    .addOption(workersOption())
    .addOption(maxRssOption())
    .addOption(valueOption('--data <dir>', 'keep the runs in this folder, so that serve shows them', folder))
    .addOption(switchOption('--json', 'print one JSON document instead of the tables'))
    .addOption(switchOption('--csv', 'print a row per run and epoch instead of the tables'))
    .addHelpText('after', '\nCtrl-C stops after the epoch in hand and prints what was done; a second one ends at once.')
    .action(async (options: Options) => {
      const format = outputFormat(command, options);
      const request = sweepRequest(command, options);
      process.exitCode = await sweep(request, options, format);
    });
}

/** Both asked for is a mistake, unless one of them is only what the environment asks for. */
function outputFormat(command: Command, options: Options): SweepFormat {
  const asked = (['json', 'csv'] as const).filter((name) => options[name]);
  const inArguments = asked.filter((name) => command.getOptionValueSource(name) === 'cli');
  const [first, second] = inArguments.length > 0 ? inArguments : asked;
  if (second !== undefined) command.error('error: --json and --csv exclude each other', { exitCode: 2 });
  return first ?? 'tables';
}

/** Resolves with the exit code: 130 for one that was interrupted, whatever else there was. */
async function sweep(request: ReturnType<typeof sweepRequest>, options: Options, format: SweepFormat): Promise<number> {
  const { engine, ops, workers, data, maxRss } = options;
  if (isStdoutClosed()) {
    // Before hours of training. Where tables are ignored, the training may be all that is wanted.
    if (format !== 'tables') return complain(`stdout is closed, and --${format} would be lost; send it to a file`);
    complain('stdout is closed or ignored: no tables are printed');
  }
  const interruption = listenForInterruption();
  // The trainers first: they load their engine while this loads what it needs.
  const parsed = DEFAULT_EXPERIMENT.parse(request);
  if (!parsed.ok) return complain(parsed.error.message);
  const configs = DEFAULT_EXPERIMENT.configs(parsed.data.spec);
  const children = startTrainers(Math.min(workers, configs.length), { engine, ops });
  const [{ openSweeps }, { runSweep }, output] = await Promise.all([
    // Loaded when asked for: help, bad usage and other commands need none of it.
    import('./open-sweeps.js'),
    import('./run-sweep.js'),
    sweepOutput(),
  ]);
  const opened = await openSweeps({
    engine,
    ops,
    workers,
    children,
    ...(data !== undefined && { dataFolder: data }),
    ...(maxRss !== undefined && { maxRssMb: maxRss }),
  });
  if (!opened.ok) return complain(opened.error.message);
  const { service, close } = opened.data;
  let code = 1;
  try {
    const outcome = await runSweep(service, request, workers, interruption.signal);
    if (!outcome.ok) return complain(outcome.error.message);
    const { runs } = outcome.data;
    const { aborted: interrupted } = interruption.signal;
    // Nothing is left to be ended in order: a signal ends a command that waits for a slow reader.
    interruption.release();
    const hasNumbers = runs.some((run) => service.histories.nextSeq(run.id) > 0);
    let written = true;
    if (hasNumbers || interrupted) {
      const trainers = { engine: service.engine(), workers };
      written = await writeOutput(output(format, outcome.data, service.histories, trainers));
    }
    const failed = runs.filter(({ status }) => status === 'failed');
    for (const message of troubles(runs)) complain(message);
    if (failed.length > 0 && !hasNumbers) complain('nothing was trained; "pentachoron doctor" tells what can run here');
    code = interrupted ? 130 : failed.length > 0 || !written ? 1 : 0;
  } catch (error) {
    // Damage that reading met; what is not on the disk is said last.
    if (service.unstored() === null) throw error;
    complain(`what was trained cannot be read: ${messageOf(error)}`);
  } finally {
    const lost = await close();
    if (lost !== null) code = Math.max(code, complain(lost));
  }
  return code;
}

/** What went wrong, each said once with the configs that it met. */
function troubles(runs: readonly Run[]): string[] {
  const met = new Map<string, string[]>();
  for (const run of runs) {
    const { status, error } = run;
    if (error === undefined) continue;
    const message = `${status}: ${error.message}`;
    met.set(message, [...(met.get(message) ?? []), runLabel(run, [])]);
  }
  return [...met].map(([message, names]) => `${names.join(', ')} ${message}`);
}

function complain(message: string): 1 {
  process.stderr.write(`pentachoron sweep: ${message}\n`);
  return 1;
}
