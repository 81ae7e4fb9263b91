/** What chance gives for every series of a model that has a CV, put beside the values of a full measurement. */
import { SAMPLED_ROWS } from '../../../shared/experiments/attention-cv/series.js';
import type { CvNull, MeasuredValue, NullDeparture } from '../../../shared/measurement.js';
import type { Kernels } from './kernels/kernels.js';
import type { Model } from './model.js';
import type { NullCache } from './null-cache.js';
import { gaussianNulls, shuffledNull } from './nulls.js';
import { type FixedSample, type SampledShape, sampledShape } from './sampled-shape.js';

export interface SeriesNullsOptions {
  sample: FixedSample;
  /** Costs as much as a hundred measurements, each time. */
  withShuffled: boolean;
  /** Null keeps nothing. */
  cache: NullCache | null;
  /** A sign of life, called once a cloud. */
  beat?: (() => void) | undefined;
}

export class SeriesNulls {
  readonly #kernels: Kernels;
  readonly #model: Pick<Model, 'cloud'>;
  readonly #options: SeriesNullsOptions;
  /** By the shape's key. */
  readonly #gaussian = new Map<string, CvNull | null>();

  constructor(kernels: Kernels, model: Pick<Model, 'cloud'>, options: SeriesNullsOptions) {
    this.#kernels = kernels;
    this.#model = model;
    this.#options = options;
  }

  /** @param values of the fixed sample, which get their `nulls`; of the model as it is now */
  addTo(values: Readonly<Record<string, MeasuredValue>>): void {
    const { sample, withShuffled, cache, beat } = this.#options;
    const measured = Object.entries(values).flatMap(([series, value]) => {
      if (value.cv === null) return [];
      const { pointer, stride, rows, columns } = this.#model.cloud(series);
      const sampled = Math.min(rows, SAMPLED_ROWS);
      const length = (sampled - 1) * stride + columns;
      const entries = new Float32Array(this.#kernels.memory.buffer, pointer, length);
      // Anew each time: as attention saturates, rows that differed become the same.
      const shape = sampledShape(entries, stride, sampled, columns);
      return [{ value, cv: value.cv, entries, stride, shape }];
    });
    const shapes = new Map<string, SampledShape>();
    for (const { shape } of measured) if (!this.#gaussian.has(shape.key)) shapes.set(shape.key, shape);
    for (const [key, found] of gaussianNulls([...shapes.values()], sample, cache, beat)) this.#gaussian.set(key, found);

    for (const { value, cv, entries, stride, shape } of measured) {
      const gaussian = this.#gaussian.get(shape.key) ?? null;
      const shuffled = withShuffled ? shuffledNull(entries, stride, shape, sample, beat) : null;
      value.nulls = {
        ...(gaussian && { gaussian: departing(cv, gaussian) }),
        ...(shuffled && { shuffled: departing(cv, shuffled) }),
      };
    }
  }
}

/** By how many standard deviations of chance the CV departs from its mean. */
function departing(cv: number, { cv: mean, sd }: CvNull): NullDeparture {
  return { cv: mean, sd, departure: sd > 0 ? (cv - mean) / sd : null };
}
