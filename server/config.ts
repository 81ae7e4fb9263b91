/** Flags and their environment variables: how their text is read, and what the defaults are. */
import { existsSync, realpathSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { ENGINE_NAMES, OPS_NAMES, type EngineChoice, type OpsChoice } from '../shared/engine.js';

export const ENGINE_CHOICES: readonly EngineChoice[] = ['auto', ...ENGINE_NAMES];
export const OPS_CHOICES: readonly OpsChoice[] = ['auto', ...OPS_NAMES];
export const MAX_WORKERS = 256;

/** One trainer a core: the trainers are what the machine is for while a sweep runs. */
export function defaultWorkers(): number {
  return availableParallelism();
}

/** `--samples-per-class` is also `PENTACHORON_SAMPLES_PER_CLASS`. */
export function environmentVariable(flag: string): string {
  return `PENTACHORON_${flag.replace(/^--/, '').replaceAll('-', '_').toUpperCase()}`;
}

/** A flag with a value. An empty environment variable counts as unset. */
export function valueOption(flags: string, description: string, parse: (text: string) => unknown): Option {
  const option = new Option(flags, description);
  const variable = environmentVariable(option.long ?? flags);
  // Without the second parameter, commander's "previous value", so that the last of a repeated flag wins.
  option.argParser((text: string) => parse(text));
  return process.env[variable] === '' ? withUnreadVariable(option, variable) : option.env(variable);
}

/**
 * A flag with values, separated by commas, that adds to them when it is repeated.
 * @param named its environment variable, where that has another name
 */
export function listOption(
  flags: string,
  description: string,
  parse: (text: string) => unknown,
  named?: string,
): Option {
  const option = new Option(flags, description);
  const variable = named ?? environmentVariable(option.long ?? flags);
  option.default([], 'none').argParser((text: string, before: unknown[]) => [
    ...before,
    ...text
      .split(',')
      .map((value) => value.trim())
      .filter((value) => value !== '')
      .map(parse),
  ]);
  return process.env[variable] === '' ? withUnreadVariable(option, variable) : option.env(variable);
}

/** A flag without a value. Its environment variable is on unless empty, `0`, `false`, `no` or `off`. */
export function switchOption(flags: string, description: string): Option {
  const option = new Option(flags, description);
  const variable = environmentVariable(option.long ?? flags);
  const off = ['', '0', 'false', 'no', 'off'].includes((process.env[variable] ?? '').trim().toLowerCase());
  // Commander takes the mere presence of the variable for "on".
  return off ? withUnreadVariable(option, variable) : option.env(variable);
}

/** Names the variable in the help, as commander does, without reading it. */
function withUnreadVariable(option: Option, variable: string): Option {
  option.description += ` (env: ${variable})`;
  return option;
}

/** Reads a whole number from `min` to `max`. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = readInteger(text);
    if (value === undefined || value < min || value > max)
      throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
    return value;
  };
}

/** Reads a whole number of any sign that a double holds exactly. */
export function integer(text: string): number {
  const value = readInteger(text);
  if (value === undefined) throw new InvalidArgumentError('It must be a whole number within ±(2^53−1).');
  return value;
}

/** Reads whole numbers separated by commas. */
export function integerList(text: string): number[] {
  return text.split(',').map((item) => {
    const value = readInteger(item);
    if (value === undefined)
      throw new InvalidArgumentError('It must be whole numbers within ±(2^53−1), separated by commas.');
    return value;
  });
}

/** Reads numbers such as `0.001` or `1e-3`, separated by commas. */
export function numberList(text: string): number[] {
  return text.split(',').map((item) => {
    const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(item.trim()) ? Number(item) : Number.NaN;
    if (!Number.isFinite(value)) throw new InvalidArgumentError('It must be numbers separated by commas.');
    return value;
  });
}

/** SQLite takes a path of 504 bytes, of which its file in the folder has 15. */
const MAX_FOLDER_BYTES = 489;
const MAX_NAME_BYTES = 255;

/** Reads the name of a data folder. Answers its path from the root, which means the same to all that use it. */
export function folder(text: string): string {
  const refuse = (reason: string): never => {
    throw new InvalidArgumentError(reason);
  };
  // `--data "$DIR"` with an unset variable must not fill the present folder.
  if (text.trim() === '') refuse('It must be the name of a folder.');
  if (text.startsWith('-')) refuse(`It looks like another flag; ./${text} is a folder of that name.`);
  if (/^~[^/]*(\/|$)/.test(text))
    refuse(`No shell has replaced its ~: give the path without quotes, or ./${text} for a folder of that name.`);
  // What Node makes of bytes that are no UTF-8: a name that is not the one that was given.
  if (text.includes('\ufffd')) refuse('Its name is not valid UTF-8.');
  const path = resolve(text);
  if (path.split(sep).some((name) => Buffer.byteLength(name) > MAX_NAME_BYTES))
    refuse(`No name in it may have more than ${MAX_NAME_BYTES} bytes.`);
  const bytes = Buffer.byteLength(realPath(path));
  if (bytes > MAX_FOLDER_BYTES)
    refuse(`Its path from the root has ${bytes} bytes; SQLite can use at most ${MAX_FOLDER_BYTES}.`);
  return path;
}

/** With the links in it followed, as SQLite follows them; as it is where there is nothing yet. */
function realPath(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  const above = dirname(path);
  return above === path ? path : join(realPath(above), basename(path));
}

export function engineOption(): Option {
  return choiceOption('--engine <name>', 'what trains', ENGINE_CHOICES);
}

export function opsOption(): Option {
  return choiceOption('--ops <name>', "whose ops train on it: our kernels or the engine's tensors", OPS_CHOICES);
}

/** One of a few words, `auto` unless given. */
function choiceOption(flags: string, description: string, choices: readonly string[]): Option {
  return valueOption(flags, `${description}: ${choices.join(', ')}`, (text) => {
    if (!choices.includes(text)) throw new InvalidArgumentError(`It must be one of ${choices.join(', ')}.`);
    return text;
  }).default('auto', 'auto');
}

/** Most memory of one trainer, MB. */
export function maxRssOption(): Option {
  return valueOption(
    '--max-rss <mb>',
    'most memory of a trainer, in MB; one that holds more is replaced',
    wholeNumber(64, 1_048_576),
  );
}

export function workersOption(): Option {
  return valueOption('--workers <n>', 'configs trained at a time', wholeNumber(1, MAX_WORKERS)).default(
    defaultWorkers(),
    'the number of cores',
  );
}

function readInteger(text: string): number | undefined {
  if (!/^[+-]?\d+$/.test(text.trim())) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}
