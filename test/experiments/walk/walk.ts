/**
 * A second experiment, as unlike the first as it can be: a random walk that nobody knows the length of, whose steps are
 * ticks of ten, and which measures more of itself the longer it goes on.
 */
import { z } from 'zod';
import { badInput, strictFields } from '../../../shared/bad-input.js';
import { ok } from '../../../shared/errors.js';
import { LOCAL_COLUMNS } from '../../../shared/run.js';
import type {
  RunTrainer,
  TrainableExperiment,
  TrainedFrame,
  TrainerState,
} from '../../../server/experiments/trainable.js';

export interface WalkSpec {
  [field: string]: unknown;
  starts: number[];
  /** The walk ends when it is this far from zero. */
  limit: number;
}

export interface WalkConfig {
  [field: string]: unknown;
  start: number;
  limit: number;
}

const TICKS = 10;
/** After so many frames another series appears, twice. */
const SERIES_AFTER = 20;
const NAMES = ['position', 'square', 'cube'];

const starts = z.array(z.number()).min(1);
const schema = strictFields('a walk', { starts, limit: z.number().positive(), name: z.string().optional() }, [
  'starts',
]);

export const walk: TrainableExperiment<WalkSpec, WalkConfig> = {
  name: 'walk',
  stepName: 'tick',
  requestSchema: schema,
  parse: (request) => {
    const parsed = schema.safeParse(request);
    if (!parsed.success) return badInput(parsed.error);
    const { name, ...spec } = parsed.data;
    return ok({ spec, name });
  },
  configs: ({ starts: all, limit }) => all.map((start) => ({ start, limit })),
  sweepName: ({ starts: all }) => `walks from ${all.join(', ')}`,
  runName: ({ start }) => `from ${start}`,
  series: () => NAMES.slice(0, 1),
  total: () => null,
  maxTotal: 0,
  withTotal: (config) => config,
  cost: () => 1,
  memoryBytes: () => 2 ** 27,
  measured: () => ({ every: 1, full: [] }),
  stateArrays: { walker: 'f64' },
  load: () => Promise.resolve(),
  begin: (config, state) => new Walker(config, state),
};

/** The frame `seq` of a walk, and all before it: what a trainer that is killed must come out at again. */
export function positionsOf({ start }: Pick<WalkConfig, 'start'>, rows: number): number[] {
  const positions = [start];
  for (let seq = 1; seq < rows; seq += 1) positions.push(next(positions[seq - 1]!, seq));
  return positions.map(Math.fround);
}

/** Away from zero in the long run, by steps that look random and are not. */
function next(position: number, seq: number): number {
  return position + 0.4 + Math.sin(seq * 12.9898) / 2;
}

class Walker implements RunTrainer {
  readonly #limit: number;
  #seq: number;
  #position: number;
  #seconds: number;

  constructor({ start, limit }: WalkConfig, state: TrainerState | null) {
    this.#limit = limit;
    this.#seq = state?.seq ?? -1;
    this.#position = state === null ? start : state.arrays.walker![0]!;
    this.#seconds = state?.seconds ?? 0;
  }

  *frames(): Generator<TrainedFrame> {
    while (Math.abs(this.#position) < this.#limit || this.#seq < 0) {
      const started = performance.now();
      this.#seq += 1;
      if (this.#seq > 0) this.#position = next(this.#position, this.#seq);
      // As long as a step may take that does something.
      while (performance.now() - started < 2);
      this.#seconds += (performance.now() - started) / 1000;
      yield this.#frame();
    }
  }

  #frame(): TrainedFrame {
    const count = Math.min(NAMES.length, 1 + Math.floor(this.#seq / SERIES_AFTER));
    const position = this.#position;
    const values = new Float32Array(LOCAL_COLUMNS.length + count).fill(NaN);
    values[0] = this.#seconds;
    values.set([position, position ** 2, position ** 3].slice(0, count), LOCAL_COLUMNS.length);
    const isNew = this.#seq % SERIES_AFTER === 0 && this.#seq > 0 && count > Math.floor(this.#seq / SERIES_AFTER);
    return {
      step: this.#seq * TICKS,
      values,
      ...(isNew && { series: NAMES.slice(0, count) }),
      measurements: [],
      isLast: Math.abs(position) >= this.#limit,
    };
  }

  state(): TrainerState {
    const arrays = { walker: Float64Array.of(this.#position) };
    return { seq: this.#seq, step: this.#seq * TICKS, seconds: this.#seconds, facts: {}, arrays };
  }

  fingerprint(): null {
    return null;
  }

  dispose(): void {
    // Nothing is held.
  }
}
