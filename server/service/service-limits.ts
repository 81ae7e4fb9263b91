/** How much may be kept and trained, and what is said to whoever asks for more. */
import { fail, type Failure } from '../../shared/errors.js';
import { engineBuild } from '../../shared/engine.js';
import type { Experiment, JsonObject } from '../../shared/experiment.js';
import { isActive } from '../../shared/run.js';
import type { Executor } from '../execution/executor.js';
import { experimentOf } from '../experiments/registry.js';
import type { RunRegistry } from '../runs/run-registry.js';
import type { ToldTimes } from '../scheduling/told-times.js';

export interface ServiceLimits {
  sweeps: number;
  runs: number;
  /** That the runs of a sweep which train at a time may be estimated to take. */
  memoryBytes: number;
}

export const DEFAULT_SERVICE_LIMITS: ServiceLimits = { sweeps: 100_000, runs: 1_000_000, memoryBytes: Infinity };

export class Capacity {
  readonly #limits: ServiceLimits;
  readonly #registry: RunRegistry;
  readonly #executor: Pick<Executor, 'engine'>;
  readonly #times: Pick<ToldTimes, 'slots'>;

  constructor(
    limits: ServiceLimits,
    registry: RunRegistry,
    executor: Pick<Executor, 'engine'>,
    times: Pick<ToldTimes, 'slots'>,
  ) {
    this.#limits = limits;
    this.#registry = registry;
    this.#executor = executor;
    this.#times = times;
  }

  /** Why so many more cannot be kept; null if they can. */
  excess(sweeps: number, runs: number): Failure | null {
    const stored = { sweeps: this.#registry.listedSweeps().length, runs: this.#registry.listedRuns().length };
    for (const [name, more] of [['sweeps', sweeps] as const, ['runs', runs] as const])
      if (stored[name] + more > this.#limits[name])
        return fail(
          'conflict',
          `there are ${stored[name]} ${name}, and this would be ${more} more: --max-${name} allows ${this.#limits[name]}; delete some first`,
        );
    return null;
  }

  /** Why the configs cannot be trained so many at a time; null if they can. */
  memoryExcess(experiment: Experiment, configs: readonly JsonObject[]): Failure | null {
    const info = this.#executor.engine();
    const engine = info === null ? null : engineBuild(info).engine;
    const active = this.#registry.runs().filter((run) => run.source === 'local' && isActive(run.status));
    const each = [
      ...active.map((run) => experimentOf(run).memoryBytes(run.config, engine)),
      ...configs.map((config) => experiment.memoryBytes(config, engine)),
    ].sort((one, other) => other - one);
    const atATime = each.slice(0, this.#times.slots);
    const bytes = atATime.reduce((sum, one) => sum + one, 0);
    if (bytes <= this.#limits.memoryBytes) return null;
    const mb = (number: number): string => `${Math.ceil(number / 2 ** 20)} MB`;
    return fail(
      'bad_input',
      `with this ${atATime.length} runs at a time may take ${mb(bytes)} of memory, up to ${mb(each[0]!)} each; ` +
        `--max-memory allows ${mb(this.#limits.memoryBytes)}: make its configs smaller, or train fewer at a time (--workers)`,
    );
  }
}
