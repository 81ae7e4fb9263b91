/**
 * Measures the CV of every series of a model: on the fixed sample, which is the same for all epochs and runs, and as
 * the script does, on index sets drawn from the run's own stream.
 */
import { SAMPLED_ROWS } from '../../../shared/experiments/attention-cv/series.js';
import type { MeasuredValue } from '../../../shared/measurement.js';
import type { Arena, Kernels, Region } from './kernels/kernels.js';
import type { Cloud } from './attention-classifier.js';
import type { Model } from './model.js';
import { Generator, SAVED_WORDS } from './random.js';
import { movement, standardError, volumeStatistics } from './statistics.js';

/** A pentachoron has five corners and spans four dimensions. */
const CORNERS = 5;
const MIN_COLUMNS = CORNERS - 1;
/** Inner products that a sample takes by itself, and what those of the Gram matrix of n rows cost beside them: · n². */
const PRODUCTS = 10;
const GRAM_COST = 0.7;

export class MeasureMemory {
  readonly samples: number;
  readonly drawn: Region;
  readonly stream: Region;
  readonly order: Region;
  readonly volumes: Region;
  readonly gram: Region;
  readonly fixed = new Map<number, Region>();

  /**
   * @param pools Rows of every kind of cloud that will be measured.
   * @param columns The most that one has.
   */
  constructor(arena: Arena, samples: number, pools: readonly number[], columns: number) {
    this.samples = samples;
    this.drawn = arena.take(samples * CORNERS * 4);
    this.stream = arena.take(SAVED_WORDS * 4);
    this.order = arena.take((SAMPLED_ROWS + CORNERS) * 4);
    this.volumes = arena.take(samples * 8);
    for (const rows of pools) {
      const pool = poolOf(rows);
      if (pool !== null && !this.fixed.has(pool)) this.fixed.set(pool, arena.take(samples * CORNERS * 4));
    }
    const most = Math.max(0, ...pools.map((rows) => Math.min(rows, SAMPLED_ROWS)).filter((rows) => this.byGram(rows)));
    this.gram = arena.take(most * (most + columns + 1) * 8);
  }

  /** Whether all products of so many rows cost less than those that the samples take. */
  byGram(rows: number): boolean {
    return GRAM_COST * rows * rows <= this.samples * PRODUCTS;
  }
}

/** How many rows are sampled from; null when there are too few for a pentachoron. */
function poolOf(rows: number): number | null {
  return rows < CORNERS ? null : Math.min(rows, SAMPLED_ROWS);
}

export class Measurer {
  readonly #kernels: Kernels;
  readonly #memory: MeasureMemory;
  readonly #model: Pick<Model, 'cloud'>;
  readonly #series: readonly string[];
  readonly #volumes: Float64Array;

  constructor(
    kernels: Kernels,
    memory: MeasureMemory,
    model: Pick<Model, 'cloud'>,
    series: readonly string[],
    sampleSeed: number,
  ) {
    this.#kernels = kernels;
    this.#memory = memory;
    this.#model = model;
    this.#series = series;
    this.#volumes = memory.volumes.doubles(kernels).subarray(0, memory.samples);
    for (const [pool, region] of memory.fixed) {
      this.#draw(new Generator(sampleSeed), pool, region);
    }
  }

  /** Fills `sets` with index sets for a pool of rows, and moves `generator` past what they took. */
  #draw(generator: Generator, pool: number, sets: Region): void {
    const { samples, stream, order } = this.#memory;
    const words = stream.integers(this.#kernels).subarray(0, SAVED_WORDS);
    words.set(generator.save());
    this.#kernels.fivePointSets(stream.pointer, pool, samples, order.pointer, sets.pointer);
    generator.goTo(words);
  }

  #measure(cloud: Cloud, sets: Region): Float64Array {
    const { samples, volumes, gram } = this.#memory;
    const { pointer, stride, columns } = cloud;
    const rows = Math.min(cloud.rows, SAMPLED_ROWS);
    if (this.#memory.byGram(rows)) {
      this.#kernels.pentachoronVolumesByGram(
        pointer,
        stride,
        rows,
        columns,
        sets.pointer,
        samples,
        gram.pointer,
        volumes.pointer,
      );
    } else {
      this.#kernels.pentachoronVolumes(pointer, stride, columns, sets.pointer, samples, volumes.pointer);
    }
    return this.#volumes;
  }

  /** CV of every series on the fixed sample; NaN = no value. */
  trajectory(): Float64Array {
    return Float64Array.from(this.#series, (name) => volumeStatistics(this.#fixedVolumes(name)).cv ?? NaN);
  }

  /** Of the fixed sample, NaN = not valid. */
  #fixedVolumes(series: string): Float64Array {
    const cloud = this.#model.cloud(series);
    const pool = poolOf(cloud.rows);
    return pool === null ? this.#volumes.fill(NaN) : this.#measure(cloud, this.#memory.fixed.get(pool)!);
  }

  /**
   * The trajectory with full values, series by series: the volumes of all of them would take as much as `baseline`.
   * @param baseline (series, samples), volumes of epoch 0, NaN = not valid.
   * @param isBaseline it is epoch 0: `baseline` takes the volumes.
   */
  fixedValues(
    baseline: Float64Array,
    { isBaseline }: { isBaseline: boolean },
  ): { trajectory: Float64Array; values: Record<string, MeasuredValue> } {
    const { samples } = this.#memory;
    const trajectory = new Float64Array(this.#series.length).fill(NaN);
    if (isBaseline) baseline.fill(NaN);
    const values = this.#values({ se: null, movement: null, movementSe: null }, (_cloud, i) => {
      const now = this.#fixedVolumes(this.#series[i]!);
      const before = baseline.subarray(i * samples, (i + 1) * samples);
      if (isBaseline) before.set(now);
      const { cv, valid } = volumeStatistics(now);
      trajectory[i] = cv ?? NaN;
      const moved = movement(now, before);
      return {
        cv,
        se: standardError(now),
        valid,
        movement: moved?.movement ?? null,
        movementSe: moved?.movementSe ?? null,
      };
    });
    return { trajectory, values };
  }

  /** The script's measurement: every series draws its own index sets from `generator`, in measuring order. */
  scriptValues(generator: Generator): Record<string, MeasuredValue> {
    const { drawn } = this.#memory;
    return this.#values({}, (cloud) => {
      this.#draw(generator, Math.min(cloud.rows, SAMPLED_ROWS), drawn);
      const { cv, valid } = volumeStatistics(this.#measure(cloud, drawn));
      return { cv, valid };
    });
  }

  /** Adds to each value why there is none. A cloud with fewer than 5 rows is not measured, and draws nothing. */
  #values(
    unmeasured: Partial<MeasuredValue>,
    measure: (cloud: Cloud, index: number) => MeasuredValue,
  ): Record<string, MeasuredValue> {
    return Object.fromEntries(
      this.#series.map((name, i) => {
        const cloud = this.#model.cloud(name);
        if (poolOf(cloud.rows) === null) {
          return [name, { cv: null, valid: null, ...unmeasured, reason: 'fewer than 5 rows' }];
        }
        const value = measure(cloud, i);
        if (value.cv !== null) return [name, value];
        const reason = cloud.columns < MIN_COLUMNS ? 'fewer than 4 columns' : 'fewer than 10 valid samples';
        return [name, { ...value, reason }];
      }),
    );
  }
}
