/** The metrics of a run besides the CV: of which matrices, with what they need of earlier epochs, and their nulls. */
import type { MeasuredMetric, MeasuredValue } from '../../../shared/measurement.js';
import { metricTargets, SAMPLED_ROWS } from '../../../shared/experiments/attention-cv/series.js';
import type { RunConfig } from '../../../shared/experiments/attention-cv/sweep.js';
import {
  type Context,
  gaussianNull,
  type Matrix,
  measure,
  METRICS,
  type MetricName,
} from '../../../shared/geometry/index.js';
import type { Kernels } from './kernels/kernels.js';
import type { Model } from './model.js';
import { parameter, parameterLayout } from './parameters.js';
import { Generator } from './random.js';

/** As many corners as a simplex has at most: the sets of smaller ones are the first of each. */
const MOST_CORNERS = 8;

export class MatrixMetrics {
  readonly #kernels: Kernels;
  readonly #model: Pick<Model, 'cloud' | 'state'>;
  readonly #config: RunConfig;
  readonly #labels: Int32Array;
  readonly #beat: (() => void) | undefined;
  /** Of each matrix the metrics that it is measured by; the order of the series is theirs. */
  readonly #targets: readonly { metric: MetricName; matrix: string }[];
  readonly #byMatrix: ReadonlyMap<string, readonly MetricName[]>;
  readonly #sets = new Map<number, Uint32Array>();
  /** Of the epoch before, and of epoch 0, by matrix. */
  #earlier: ReadonlyMap<string, Matrix> = new Map();
  #initial: ReadonlyMap<string, Matrix> = new Map();

  /**
   * @param labels of all samples
   * @param beat a sign of life, called once a matrix
   */
  constructor(
    kernels: Kernels,
    model: Pick<Model, 'cloud' | 'state'>,
    config: RunConfig,
    labels: Int32Array,
    beat?: () => void,
  ) {
    this.#beat = beat;
    this.#kernels = kernels;
    this.#model = model;
    this.#config = config;
    this.#labels = labels;
    this.#targets = metricTargets(config);
    const byMatrix = new Map<string, MetricName[]>();
    for (const { metric, matrix } of this.#targets) byMatrix.set(matrix, [...(byMatrix.get(matrix) ?? []), metric]);
    this.#byMatrix = byMatrix;
  }

  /** Whether the matrices of the epoch before a measured one must be seen, too. */
  get needsEarlier(): boolean {
    return this.#targets.some(({ metric }) => metric === 'cka_previous' || metric === 'update_norm');
  }

  get needsInitial(): boolean {
    return this.#targets.some(({ metric }) => metric === 'cka_initial');
  }

  /** Keeps the matrices as they are now: the next measurement is held against them. */
  rememberEarlier(): void {
    if (this.needsEarlier) this.#earlier = this.#copies();
  }

  /** Of epoch 0. */
  rememberInitial(): void {
    if (this.needsInitial) this.#initial = this.#copies();
  }

  /**
   * Every metric of every matrix it is of, as the matrices are now.
   * @returns in the order of the run's series, NaN = no value; and what a full measurement tells of each matrix
   */
  measure(): { values: Float64Array; details: Map<string, Record<string, MeasuredMetric>> } {
    const details = new Map<string, Record<string, MeasuredMetric>>();
    for (const [matrix, names] of this.#byMatrix) {
      details.set(matrix, this.#measureOne(matrix, names));
      this.#beat?.();
    }
    const values = Float64Array.from(this.#targets, ({ metric, matrix }) => details.get(matrix)![metric]!.value ?? NaN);
    return { values, details };
  }

  #measureOne(name: string, metrics: readonly MetricName[]): Record<string, MeasuredMetric> {
    const [ofClasses, ofRows] = [metrics.filter(needsLabels), metrics.filter((metric) => !needsLabels(metric))];
    const matrix = this.#rows(name);
    const context: Context = { simplexSets: (corners) => this.#simplexSets(matrix.rows, corners) };
    const [earlier, initial] = [this.#earlier.get(name), this.#initial.get(name)];
    if (earlier !== undefined) context.earlier = earlier;
    if (initial !== undefined) context.initial = initial;
    const measured = {
      ...(ofRows.length > 0 && measure(ofRows, matrix, context)),
      ...(ofClasses.length > 0 && this.#measureClasses(ofClasses)),
    };
    return Object.fromEntries(
      Object.entries(measured).map(([metric, { value, se, reason }]): [string, MeasuredMetric] => {
        const chance = needsLabels(metric) ? null : gaussianNull(metric as MetricName, matrix.rows, matrix.columns);
        return [
          metric,
          {
            value,
            ...(se !== undefined && se !== null && { se }),
            ...(chance !== null && { null: chance }),
            ...(reason !== undefined && { reason }),
          },
        ];
      }),
    );
  }

  #measureClasses(metrics: readonly MetricName[]): ReturnType<typeof measure> {
    const features = meanRows(this.#rows('act_post_full'), this.#config.seqLen);
    const { parameters } = this.#model.state();
    return measure(metrics, features, {
      labels: this.#labels.subarray(0, features.rows),
      weight: this.#rows('cls_head'),
      bias: parameter(parameters, parameterLayout(this.#config), 'head.bias'),
    });
  }

  /** (samples, corners): the first of as many permutations of the fixed sample's stream. */
  #simplexSets(rows: number, corners: number): Uint32Array {
    const { samples, sampleSeed } = this.#config;
    const most = Math.min(MOST_CORNERS, rows);
    let sets = this.#sets.get(rows);
    if (sets === undefined) {
      const generator = new Generator(sampleSeed);
      sets = new Uint32Array(samples * most);
      for (let sample = 0; sample < samples; sample++) sets.set(generator.permutation(rows, most), sample * most);
      this.#sets.set(rows, sets);
    }
    const chosen = new Uint32Array(samples * corners);
    for (let sample = 0; sample < samples; sample++)
      chosen.set(sets.subarray(sample * most, sample * most + corners), sample * corners);
    return chosen;
  }

  /** The rows of a matrix that are measured, where the model has them. */
  #rows(name: string): Required<Matrix> & { values: Float32Array } {
    const { pointer, stride, rows, columns } = this.#model.cloud(name);
    const taken = Math.min(rows, SAMPLED_ROWS);
    const values = new Float32Array(this.#kernels.memory.buffer, pointer, (taken - 1) * stride + columns);
    return { values, rows: taken, columns, stride };
  }

  /** Without what lies between the rows: heads share theirs. */
  #copies(): Map<string, Matrix> {
    return new Map(
      [...this.#byMatrix.keys()].map((name) => {
        const { values, rows, columns, stride } = this.#rows(name);
        const copy = new Float32Array(rows * columns);
        for (let row = 0; row < rows; row++)
          copy.set(values.subarray(row * stride, row * stride + columns), row * columns);
        return [name, { values: copy, rows, columns }];
      }),
    );
  }
}

/** The classifier's input: the mean of a sample's rows of `act_post_full`, of those samples that are seen whole. */
export function meanRows({ values, rows, columns, stride = columns }: Matrix, seqLen: number): Matrix {
  const samples = Math.floor(rows / seqLen);
  const means = new Float64Array(samples * columns);
  for (let row = 0; row < samples * seqLen; row++)
    for (let column = 0; column < columns; column++)
      means[Math.floor(row / seqLen) * columns + column]! += values[row * stride + column]! / seqLen;
  return { values: means, rows: samples, columns };
}

/** Puts what the metrics say beside the CV of each matrix. */
export function addMetrics(
  values: Readonly<Record<string, MeasuredValue>>,
  details: ReadonlyMap<string, Record<string, MeasuredMetric>>,
): void {
  for (const [matrix, metrics] of details) values[matrix]!.metrics = metrics;
}

function needsLabels(metric: string): boolean {
  return METRICS.find(({ name }) => name === metric)?.needs === 'labels';
}
