/** The flags of `pentachoron serve` on how much clients may ask; each has a default that normal use never meets. */
import { totalmem } from 'node:os';
import type { Command } from 'commander';
import { DEFAULT_LIMITS, type Limits } from '../api/limits.js';
import { valueOption, wholeNumber } from '../config.js';
import { DEFAULT_SERVICE_LIMITS, type ServiceLimits } from '../service/service-limits.js';

const KB = 1024;
const MB = 2 ** 20;

type Named = Limits & ServiceLimits;
const DEFAULTS: Named = { ...DEFAULT_LIMITS, ...DEFAULT_SERVICE_LIMITS, memoryBytes: machineBytes() };

interface LimitFlag {
  flag: string;
  value: string;
  description: string;
  of: keyof Named;
  least: number;
  most: number;
  /** Of what the flag is given in. */
  unit?: number;
}

const FLAGS: readonly LimitFlag[] = [
  {
    flag: 'max-memory',
    value: 'mb',
    of: 'memoryBytes',
    least: 64,
    most: 2 ** 30,
    unit: MB,
    description: 'most memory, in MB, that a sweep’s runs may be estimated to take at a time',
  },
  { flag: 'max-runs', value: 'n', of: 'runs', least: 1, most: 10_000_000, description: 'most runs that may be kept' },
  {
    flag: 'max-sweeps',
    value: 'n',
    of: 'sweeps',
    least: 1,
    most: 10_000_000,
    description: 'most sweeps that may be kept',
  },
  {
    flag: 'max-connections',
    value: 'n',
    of: 'connections',
    least: 1,
    most: 1_000_000,
    description: 'most connections that may be open',
  },
  {
    flag: 'max-connections-per-address',
    value: 'n',
    of: 'connectionsPerAddress',
    least: 1,
    most: 1_000_000,
    description: 'most of them from one address',
  },
  {
    flag: 'handshake-seconds',
    value: 'n',
    of: 'handshakeSeconds',
    least: 1,
    most: 600,
    description: 'how long a request’s head, or a socket’s handshake, may take',
  },
  {
    flag: 'idle-seconds',
    value: 'n',
    of: 'idleSeconds',
    least: 1,
    most: 3600,
    description: 'how long a request may take, and an answer may stand still',
  },
  {
    flag: 'max-message',
    value: 'kb',
    of: 'messageBytes',
    least: 1,
    most: 1024,
    unit: KB,
    description: 'largest message on a socket, in kB',
  },
  {
    flag: 'max-message-fragments',
    value: 'n',
    of: 'messageFragments',
    least: 1,
    most: 10_000,
    description: 'most pieces in which it may come',
  },
  {
    flag: 'max-events',
    value: 'n',
    of: 'events',
    least: 1,
    most: 1_000_000,
    description: 'most events of one socket in 10 seconds',
  },
  {
    flag: 'max-requests',
    value: 'n',
    of: 'requests',
    least: 1,
    most: 1_000_000,
    description: 'most requests of one address in 10 seconds',
  },
  {
    flag: 'max-body',
    value: 'kb',
    of: 'bodyBytes',
    least: 1,
    most: 65_536,
    unit: KB,
    description: 'largest body of a request, in kB',
  },
];

export function addLimitOptions(command: Command): Command {
  for (const { flag, value, description, of, least, most, unit = 1 } of FLAGS)
    command.addOption(
      valueOption(`--${flag} <${value}>`, description, wholeNumber(least, most)).default(
        Math.floor(DEFAULTS[of] / unit),
        ...(of === 'memoryBytes' ? ['what the machine has'] : []),
      ),
    );
  return command;
}

/** @param options as commander parsed them */
export function readLimits(options: object): Named {
  const given = options as Record<string, number | undefined>;
  const limits = { ...DEFAULTS };
  for (const { flag, of, unit = 1 } of FLAGS) {
    const name = flag.replaceAll(/-(\w)/g, (_match, letter: string) => letter.toUpperCase());
    const value = given[name];
    if (value !== undefined) limits[of] = value * unit;
  }
  return limits;
}

/** What this process may use where it is confined, as in a container. */
function machineBytes(): number {
  const confined = process.constrainedMemory();
  return confined > 0 ? Math.min(totalmem(), confined) : totalmem();
}
