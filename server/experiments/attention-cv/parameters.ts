/**
 * The model's parameters: PyTorch's names and shapes, where each lies in one flat vector, and the values that
 * `nn.Embedding`, `nn.MultiheadAttention`, `nn.LayerNorm` and `nn.Linear` start from.
 */
import type { RunConfig } from '../../../shared/experiments/attention-cv/sweep.js';
import type { Generator } from './random.js';

/** `emb.weight` and `pos` come first and touch, so that the embedding table [emb; pos] is one matrix. */
export const PARAMETER_NAMES = [
  'emb.weight',
  'pos',
  'mha.in_proj_weight',
  'mha.in_proj_bias',
  'mha.out_proj.weight',
  'mha.out_proj.bias',
  'norm.weight',
  'norm.bias',
  'head.weight',
  'head.bias',
] as const;
export type ParameterName = (typeof PARAMETER_NAMES)[number];

export interface ParameterLayout {
  /** Floats in all. */
  size: number;
  /** Row-major [out][in]; `offset` in floats. */
  of: Record<ParameterName, { offset: number; rows: number; columns: number }>;
}

type ModelShape = Pick<RunConfig, 'dim' | 'vocab' | 'seqLen' | 'classes'>;

export function parameterLayout({ dim, vocab, seqLen, classes }: ModelShape): ParameterLayout {
  const shapes: Record<ParameterName, [rows: number, columns: number]> = {
    'emb.weight': [vocab, dim],
    pos: [seqLen, dim],
    'mha.in_proj_weight': [3 * dim, dim],
    'mha.in_proj_bias': [1, 3 * dim],
    'mha.out_proj.weight': [dim, dim],
    'mha.out_proj.bias': [1, dim],
    'norm.weight': [1, dim],
    'norm.bias': [1, dim],
    'head.weight': [classes, dim],
    'head.bias': [1, classes],
  };
  let size = 0;
  const place = (name: ParameterName): ParameterLayout['of'][ParameterName] => {
    const [rows, columns] = shapes[name];
    const offset = size;
    size += rows * columns;
    return { offset, rows, columns };
  };
  const of = Object.fromEntries(PARAMETER_NAMES.map((name) => [name, place(name)])) as ParameterLayout['of'];
  return { size, of };
}

/** The view of one parameter in a flat vector of this layout. */
export function parameter(flat: Float32Array, layout: ParameterLayout, name: ParameterName): Float32Array {
  const { offset, rows, columns } = layout.of[name];
  return flat.subarray(offset, offset + rows * columns);
}

/** Fills `flat` with the reference's initial values, drawing in its order; the number of heads plays no part. */
export function initialiseParameters(
  flat: Float32Array,
  layout: ParameterLayout,
  generator: Generator,
  { dim }: { dim: number },
): void {
  const view = (name: ParameterName): Float32Array => parameter(flat, layout, name);
  generator.normal(view('emb.weight'));

  const pos = view('pos');
  generator.normal(pos);
  const scale = Math.fround(0.02);
  for (let i = 0; i < pos.length; i++) pos[i] = pos[i]! * scale;

  // Kaiming uniform with a = √5, written as PyTorch computes it: the bound's last bit is part of the stream.
  const kaimingBound = Math.sqrt(3) * (Math.sqrt(2 / (1 + Math.sqrt(5) ** 2)) / Math.sqrt(dim));
  const biasBound = 1 / Math.sqrt(dim);
  generator.uniform(view('mha.out_proj.weight'), -kaimingBound, kaimingBound);
  // out_proj's bias is drawn by nn.Linear and then zeroed by nn.MultiheadAttention.
  generator.skip(dim);
  view('mha.out_proj.bias').fill(0);

  const xavierBound = Math.sqrt(3) * Math.sqrt(2 / (dim + 3 * dim));
  generator.uniform(view('mha.in_proj_weight'), -xavierBound, xavierBound);
  view('mha.in_proj_bias').fill(0);

  view('norm.weight').fill(1);
  view('norm.bias').fill(0);

  generator.uniform(view('head.weight'), -kaimingBound, kaimingBound);
  generator.uniform(view('head.bias'), -biasBound, biasBound);
}
