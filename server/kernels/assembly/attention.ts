import { addRow } from './lanes';
import { multiply } from './multiply';
import { multiplyTransposed } from './multiply-transposed';
import { at, Plan } from './plan';
import { softmaxGradient, softmaxRows } from './softmax';

/**
 * Attention of one sample, values already through the output projection. Per head i, with token t_s at position s:
 *   q_s, k_s = projected[t_s] + projected[vocab + s] + bias;  v_s = folded_i[t_s] + folded_i[vocab + s]
 *   A_i = softmax(q kᵀ / √headDim);  residual += A_i v
 * `residual` holds h + foldedBias before. O(heads · seqLen² · (headDim + dim)).
 */
export function attend(plan: Plan, tokens: usize): void {
  const seqLen = plan.seqLen, wide = plan.wide, headWide = plan.headWide;
  const pairWide = 2 * plan.heads * headWide, rowWide = 3 * plan.heads * headWide;
  const seqWide = (seqLen + 3) & ~3;
  for (let s = 0; s < seqLen; s++) {
    const token = load<i32>(at(tokens, s));
    addThree(
      at(plan.queriesKeys, s * pairWide),
      at(plan.projected, token * rowWide),
      at(plan.projected, (plan.vocab + s) * rowWide),
      plan.projectedBias,
      pairWide,
    );
  }
  const rows = plan.vocab + seqLen;
  for (let head = 0; head < plan.heads; head++) {
    const folded = at(plan.folded, head * rows * wide);
    const values = at(plan.values, head * seqLen * wide);
    for (let s = 0; s < seqLen; s++) {
      addTwo(at(values, s * wide), at(folded, load<i32>(at(tokens, s)) * wide), at(folded, (plan.vocab + s) * wide), wide);
    }
    const queries = at(plan.queriesKeys, head * headWide);
    const keys = at(plan.queriesKeys, (plan.heads + head) * headWide);
    const attention = at(plan.attention, head * seqLen * seqWide);
    multiplyTransposed(seqLen, seqLen, headWide, plan.scale, queries, pairWide, keys, pairWide, attention, seqWide);
    softmaxRows(seqLen, seqLen, attention, seqWide);
    multiply(seqLen, wide, seqLen, attention, seqWide, 1, values, wide, plan.residual, wide, true);
  }
}

/**
 * From dResidual (seqLen, wide), per head:
 *   dv = Aᵀ dResidual → dFolded;  dA = dResidual vᵀ;  dS = softmaxGradient;  dq = dS k, dk = dSᵀ q → dProjected
 * each added to the rows of its token and of its position.
 */
export function attendGradient(plan: Plan, tokens: usize): void {
  const seqLen = plan.seqLen, wide = plan.wide, headWide = plan.headWide;
  const pairWide = 2 * plan.heads * headWide;
  const seqWide = (seqLen + 3) & ~3;
  const rows = plan.vocab + seqLen;
  for (let head = 0; head < plan.heads; head++) {
    const dFolded = at(plan.dFolded, head * rows * wide);
    const values = at(plan.values, head * seqLen * wide);
    const attention = at(plan.attention, head * seqLen * seqWide);
    multiply(seqLen, wide, seqLen, attention, 1, seqWide, plan.dResidual, wide, plan.dValues, wide, false);
    for (let s = 0; s < seqLen; s++) {
      const row = at(plan.dValues, s * wide);
      addRow(at(dFolded, load<i32>(at(tokens, s)) * wide), row, wide);
      addRow(at(dFolded, (plan.vocab + s) * wide), row, wide);
    }
    const dAttention = plan.dAttention;
    multiplyTransposed(seqLen, seqLen, wide, 1, plan.dResidual, wide, values, wide, dAttention, seqWide);
    softmaxGradient(seqLen, seqLen, plan.scale, attention, dAttention, seqWide);
    const queries = head * headWide, keys = (plan.heads + head) * headWide;
    multiply(
      seqLen, headWide, seqLen, dAttention, seqWide, 1,
      at(plan.queriesKeys, keys), pairWide, at(plan.dQueriesKeys, queries), pairWide, false,
    );
    multiply(
      seqLen, headWide, seqLen, dAttention, 1, seqWide,
      at(plan.queriesKeys, queries), pairWide, at(plan.dQueriesKeys, keys), pairWide, false,
    );
  }
  for (let s = 0; s < seqLen; s++) {
    const row = at(plan.dQueriesKeys, s * pairWide);
    addRow(at(plan.dProjected, load<i32>(at(tokens, s)) * pairWide), row, pairWide);
    addRow(at(plan.dProjected, (plan.vocab + s) * pairWide), row, pairWide);
  }
}

@inline
export function addTwo(target: usize, a: usize, b: usize, count: i32): void {
  for (let i: usize = 0, end = <usize>count << 2; i < end; i += 16) {
    v128.store(target + i, f32x4.add(v128.load(a + i), v128.load(b + i)));
  }
}

@inline
export function addThree(target: usize, a: usize, b: usize, c: usize, count: i32): void {
  for (let i: usize = 0, end = <usize>count << 2; i < end; i += 16) {
    v128.store(target + i, f32x4.add(f32x4.add(v128.load(a + i), v128.load(b + i)), v128.load(c + i)));
  }
}
