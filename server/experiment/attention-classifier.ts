/**
 * The model: embedding, one multi-head attention layer with a residual, LayerNorm, mean pooling, a linear classifier;
 * forward and hand-written backward over the whole data set. Dense products run on TensorFlow.js (`dense.ts`), the
 * rest sample by sample in WebAssembly (`kernels/assembly/sample-pass.ts`).
 */
import type { RunConfig } from '../../shared/sweep.js';
import type { Arena, Kernels, Region } from '../kernels/kernels.js';
import { PassPlan } from '../kernels/pass-plan.js';
import { project, projectGradient, type DenseShape, type ProjectionWeights } from './dense.js';
import type { Dataset } from './dataset.js';
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

/** Memory that the model takes; flat vectors are padded to four lanes. */
export class ClassifierMemory {
  readonly layout: ParameterLayout;
  readonly plan: PassPlan;
  readonly parameters: Region;
  readonly gradients: Region;

  constructor(arena: Arena, config: RunConfig) {
    this.layout = parameterLayout(config);
    const padded = Math.ceil(this.layout.size / 4) * 4;
    this.parameters = arena.takeFloats(padded);
    this.gradients = arena.takeFloats(padded);
    this.plan = new PassPlan(arena, config);
  }
}

export class AttentionClassifier {
  readonly parameters: Float32Array;
  readonly gradients: Float32Array;
  readonly layout: ParameterLayout;
  readonly #config: RunConfig;
  readonly #kernels: Kernels;
  readonly #memory: ClassifierMemory;
  readonly #shape: DenseShape;

  constructor(config: RunConfig, kernels: Kernels, memory: ClassifierMemory, data: Dataset) {
    const { layout, plan } = memory;
    this.#config = config;
    this.#kernels = kernels;
    this.#memory = memory;
    const { seqLen, dim, heads, headDim } = config;
    this.#shape = { rows: plan.rows, seqLen, dim, heads, headDim };
    this.layout = layout;
    this.parameters = memory.parameters.floats(kernels).subarray(0, layout.size);
    this.gradients = memory.gradients.floats(kernels).subarray(0, layout.size);
    plan.regions.tokens.integers(kernels).set(data.x);
    plan.regions.labels.integers(kernels).set(data.y);
  }

  parameter(name: ParameterName): Float32Array {
    return parameter(this.parameters, this.layout, name);
  }

  #gradient(name: ParameterName): Float32Array {
    return parameter(this.gradients, this.layout, name);
  }

  /** [emb; pos] as one (R, dim) matrix: the two lie side by side. */
  #table(flat: Float32Array): Float32Array {
    return flat.subarray(0, this.#shape.rows * this.#shape.dim);
  }

  /**
   * One pass over the data set with the present parameters.
   * @param gradients also fills `gradients`: of the mean loss, for every parameter.
   * @param observe also keeps the first 512 rows of every activation for `activation`.
   */
  pass({ gradients, observe }: { gradients: boolean; observe: boolean }): PassResult {
    const kernels = this.#kernels;
    const { plan } = this.#memory;
    const { regions } = plan;
    const { dim, headDim, classes } = this.#config;
    const weights = this.#projectionWeights();
    const { projected, folded } = project(this.#shape, weights);

    const float = (name: keyof typeof regions): Float32Array => regions[name].floats(kernels);
    packRows(weights.table, dim, float('table'), plan.wide);
    packRows(projected, headDim, float('projected'), plan.headWide);
    packRows(this.parameter('mha.in_proj_bias'), headDim, float('projectedBias'), plan.headWide);
    const foldedRows = float('folded');
    const headFloats = plan.rows * plan.wide;
    folded.forEach((rows, head) => {
      packRows(rows, dim, foldedRows.subarray(head * headFloats, (head + 1) * headFloats), plan.wide);
    });
    packRows(this.#foldedBias(), dim, float('foldedBias'), plan.wide);
    packRows(this.parameter('norm.weight'), dim, float('gamma'), plan.wide);
    packRows(this.parameter('norm.bias'), dim, float('beta'), plan.wide);
    packRows(this.parameter('head.weight'), dim, float('headWeight'), plan.wide);
    float('headBias').set(this.parameter('head.bias'));

    plan.write(kernels, observe);
    plan.clearResults(kernels);
    if (gradients) for (const name of GRADIENT_REGIONS) float(name).fill(0);
    kernels.passSamples(plan.pointer, 0, plan.samples, gradients);
    if (gradients) this.#collectGradients(weights, projected, classes);

    const { lossSum, correct } = plan.results(kernels);
    return { loss: lossSum / plan.samples, accuracy: correct / plan.samples };
  }

  /** bₒ + Wₒ b_v: attention rows sum to 1, so the value bias reaches every position whole. */
  #foldedBias(): Float32Array {
    const { dim } = this.#config;
    const weight = this.parameter('mha.out_proj.weight');
    const valueBias = this.parameter('mha.in_proj_bias').subarray(2 * dim);
    return this.parameter('mha.out_proj.bias').map((bias, out) => {
      let total = bias;
      for (let i = 0; i < dim; i++) total += weight[out * dim + i]! * valueBias[i]!;
      return total;
    });
  }

  #projectionWeights(): ProjectionWeights {
    return {
      table: this.#table(this.parameters),
      inWeight: this.parameter('mha.in_proj_weight'),
      outWeight: this.parameter('mha.out_proj.weight'),
    };
  }

  #collectGradients(weights: ProjectionWeights, projected: Float32Array, classes: number): void {
    const kernels = this.#kernels;
    const { plan } = this.#memory;
    const { regions } = plan;
    const { dim, heads, headDim } = this.#config;
    const float = (name: keyof typeof regions): Float32Array => regions[name].floats(kernels);

    const headFloats = plan.rows * plan.wide;
    const dFolded = float('dFolded');
    const dense = projectGradient(this.#shape, weights, projected, {
      dQueriesKeys: unpackRows(float('dProjected'), plan.headWide, headDim, plan.rows * 2 * heads),
      dFolded: Array.from({ length: heads }, (_, head) =>
        unpackRows(dFolded.subarray(head * headFloats, (head + 1) * headFloats), plan.wide, dim, plan.rows),
      ),
    });

    const dTable = this.#table(this.gradients);
    dTable.set(unpackRows(float('dTable'), plan.wide, dim, plan.rows));
    addTo(dTable, dense.dTable);
    this.#gradient('mha.in_proj_weight').set(dense.dInWeight);
    this.#gradient('mha.in_proj_bias').set(dense.dInBias);
    const dOutBias = unpackRows(float('dFoldedBias'), plan.wide, dim, 1);
    this.#gradient('mha.out_proj.bias').set(dOutBias);
    const dOutWeight = this.#gradient('mha.out_proj.weight');
    dOutWeight.set(dense.dOutWeight);
    const valueBias = this.parameter('mha.in_proj_bias').subarray(2 * dim);
    for (let out = 0; out < dim; out++) {
      for (let i = 0; i < dim; i++) dOutWeight[out * dim + i]! += dOutBias[out]! * valueBias[i]!;
    }
    this.#gradient('norm.weight').set(unpackRows(float('dGamma'), plan.wide, dim, 1));
    this.#gradient('norm.bias').set(unpackRows(float('dBeta'), plan.wide, dim, 1));
    this.#gradient('head.weight').set(unpackRows(float('dHeadWeight'), plan.wide, dim, classes));
    this.#gradient('head.bias').set(float('dHeadBias').subarray(0, classes));
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

const GRADIENT_REGIONS = [
  'dTable',
  'dProjected',
  'dFolded',
  'dFoldedBias',
  'dGamma',
  'dBeta',
  'dHeadWeight',
  'dHeadBias',
] as const;

/** Rows of `columns` into rows of `wide` ≥ columns; the padding of `target` is left as it is, zero. */
function packRows(source: Float32Array, columns: number, target: Float32Array, wide: number): void {
  if (columns === wide) {
    target.set(source);
    return;
  }
  const rows = source.length / columns;
  for (let row = 0; row < rows; row++) {
    target.set(source.subarray(row * columns, (row + 1) * columns), row * wide);
  }
}

/** The first `columns` of each of `rows` rows of `wide`; a view where nothing is to be left out. */
function unpackRows(source: Float32Array, wide: number, columns: number, rows: number): Float32Array {
  if (columns === wide) return source.subarray(0, rows * columns);
  const target = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    target.set(source.subarray(row * wide, row * wide + columns), row * columns);
  }
  return target;
}

function addTo(target: Float32Array, values: Float32Array): void {
  for (let i = 0; i < target.length; i++) target[i] = target[i]! + values[i]!;
}
