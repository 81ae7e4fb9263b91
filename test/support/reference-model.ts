/**
 * The model's loss in plain float64 loops, from the formulas and nothing else: what the fast implementation's
 * gradients are held against by central differences.
 */
import type { Dataset } from '../../server/experiments/attention-cv/dataset.js';
import type { ParameterName } from '../../server/experiments/attention-cv/parameters.js';
import type { RunConfig } from '../../shared/experiments/attention-cv/sweep.js';

export type ReferenceParameters = Record<ParameterName, Float64Array>;

/** W (rows, columns) times a vector, plus a bias. */
function affine(
  weight: Float64Array,
  bias: Float64Array | undefined,
  vector: Float64Array,
  firstRow = 0,
): Float64Array {
  const columns = vector.length;
  const rows = bias?.length ?? columns;
  return Float64Array.from({ length: rows }, (_, r) => {
    let total = bias?.[r] ?? 0;
    for (let c = 0; c < columns; c++) total += weight[(firstRow + r) * columns + c]! * vector[c]!;
    return total;
  });
}

function softmax(logits: number[]): number[] {
  const largest = Math.max(...logits);
  const exponentials = logits.map((l) => Math.exp(l - largest));
  const total = exponentials.reduce((a, b) => a + b, 0);
  return exponentials.map((e) => e / total);
}

function layerNorm(row: Float64Array, scale: Float64Array, shift: Float64Array): Float64Array {
  const mean = row.reduce((a, b) => a + b, 0) / row.length;
  const variance = row.reduce((a, b) => a + (b - mean) ** 2, 0) / row.length;
  return row.map((v, i) => ((v - mean) / Math.sqrt(variance + 1e-5)) * scale[i]! + shift[i]!);
}

/** Mean cross-entropy over the data set, and the share classified right. */
export function referenceLoss(
  p: ReferenceParameters,
  data: Dataset,
  config: RunConfig,
): { loss: number; accuracy: number } {
  const { dim, heads, headDim, seqLen } = config;
  const samples = data.y.length;
  let loss = 0;
  let correct = 0;
  for (let sample = 0; sample < samples; sample++) {
    const tokens = data.x.subarray(sample * seqLen, (sample + 1) * seqLen);
    const h = Array.from(tokens, (token, s) =>
      Float64Array.from({ length: dim }, (_, j) => p['emb.weight'][token * dim + j]! + p.pos[s * dim + j]!),
    );
    const bias = p['mha.in_proj_bias'];
    const part = (third: number): Float64Array[] =>
      h.map((row) => affine(p['mha.in_proj_weight'], bias.slice(third * dim, (third + 1) * dim), row, third * dim));
    const [q, k, v] = [part(0), part(1), part(2)];
    const joined = h.map(() => new Float64Array(dim));
    for (let head = 0; head < heads; head++) {
      const columns = Array.from({ length: headDim }, (_, j) => head * headDim + j);
      h.forEach((_, s) => {
        const scores = k.map((key) => columns.reduce((t, j) => t + q[s]![j]! * key[j]!, 0) / Math.sqrt(headDim));
        softmax(scores).forEach((weight, other) => {
          for (const j of columns) joined[s]![j]! += weight * v[other]![j]!;
        });
      });
    }
    const post = h.map((row, s) => {
      const attention = affine(p['mha.out_proj.weight'], p['mha.out_proj.bias'], joined[s]!);
      return layerNorm(
        row.map((value, j) => value + attention[j]!),
        p['norm.weight'],
        p['norm.bias'],
      );
    });
    const pooled = Float64Array.from({ length: dim }, (_, j) => post.reduce((t, row) => t + row[j]!, 0) / seqLen);
    const logits = [...affine(p['head.weight'], p['head.bias'], pooled)];
    const label = data.y[sample]!;
    loss -= Math.log(softmax(logits)[label]!) / samples;
    if (logits.indexOf(Math.max(...logits)) === label) correct += 1 / samples;
  }
  return { loss, accuracy: correct };
}
