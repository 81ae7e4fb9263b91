/**
 * The model: embedding, one multi-head attention layer with a residual, LayerNorm, mean pooling, a linear classifier;
 * forward and hand-written backward over the whole data set. Dense products are the engine's
 * (`dense-products.ts`), the rest runs sample by sample in WebAssembly (`kernels/assembly/sample-pass.ts`).
 */
import type { RunConfig } from '../../../shared/experiments/attention-cv/sweep.js';
import type { Arena, Kernels, Region } from './kernels/kernels.js';
import { lanes, PassPlan, type RegionName } from './kernels/pass-plan.js';
import { type Dataset, distinctSamples } from './dataset.js';
import { kernelProducts, type DenseProducts } from './dense-products.js';
import { parameter, parameterLayout, type ParameterLayout, type ParameterName } from './parameters.js';

/** A matrix in kernel memory, as a CV reads it: rows `stride` floats apart, `columns` of each used. */
export interface Cloud {
  pointer: number;
  stride: number;
  rows: number;
  columns: number;
}

export interface PassResult {
  /** Mean cross-entropy over the data set. */
  loss: number;
  /** Share of samples classified right. */
  accuracy: number;
}

export interface PassOptions {
  gradients: boolean;
  observe: boolean;
  /**
   * Sums the gradients in float64 where the model can. Adam's first step divides each gradient by its own size, so that
   * the rounding of the smallest decides as much as the gradient of the largest.
   */
  exact?: boolean;
  /** A sign of life, while an epoch takes minutes. */
  beat?: () => void;
}

/** Some seconds of the largest configs; also what the kernels sum before they add it to the rest. */
const BATCH_SAMPLES = 32;

/** Where a parameter is read from, and where its gradient is left. The table is [emb; pos], which touch. */
const PARAMETER_REGIONS = {
  table: 'emb.weight',
  inWeight: 'mha.in_proj_weight',
  projectedBias: 'mha.in_proj_bias',
  outWeight: 'mha.out_proj.weight',
  gamma: 'norm.weight',
  beta: 'norm.bias',
  headWeight: 'head.weight',
} as const satisfies Partial<Record<RegionName, ParameterName>>;
const GRADIENT_REGIONS = {
  dTable: 'emb.weight',
  dInWeight: 'mha.in_proj_weight',
  dInBias: 'mha.in_proj_bias',
  dFoldedBias: 'mha.out_proj.bias',
  dGamma: 'norm.weight',
  dBeta: 'norm.bias',
  dHeadWeight: 'head.weight',
} as const satisfies Partial<Record<RegionName, ParameterName>>;

/** Memory that the model takes; flat vectors are padded to four lanes. */
export class ClassifierMemory {
  readonly layout: ParameterLayout;
  readonly plan: PassPlan;
  readonly parameters: Region;
  readonly gradients: Region;
  /** No row needs padding: the kernels work on the flat vectors themselves, and nothing is copied. */
  readonly isInPlace: boolean;

  constructor(arena: Arena, config: RunConfig) {
    this.layout = parameterLayout(config);
    const padded = lanes(this.layout.size);
    this.parameters = arena.takeFloats(padded);
    this.gradients = arena.takeFloats(padded);
    this.isInPlace = config.dim % 8 === 0 && config.headDim % 4 === 0;
    const places = {
      ...this.#placesIn(this.parameters, PARAMETER_REGIONS),
      ...this.#placesIn(this.gradients, GRADIENT_REGIONS),
    };
    this.plan = new PassPlan(arena, config, this.isInPlace ? places : {});
  }

  #placesIn({ pointer }: Region, names: Record<string, ParameterName>): Partial<Record<RegionName, number>> {
    return Object.fromEntries(
      Object.entries(names).map(([region, name]) => [region, pointer + 4 * this.layout.of[name].offset]),
    );
  }
}

export class AttentionClassifier {
  readonly parameters: Float32Array;
  readonly gradients: Float32Array;
  readonly layout: ParameterLayout;
  readonly #config: RunConfig;
  readonly #kernels: Kernels;
  readonly #memory: ClassifierMemory;
  readonly #products: DenseProducts;
  readonly #distinct: number;

  constructor(
    config: RunConfig,
    kernels: Kernels,
    memory: ClassifierMemory,
    data: Dataset,
    products: (kernels: Kernels, plan: PassPlan) => DenseProducts,
  ) {
    const { layout, plan } = memory;
    this.#config = config;
    this.#kernels = kernels;
    this.#memory = memory;
    this.#products = products(kernels, plan);
    this.layout = layout;
    this.parameters = memory.parameters.floats(kernels).subarray(0, layout.size);
    this.gradients = memory.gradients.floats(kernels).subarray(0, layout.size);
    const samples = distinctSamples(data, config.seqLen);
    this.#distinct = samples.y.length;
    plan.regions.tokens.integers(kernels).set(samples.x);
    plan.regions.labels.integers(kernels).set(samples.y);
    plan.regions.counts.integers(kernels).set(samples.counts);
    plan.regions.observedAs.integers(kernels).set(samples.of.subarray(0, plan.observedSamples));
  }

  parameter(name: ParameterName): Float32Array {
    return parameter(this.parameters, this.layout, name);
  }

  #gradient(name: ParameterName): Float32Array {
    return parameter(this.gradients, this.layout, name);
  }

  /** [emb; pos] as one (R, dim) matrix: the two lie side by side. */
  #table(flat: Float32Array): Float32Array {
    return flat.subarray(0, this.#memory.plan.rows * this.#config.dim);
  }

  /**
   * One pass over the data set with the present parameters.
   * @param gradients also fills `gradients`: of the mean loss, for every parameter.
   * @param observe also keeps the first 512 rows of every activation for `activation`.
   * @param beat called every so many samples.
   */
  pass({ gradients, observe, exact = false, beat }: PassOptions): PassResult {
    const kernels = this.#kernels;
    const { plan } = this.#memory;
    const { regions } = plan;
    const float = (name: RegionName): Float32Array => regions[name].floats(kernels);
    if (!this.#memory.isInPlace) this.#pack();
    // Not in place: what the value bias adds is added to it.
    float('foldedBias').set(this.parameter('mha.out_proj.bias'));
    float('headBias').set(this.parameter('head.bias'));

    const isExact = exact && gradients && plan.hasExactPass;
    // TensorFlow.js has no float64.
    const products = isExact ? kernelProducts(kernels, plan) : this.#products;
    plan.write(kernels, observe, isExact);
    products.project();
    kernels.fold(plan.pointer);
    kernels.foldBias(plan.pointer);
    plan.clearResults(kernels);
    if (gradients) for (const name of SUMMED_REGIONS) float(name).fill(0);
    for (let from = 0; from < this.#distinct; from += BATCH_SAMPLES) {
      kernels.passSamples(plan.pointer, from, Math.min(from + BATCH_SAMPLES, this.#distinct), gradients);
      beat?.();
    }
    if (gradients) this.#collectGradients(products);

    const { lossSum, correct } = plan.results(kernels);
    return { loss: lossSum / plan.samples, accuracy: correct / plan.samples };
  }

  #collectGradients(products: DenseProducts): void {
    const kernels = this.#kernels;
    const { plan, isInPlace } = this.#memory;
    const { headDim, classes } = this.#config;

    kernels.completeSums(plan.pointer);
    kernels.foldGradient(plan.pointer);
    products.projectGradient();
    if (!isInPlace) this.#unpack();
    kernels.outWeightGradient(plan.pointer, this.#gradient('mha.out_proj.weight').byteOffset, headDim);
    this.#gradient('head.bias').set(plan.regions.dHeadBias.doubles(kernels).subarray(0, classes));
  }

  /** The parameters into the kernels' padded rows. */
  #pack(): void {
    const { plan } = this.#memory;
    const { wide, headWide } = plan;
    const { dim, headDim } = this.#config;
    const pack = (region: keyof typeof PARAMETER_REGIONS, columns: number, padded: number): void =>
      packRows(this.parameter(PARAMETER_REGIONS[region]), columns, plan.regions[region].floats(this.#kernels), padded);

    packRows(this.#table(this.parameters), dim, plan.regions.table.floats(this.#kernels), wide);
    const inWeight = plan.regions.inWeight.floats(this.#kernels);
    inBlocks(this.parameter('mha.in_proj_weight'), headDim * dim, (rows, block) =>
      packRows(rows, dim, inWeight.subarray(block * headWide * wide), wide),
    );
    pack('projectedBias', headDim, headWide);
    pack('outWeight', headDim, headWide);
    pack('gamma', dim, wide);
    pack('beta', dim, wide);
    pack('headWeight', dim, wide);
  }

  /** The gradients out of the kernels' padded rows. */
  #unpack(): void {
    const { plan } = this.#memory;
    const { wide, headWide } = plan;
    const { dim, headDim } = this.#config;
    const unpack = (region: keyof typeof GRADIENT_REGIONS, padded: number, columns: number): void =>
      unpackRows(plan.regions[region].floats(this.#kernels), padded, columns, this.#gradient(GRADIENT_REGIONS[region]));

    unpackRows(plan.regions.dTable.floats(this.#kernels), wide, dim, this.#table(this.gradients));
    const dInWeight = plan.regions.dInWeight.floats(this.#kernels);
    inBlocks(this.#gradient('mha.in_proj_weight'), headDim * dim, (rows, block) =>
      unpackRows(dInWeight.subarray(block * headWide * wide), wide, dim, rows),
    );
    unpack('dInBias', headWide, headDim);
    unpack('dFoldedBias', wide, dim);
    unpack('dGamma', wide, dim);
    unpack('dBeta', wide, dim);
    unpack('dHeadWeight', wide, dim);
  }

  /** Where a series' matrix lies; activations as the last observing pass left them. */
  cloud(series: string): Cloud {
    const { dim, headDim, vocab, classes, heads } = this.#config;
    const { plan, parameters } = this.#memory;
    const weight = (name: ParameterName, firstRow: number, rows: number): Cloud => ({
      pointer: parameters.pointer + 4 * (this.layout.of[name].offset + firstRow * dim),
      stride: dim,
      rows,
      columns: dim,
    });
    const activation = (region: Region, firstColumn: number, stride: number, columns: number): Cloud => ({
      pointer: region.pointer + 4 * firstColumn,
      stride,
      rows: plan.observedRows,
      columns,
    });
    switch (series) {
      case 'emb':
        return weight('emb.weight', 0, vocab);
      case 'out_proj':
        return weight('mha.out_proj.weight', 0, dim);
      case 'cls_head':
        return weight('head.weight', 0, classes);
      case 'act_emb':
        return activation(plan.regions.actTable, 0, plan.wide, dim);
      case 'act_post_full':
        return activation(plan.regions.actPost, 0, plan.wide, dim);
    }
    const match = /^(act_)?(Q|K|V|post)_(full|h(\d+))$/.exec(series);
    if (match === null) throw new Error(`no such series: ${series}`);
    const third = 'QKV'.indexOf(match[2]!);
    const head = match[4] === undefined ? 0 : Number(match[4]);
    if (match[1] === undefined) {
      const rows = match[3] === 'full' ? dim : headDim;
      return weight('mha.in_proj_weight', third * dim + head * headDim, rows);
    }
    if (match[2] === 'post') return activation(plan.regions.actPost, head * headDim, plan.wide, headDim);
    return activation(plan.regions.actProjected, (third * heads + head) * plan.headWide, plan.rowWide, headDim);
  }
}

/** What is added to, sample by sample. */
const SUMMED_REGIONS = ['dTable', 'dProjected', 'dFolded', 'dGamma', 'dBeta', 'dHeadWeight', 'dHeadBias'] as const;

/** Rows of `columns` into rows of `wide` ≥ columns; the padding of `target` is left as it is, zero. */
function packRows(source: Float32Array, columns: number, target: Float32Array, wide: number): void {
  const rows = source.length / columns;
  for (let row = 0; row < rows; row++) {
    target.set(source.subarray(row * columns, (row + 1) * columns), row * wide);
  }
}

/** Fills `target` with the first `columns` of each row of `wide`. */
function unpackRows(source: Float32Array, wide: number, columns: number, target: Float32Array): void {
  for (let row = 0; row < target.length / columns; row++) {
    target.set(source.subarray(row * wide, row * wide + columns), row * columns);
  }
}

/** Each head's rows of a third of the input projection, thirds one after the other. */
function inBlocks(values: Float32Array, length: number, visit: (block: Float32Array, index: number) => void): void {
  for (let at = 0; at < values.length; at += length) visit(values.subarray(at, at + length), at / length);
}
