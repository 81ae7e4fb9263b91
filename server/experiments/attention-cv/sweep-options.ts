/**
 * The flags that make up a sweep, and what they become: a validated request, or what is wrong in terms of the flags; and
 * what a run of it is called in the terminal.
 */
import type { Command } from 'commander';
import {
  attentionConfig,
  REFERENCE,
  type RunConfig,
  type SweepRequest,
  sweepSpecSchema,
} from '../../../shared/experiments/attention-cv/sweep.js';
import { METRICS, type MetricName } from '../../../shared/geometry/catalogue.js';
import type { NullName } from '../../../shared/measurement.js';
import type { Run } from '../../../shared/run.js';
import { environmentVariable, integer, integerList, numberList, valueOption } from '../../config.js';

/** What commander makes of the grid's flags; ranges are not yet checked. */
export interface SweepOptions {
  dims: number[];
  heads: number[];
  seed: number[];
  lr: number[];
  epochs: number;
  vocab: number;
  seqLen: number;
  classes: number;
  samplesPerClass: number;
  every: number;
  samples: number;
  sampleSeed: number;
  nulls: NullName[];
  metrics: MetricName[];
}

/** The flag of every field of a sweep; a field's singular and its list share one. */
const FLAGS: Record<string, string> = {
  dims: '--dims',
  dim: '--dims',
  heads: '--heads',
  seeds: '--seed',
  seed: '--seed',
  lrs: '--lr',
  lr: '--lr',
  epochs: '--epochs',
  vocab: '--vocab',
  seqLen: '--seq-len',
  classes: '--classes',
  samplesPerClass: '--samples-per-class',
  every: '--every',
  samples: '--samples',
  sampleSeed: '--sample-seed',
  nulls: '--nulls',
  metrics: '--metrics',
};

export function addSweepOptions(command: Command): Command {
  const list = (
    flags: string,
    description: string,
    parse: (text: string) => number[],
    values: readonly number[],
  ): void => {
    command.addOption(valueOption(flags, description, parse).default([...values], values.join(',')));
  };
  const single = (flags: string, description: string, value: number): void => {
    command.addOption(valueOption(flags, description, integer).default(value));
  };
  list('--dims <list>', 'model dimensions; a list is a grid', integerList, REFERENCE.dims);
  list('--heads <list>', 'attention heads, each a divisor of every dim', integerList, REFERENCE.heads);
  list('--seed <list>', 'seeds of data and initial weights', integerList, REFERENCE.seeds);
  list('--lr <list>', 'learning rates', numberList, REFERENCE.lrs);
  single('--epochs <n>', 'epochs per config', REFERENCE.epochs);
  single('--vocab <n>', 'tokens in the vocabulary', REFERENCE.vocab);
  single('--seq-len <n>', 'tokens per sample', REFERENCE.seqLen);
  single('--classes <n>', 'classes to tell apart', REFERENCE.classes);
  single('--samples-per-class <n>', 'training samples of each class', REFERENCE.samplesPerClass);
  single('--every <n>', 'measure CVs every n epochs; epoch 0, the middle and the last always', REFERENCE.every);
  single('--samples <n>', 'pentachora per CV of the trajectories', REFERENCE.samples);
  single('--sample-seed <n>', 'seed of the fixed sample that trajectories are measured on', REFERENCE.sampleSeed);
  const choice = (flags: string, description: string, usual: string): void => {
    command.addOption(valueOption(flags, description, names).default([usual], usual));
  };
  choice('--nulls <list>', 'what chance gives; shuffled costs more than the training', 'gaussian');
  choice('--metrics <list>', `measured of each matrix: ${METRICS.map(({ name }) => name).join(', ')}`, 'cv');
  return command;
}

/** What the names may be, the schema says. */
function names(text: string): string[] {
  return text.split(',').map((name) => name.trim());
}

/** Checks the ranges; ends the command with bad usage, naming flags, if they are not kept. */
export function sweepRequest(command: Command, options: SweepOptions): SweepRequest {
  const { dims, heads, seed: seeds, lr: lrs, epochs, vocab, seqLen, classes } = options;
  const { samplesPerClass, every, samples, sampleSeed, nulls, metrics } = options;
  const sizes = { epochs, vocab, seqLen, classes, samplesPerClass, every, samples, sampleSeed };
  const request: SweepRequest = { dims, heads, seeds, lrs, ...sizes, nulls, metrics };
  const parsed = sweepSpecSchema.safeParse(request);
  if (parsed.success) return request;
  const messages = parsed.error.issues.map(({ path, message }) => {
    const flag = FLAGS[String(path[0])];
    return `error: ${inFlags(message)}${flag === undefined ? '' : origin(command, flag)}`;
  });
  return command.error([...new Set(messages)].slice(0, 3).join('\n'), { exitCode: 2 });
}

/** The schema speaks of fields; someone at a terminal knows flags. */
function inFlags(message: string): string {
  return message.replace(/\b[a-z]+(?:[A-Z][a-z]+)*\b/g, (word) => FLAGS[word] ?? word);
}

/** Where a wrong value came from, if not from the command line itself. */
function origin(command: Command, flag: string): string {
  const option = command.options.find((one) => one.long === flag);
  const isFromEnvironment = option && command.getOptionValueSource(option.attributeName()) === 'env';
  return isFromEnvironment ? ` (set by ${environmentVariable(flag)})` : '';
}

/** A run among others: `64/4`, with what else the grid varies. */
export function runLabel(run: Run, runs: readonly Run[]): string {
  const { dim, heads, seed, lr } = attentionConfig(run);
  const varies = (value: (config: RunConfig) => number): boolean =>
    new Set(runs.map((each) => value(attentionConfig(each)))).size > 1;
  return `${dim}/${heads}${varies((one) => one.seed) ? ` seed ${seed}` : ''}${varies((one) => one.lr) ? ` lr ${lr}` : ''}`;
}
