import { addRowToBoth, mulAdd } from './lanes';
import { multiply } from './multiply';
import { multiplyTransposed } from './multiply-transposed';
import { at, Plan } from './plan';
import { softmaxGradient, softmaxRows } from './softmax';

/**
 * Attention of one sample, values already through the output projection. Per head i, with token t_s at position s:
 *   q_s, k_s = projected[t_s] + projected[vocab + s] + bias;  v_s = folded_i[t_s] + folded_i[vocab + s]
 *   A_i = softmax(q kᵀ / √headDim);  residual += Σ_i A_i v_i, as one product [A_1 … A_H] · [v_1; …; v_H]
 * `residual` holds h + foldedBias before. O(heads · seqLen² · (headDim + dim)).
 */
export function attend(plan: Plan, tokens: usize): void {
  const seqLen = plan.seqLen, wide = plan.wide, headWide = plan.headWide, valueWide = plan.valueWide;
  const pairWide = 2 * plan.heads * headWide, rowWide = 3 * plan.heads * headWide;
  const seqWide = (seqLen + 3) & ~3, allWide = plan.heads * seqWide;
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
    const values = at(plan.values, head * seqWide * valueWide);
    for (let s = 0; s < seqLen; s++) {
      const token = load<i32>(at(tokens, s));
      addTwo(at(values, s * valueWide), at(folded, token * wide), at(folded, (plan.vocab + s) * wide), wide);
    }
    const queries = at(plan.queriesKeys, head * headWide);
    const keys = at(plan.queriesKeys, (plan.heads + head) * headWide);
    const attention = at(plan.attention, head * seqWide);
    multiplyTransposed(seqLen, seqLen, headWide, plan.scale, queries, pairWide, keys, pairWide, attention, allWide);
    softmaxRows(seqLen, seqLen, attention, allWide);
  }
  multiply(seqLen, wide, allWide, plan.attention, allWide, 1, plan.values, valueWide, plan.residual, wide, true);
}

/**
 * From dResidual (seqLen, wide), per head:
 *   dv = Aᵀ dResidual → dFolded;  dA = dResidual vᵀ;  dS = softmaxGradient;  dq = dS k, dk = dSᵀ q → dProjected
 * each added to the rows of its token and of its position.
 */
export function attendGradient(plan: Plan, tokens: usize): void {
  const seqLen = plan.seqLen, wide = plan.wide, headWide = plan.headWide;
  const pairWide = 2 * plan.heads * headWide, rowWide = 3 * plan.heads * headWide;
  const seqWide = (seqLen + 3) & ~3, allWide = plan.heads * seqWide;
  const rows = plan.vocab + seqLen;
  multiplyTransposed(
    seqLen, allWide, wide, 1, plan.dResidual, wide, plan.values, plan.valueWide, plan.dAttention, allWide,
  );
  for (let head = 0; head < plan.heads; head++) {
    const attention = at(plan.attention, head * seqWide);
    scatterValues(
      plan, tokens, attention, allWide, at(plan.dFolded, head * rows * wide), at(plan.batchFolded, head * seqLen * wide),
    );
    const dAttention = at(plan.dAttention, head * seqWide);
    softmaxGradient(seqLen, seqLen, plan.scale, attention, dAttention, allWide);
    const queries = head * headWide, keys = (plan.heads + head) * headWide;
    multiply(
      seqLen, headWide, seqLen, dAttention, allWide, 1,
      at(plan.queriesKeys, keys), pairWide, at(plan.dQueriesKeys, queries), pairWide, false,
    );
    multiply(
      seqLen, headWide, seqLen, dAttention, 1, allWide,
      at(plan.queriesKeys, queries), pairWide, at(plan.dQueriesKeys, keys), pairWide, false,
    );
  }
  for (let s = 0; s < seqLen; s++) {
    const row = at(plan.dQueriesKeys, s * pairWide);
    const token = at(plan.dProjected, load<i32>(at(tokens, s)) * rowWide);
    addRowToBoth(token, at(plan.batchProjected, s * pairWide), row, pairWide);
  }
}

/**
 * dFolded[t_s] and dFolded[vocab + s] += Σ_r A[r, s] · dResidual[r], four positions s and eight columns at a time: what
 * is added never leaves the registers. The columns of A past seqLen are 0, and so is what they would add.
 */
function scatterValues(plan: Plan, tokens: usize, attention: usize, stride: i32, dFolded: usize, batch: usize): void {
  const seqLen = plan.seqLen, last = seqLen - 1, wide = plan.wide, dResidual = plan.dResidual;
  const width = <usize>wide << 2, step = <usize>stride << 2;
  for (let s = 0; s < seqLen; s += 4) {
    const s1 = min(s + 1, last), s2 = min(s + 2, last), s3 = min(s + 3, last);
    let token0 = at(dFolded, load<i32>(at(tokens, s)) * wide), position0 = at(batch, s * wide);
    let token1 = at(dFolded, load<i32>(at(tokens, s1)) * wide), position1 = at(batch, s1 * wide);
    let token2 = at(dFolded, load<i32>(at(tokens, s2)) * wide), position2 = at(batch, s2 * wide);
    let token3 = at(dFolded, load<i32>(at(tokens, s3)) * wide), position3 = at(batch, s3 * wide);
    for (let column = dResidual, end = dResidual + width; column < end; column += 32) {
      let d00 = f32x4.splat(0), d01 = d00, d10 = d00, d11 = d00, d20 = d00, d21 = d00, d30 = d00, d31 = d00;
      let row = column, weight = at(attention, s);
      for (let left = seqLen; left > 0; left--) {
        const x = v128.load(row), y = v128.load(row, 16);
        let w = v128.load32_splat(weight);
        d00 = mulAdd(w, x, d00); d01 = mulAdd(w, y, d01);
        w = v128.load32_splat(weight, 4);
        d10 = mulAdd(w, x, d10); d11 = mulAdd(w, y, d11);
        w = v128.load32_splat(weight, 8);
        d20 = mulAdd(w, x, d20); d21 = mulAdd(w, y, d21);
        w = v128.load32_splat(weight, 12);
        d30 = mulAdd(w, x, d30); d31 = mulAdd(w, y, d31);
        row += width; weight += step;
      }
      // One after the other: two positions may hold the same token.
      addTo(token0, d00, d01); addTo(position0, d00, d01);
      addTo(token1, d10, d11); addTo(position1, d10, d11);
      addTo(token2, d20, d21); addTo(position2, d20, d21);
      addTo(token3, d30, d31); addTo(position3, d30, d31);
      token0 += 32; token1 += 32; token2 += 32; token3 += 32;
      position0 += 32; position1 += 32; position2 += 32; position3 += 32;
    }
  }
}

@inline
function addTo(target: usize, first: v128, second: v128): void {
  v128.store(target, f32x4.add(v128.load(target), first));
  v128.store(target, f32x4.add(v128.load(target, 16), second), 16);
}

@inline
export function addTwo(target: usize, a: usize, b: usize, count: i32): void {
  for (; count > 0; count -= 4) {
    v128.store(target, f32x4.add(v128.load(a), v128.load(b)));
    target += 16; a += 16; b += 16;
  }
}

@inline
export function addThree(target: usize, a: usize, b: usize, c: usize, count: i32): void {
  for (; count > 0; count -= 4) {
    v128.store(target, f32x4.add(f32x4.add(v128.load(a), v128.load(b)), v128.load(c)));
    target += 16; a += 16; b += 16; c += 16;
  }
}
