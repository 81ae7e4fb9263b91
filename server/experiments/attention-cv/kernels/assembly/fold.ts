import { mulAdd64, promoteHigh } from './lanes';
import { multiplyPanels } from './multiply-panels';
import { at, Plan } from './plan';
import { transpose } from './transpose';

/**
 * Values through the output projection, over the R rows of the table: folded_i = V_i · outWeight_iᵀ, with V_i the
 * values of head i in `projected`, outWeight_i its columns of the output projection.
 */
export function fold(plan: Plan): void {
  const rows = plan.vocab + plan.seqLen, wide = plan.wide, headWide = plan.headWide, heads = plan.heads;
  const allHeads = heads * headWide, rowWide = 3 * allHeads;
  for (let head = 0; head < heads; head++) {
    multiplyPanels(
      rows, wide, headWide,
      at(plan.projected, 2 * allHeads + head * headWide), rowWide,
      at(plan.outWeight, head * headWide), allHeads, true,
      at(plan.folded, head * rows * wide), wide, false, plan.panel, plan.exact != 0,
    );
  }
}

/** foldedBias += Wₒ · value bias: attention rows sum to 1, so the value bias reaches every position whole. */
export function foldBias(plan: Plan): void {
  const allHeads = plan.heads * plan.headWide;
  const bias = at(plan.projectedBias, 2 * allHeads), end = bias + (<usize>allHeads << 2);
  let weight = plan.outWeight;
  for (let out = 0; out < plan.dim; out++) {
    let lower = f64x2.splat(0), upper = lower;
    for (let i = bias; i < end; i += 16) {
      const x = v128.load(weight), y = v128.load(i);
      lower = mulAdd64(f64x2.promote_low_f32x4(x), f64x2.promote_low_f32x4(y), lower);
      upper = mulAdd64(promoteHigh(x), promoteHigh(y), upper);
      weight += 16;
    }
    const sum = f64x2.add(lower, upper), target = at(plan.foldedBias, out);
    store<f32>(target, <f32>(<f64>load<f32>(target) + f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)));
  }
}

/** Rows of a transposed matrix whose cache lines are filled by the columns beside each other, then left. */
const ROWS_IN_CACHE: i32 = 16;

/** Back through `fold` and `foldBias`: target (dim, dim) = the transpose of dOutWeight + dFoldedBias · value biasᵀ. */
export function outWeightGradient(plan: Plan, target: usize, headDim: i32): void {
  const dim = plan.dim, wide = plan.wide, headWide = plan.headWide, allHeads = plan.heads * headWide;
  const step = <usize>dim << 2;
  for (let first = 0; first < dim; first += ROWS_IN_CACHE) {
    const outs = min(ROWS_IN_CACHE, dim - first);
    for (let i = 0; i < dim; i++) {
      const padded = (i / headDim) * headWide + (i % headDim);
      const bias = load<f32>(at(plan.projectedBias, 2 * allHeads + padded));
      let source = at(plan.dOutWeight, padded * wide + first), dBias = at(plan.dFoldedBias, first);
      let to = target + (<usize>(first * dim + i) << 2);
      for (let left = outs; left > 0; left--) {
        store<f32>(to, load<f32>(source) + load<f32>(dBias) * bias);
        source += 4; dBias += 4; to += step;
      }
    }
  }
}

/** Back through `fold`: dV_i = dFolded_i · outWeight_i, into dProjected;  dOutWeight_iᵀ = V_iᵀ · dFolded_i. */
export function foldGradient(plan: Plan): void {
  const rows = plan.vocab + plan.seqLen, wide = plan.wide, headWide = plan.headWide, heads = plan.heads;
  const allHeads = heads * headWide, rowWide = 3 * allHeads;
  const rowsWide = (rows + 3) & ~3;
  transpose(rows, allHeads, at(plan.projected, 2 * allHeads), rowWide, plan.transposed, rowsWide);
  for (let head = 0; head < heads; head++) {
    const dFolded = at(plan.dFolded, head * rows * wide);
    multiplyPanels(
      rows, headWide, wide, dFolded, wide,
      at(plan.outWeight, head * headWide), allHeads, false,
      at(plan.dProjected, 2 * allHeads + head * headWide), rowWide, false, plan.panel, plan.exact != 0,
    );
    multiplyPanels(
      headWide, wide, rows, at(plan.transposed, head * headWide * rowsWide), rowsWide,
      dFolded, wide, false,
      at(plan.dOutWeight, head * headWide * wide), wide, false, plan.panel, plan.exact != 0,
    );
  }
}
