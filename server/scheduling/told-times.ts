/**
 * Places in the queue and times left, of all runs and sweeps: worked out here, from the scheduler's own queue and the speed
 * measured so far, and told with every run and sweep that leaves the service.
 */
import type { Experiment, JsonObject } from '../../shared/experiment.js';
import type { SweepEstimate } from '../../shared/protocol.js';
import { isActive, type Run, type Sweep } from '../../shared/run.js';
import type { Changed, RunReader } from '../runs/run-registry.js';
import type { QueueState } from './scheduler.js';
import { experimentOf, hasExperiment } from '../experiments/registry.js';
import { Speed } from './time-left.js';
import { roundedUp, secondsLeft, type RunAhead } from './time-left.js';

/** So many of a run's own epochs tell its speed: the first hold what it took to begin. */
const FEWEST_EPOCHS = 2;
/** So many of its own sweep tell more than all others: the machine may have had less to do when they were trained. */
const SWEEP_EPOCHS = 10;

const NOTHING_WAITS: QueueState = { training: [], waiting: [], isHeld: false, slots: 1 };

/** Both as they are now, absent where there is none. */
type RunTimes = Pick<Run, 'place' | 'etaSeconds'>;

export interface ToldTimesParts {
  registry: RunReader;
  /** Hears that the queue has changed, and with it the times: what `tell` has to say then is to be published. */
  changed: () => void;
}

export class ToldTimes {
  readonly #parts: ToldTimesParts;
  /** Those that train or wait, as they were told last. */
  readonly #active = new Map<string, Run>();
  /** By engine: what another one trained tells nothing. */
  readonly #speeds = new Map<Run['engine'], Speed>();
  #engine: Run['engine'] = null;
  readonly #sweepSpeeds = new Map<string, Speed>();
  #queue = NOTHING_WAITS;
  #isStale = false;
  #times = new Map<string, RunTimes>();
  #sweepTimes = new Map<string, number>();
  /** What was told of runs and sweeps last. */
  #told = new Map<string, RunTimes>();
  #toldSweeps = new Map<string, number>();

  constructor(parts: ToldTimesParts) {
    this.#parts = parts;
    for (const run of parts.registry.runs()) {
      this.#measured(run, run.step, run.seconds);
      if (isActive(run.status)) this.#active.set(run.id, run);
    }
  }

  /** Runs trained at a time. */
  get slots(): number {
    return this.#queue.slots;
  }

  /** What waits and trains now. */
  arrange(queue: QueueState): void {
    this.#queue = queue;
    this.#isStale = true;
    this.#parts.changed();
  }

  /** The run with its place and its time left; those that it came with may be out of date. */
  run(run: Run): Run {
    // Its program's speed is its own.
    if (run.source === 'external') return run;
    this.#refresh();
    const { place: _place, etaSeconds: _etaSeconds, ...rest } = run;
    const isAhead = run.status === 'queued' || run.status === 'running';
    return isAhead ? { ...rest, ...this.#times.get(run.id) } : rest;
  }

  /** The sweep with the time until the last of its runs is done, but for paused ones. */
  sweep(sweep: Sweep): Sweep {
    this.#refresh();
    const etaSeconds = this.#sweepTimes.get(sweep.id);
    return etaSeconds === undefined ? sweep : { ...sweep, etaSeconds };
  }

  /** The news with all that it changes of places and times. */
  tell({ runs, sweeps = [], removed = [] }: Changed): Changed {
    for (const run of runs) this.#take(run);
    for (const id of removed) {
      this.#active.delete(id);
      this.#sweepSpeeds.delete(id);
    }
    this.#isStale = true;
    this.#refresh();
    const named = new Set(runs.map(({ id }) => id));
    const moved = [...this.#active.values()].filter(
      ({ id }) => !named.has(id) && !isSame(this.#times.get(id), this.#told.get(id)),
    );
    const movedSweeps = this.#movedSweeps(new Set([...sweeps.map(({ id }) => id), ...removed]));
    this.#told = this.#times;
    this.#toldSweeps = this.#sweepTimes;
    return {
      runs: [...runs, ...moved].map((run) => this.run(run)),
      sweeps: [...sweeps, ...movedSweeps].map((sweep) => this.sweep(sweep)),
      removed,
    };
  }

  /** What a sweep of these configs would take, begun now. */
  estimate(experiment: Experiment, configs: readonly JsonObject[]): SweepEstimate {
    const { slots } = this.#queue;
    const { training, waiting } = this.#ahead();
    const before = training.length + waiting.length;
    const each = configs.map((config) => this.#speed()?.secondsPerEpoch(experiment.cost(config)));
    const totals = configs.map((config) => experiment.total(config));
    if (
      this.#queue.isHeld ||
      training.includes(null) ||
      waiting.includes(null) ||
      each.includes(undefined) ||
      totals.includes(null)
    )
      return { before, workers: slots };
    const own = configs
      .map((config, index) => ({
        id: String(index),
        cost: experiment.cost(config),
        seconds: totals[index]! * each[index]!,
      }))
      // As the scheduler has it.
      .sort((a, b) => b.cost - a.cost);
    const queue = [...(waiting as RunAhead[]), ...own];
    const left = secondsLeft(training as RunAhead[], queue, slots);
    const etaSeconds = Math.max(0, ...own.map(({ id }) => left.get(id)!));
    return {
      before,
      workers: slots,
      ...(Number.isFinite(etaSeconds) && { etaSeconds }),
      each: totals.map((total, index) => total! * each[index]!),
    };
  }

  #take(run: Run): void {
    const before = this.#active.get(run.id);
    // One that comes back was counted when it was here.
    if (before !== undefined) this.#measured(run, run.step - before.step, run.seconds - before.seconds);
    if (isActive(run.status)) this.#active.set(run.id, run);
    else this.#active.delete(run.id);
  }

  #measured(run: Run, epochs: number, seconds: number): void {
    if (epochs <= 0 || seconds <= 0 || !hasExperiment(run)) return;
    const { engine, sweepId } = run;
    const cost = costOf(run);
    this.#engine = engine;
    for (const [speeds, key] of [
      [this.#speeds, engine],
      [this.#sweepSpeeds, sweepId],
    ] as [Map<unknown, Speed>, unknown][]) {
      if (key === null) continue;
      const speed = speeds.get(key) ?? new Speed();
      speed.note(cost, epochs, seconds);
      speeds.set(key, speed);
    }
  }

  #speed(sweepId: string | null = null): Speed | undefined {
    const own = sweepId === null ? undefined : this.#sweepSpeeds.get(sweepId);
    return own !== undefined && own.epochs >= SWEEP_EPOCHS ? own : this.#speeds.get(this.#engine);
  }

  /** Those that hold a slot, and those that wait, in the order in which they begin; null where nothing is known. */
  #ahead(): { training: (RunAhead | null)[]; waiting: (RunAhead | null)[] } {
    const known = new Map<string, number | undefined>();
    const perEpoch = (run: Run): number | undefined => {
      const { sweepId } = run;
      const cost = costOf(run);
      const key = `${sweepId} ${cost}`;
      if (!known.has(key)) known.set(key, this.#speed(sweepId)?.secondsPerEpoch(cost));
      return known.get(key);
    };
    const ahead = (id: string): RunAhead | null => {
      const run = this.#active.get(id);
      if (run === undefined) return null;
      const seconds = remaining(run, perEpoch);
      return seconds === undefined ? null : { id, seconds };
    };
    const isHere = (id: string): boolean => this.#active.has(id);
    return {
      training: this.#queue.training.filter(isHere).map(ahead),
      waiting: this.#queue.waiting.filter(isHere).map(ahead),
    };
  }

  #refresh(): void {
    if (!this.#isStale) return;
    this.#isStale = false;
    const { training, waiting, isHeld } = this.#queue;
    const ahead = this.#ahead();
    const isKnown = (run: RunAhead | null): run is RunAhead => run !== null;
    const left = secondsLeft(ahead.training.filter(isKnown), ahead.waiting.filter(isKnown), this.#queue.slots);
    this.#times = new Map();
    this.#sweepTimes = new Map();
    let place = 0;
    for (const id of [...training, ...waiting]) {
      const run = this.#active.get(id);
      if (run === undefined || (run.status !== 'queued' && run.status !== 'running')) continue;
      const known = isHeld ? undefined : left.get(id);
      // Who waits for a run whose end nobody knows waits for ever, for all that is known.
      const seconds = known === Infinity ? undefined : known;
      const etaSeconds = seconds === undefined || run.etaSeconds === seconds ? seconds : roundedUp(seconds);
      this.#times.set(id, {
        ...(run.status === 'queued' && { place: (place += 1) }),
        ...(etaSeconds !== undefined && { etaSeconds }),
      });
      if (etaSeconds === undefined || run.sweepId === null) continue;
      this.#sweepTimes.set(run.sweepId, Math.max(etaSeconds, this.#sweepTimes.get(run.sweepId) ?? 0));
    }
  }

  #movedSweeps(named: ReadonlySet<string>): Sweep[] {
    const ids = new Set([...this.#toldSweeps.keys(), ...this.#sweepTimes.keys()]);
    return [...ids]
      .filter((id) => !named.has(id) && this.#sweepTimes.get(id) !== this.#toldSweeps.get(id))
      .flatMap((id) => this.#parts.registry.sweep(id) ?? []);
  }
}

function costOf(run: Run): number {
  return experimentOf(run).cost(run.config);
}

/** One that is asked to pause or stop gives up its slot when its epoch is done. */
function remaining(run: Run, perEpoch: (run: Run) => number | undefined): number | undefined {
  if (run.status === 'pausing' || run.status === 'stopping') return 0;
  if (run.status === 'running' && run.etaSeconds !== undefined) return run.etaSeconds;
  if (run.total === null) return Infinity;
  const knowsOwn = run.step >= FEWEST_EPOCHS && run.seconds > 0;
  const each = knowsOwn ? run.seconds / run.step : perEpoch(run);
  return each === undefined ? undefined : (run.total - run.step) * each;
}

function isSame(a: RunTimes | undefined, b: RunTimes | undefined): boolean {
  return a?.place === b?.place && a?.etaSeconds === b?.etaSeconds;
}

/** The registry's runs and sweeps with their places and times. */
export function timedReader(registry: RunReader, times: ToldTimes): RunReader {
  return {
    run: (id) => {
      const run = registry.run(id);
      return run && times.run(run);
    },
    runs: (filter) => registry.runs(filter).map((run) => times.run(run)),
    sweep: (id) => {
      const sweep = registry.sweep(id);
      return sweep && times.sweep(sweep);
    },
    sweeps: () => registry.sweeps().map((sweep) => times.sweep(sweep)),
  };
}
