import { promoteHigh } from './lanes';
import { at, Plan } from './plan';

/**
 * The gradients of an exact pass are summed over the samples in float64: what a sample gave to the rows of its tokens
 * and positions, and to the classifier, is moved to `exact…` once it is complete.
 */
export function moveSample(plan: Plan, tokens: usize): void {
  const seqLen = plan.seqLen, wide = plan.wide, rows = plan.vocab + seqLen;
  const pairWide = 2 * plan.heads * plan.headWide, rowWide = 3 * plan.heads * plan.headWide;
  for (let s = 0; s < seqLen; s++) {
    const token = load<i32>(at(tokens, s)), position = plan.vocab + s;
    moveRow(plan.exactTable, token * wide, at(plan.batchTable, token * wide), wide);
    moveRow(plan.exactTable, position * wide, at(plan.batchTable, position * wide), wide);
    moveRow(plan.exactProjected, token * pairWide, at(plan.dProjected, token * rowWide), pairWide);
    moveRow(plan.exactProjected, position * pairWide, at(plan.batchProjected, s * pairWide), pairWide);
    for (let head = 0; head < plan.heads; head++) {
      const first = head * rows;
      moveRow(plan.exactFolded, (first + token) * wide, at(plan.dFolded, (first + token) * wide), wide);
      moveRow(plan.exactFolded, (first + position) * wide, at(plan.batchFolded, (head * seqLen + s) * wide), wide);
    }
  }
  moveRow(plan.exactGamma, 0, plan.batchGamma, wide);
  moveRow(plan.exactBeta, 0, plan.batchBeta, wide);
  moveRow(plan.exactHeadWeight, 0, plan.batchHeadWeight, plan.classes * wide);
}

/** The sums, rounded once, to where the gradients are expected; they are 0 again. */
export function roundSums(plan: Plan): void {
  const wide = plan.wide, rows = plan.vocab + plan.seqLen;
  const pairWide = 2 * plan.heads * plan.headWide, rowWide = 3 * plan.heads * plan.headWide;
  roundRow(plan.exactTable, 0, plan.dTable, rows * wide);
  roundRow(plan.exactFolded, 0, plan.dFolded, plan.heads * rows * wide);
  for (let row = 0; row < rows; row++) {
    roundRow(plan.exactProjected, row * pairWide, at(plan.dProjected, row * rowWide), pairWide);
  }
  roundRow(plan.exactGamma, 0, plan.dGamma, wide);
  roundRow(plan.exactBeta, 0, plan.dBeta, wide);
  roundRow(plan.exactHeadWeight, 0, plan.dHeadWeight, plan.classes * wide);
}

/** sums[from..from + count) += row, which becomes 0; `sums` float64, `row` float32, `count` a multiple of 4. */
@inline
function moveRow(sums: usize, from: i32, row: usize, count: i32): void {
  let target = sums + (<usize>from << 3);
  for (; count > 0; count -= 4) {
    const x = v128.load(row);
    v128.store(target, f64x2.add(v128.load(target), f64x2.promote_low_f32x4(x)));
    v128.store(target, f64x2.add(v128.load(target, 16), promoteHigh(x)), 16);
    v128.store(row, f32x4.splat(0));
    target += 32; row += 16;
  }
}

/** row = sums[from..from + count), which become 0. */
@inline
function roundRow(sums: usize, from: i32, row: usize, count: i32): void {
  let source = sums + (<usize>from << 3);
  for (; count > 0; count -= 4) {
    const lower = f32x4.demote_f64x2_zero(v128.load(source)), upper = f32x4.demote_f64x2_zero(v128.load(source, 16));
    v128.store(row, v128.shuffle<i32>(lower, upper, 0, 1, 4, 5));
    v128.store(source, f64x2.splat(0));
    v128.store(source, f64x2.splat(0), 16);
    source += 32; row += 16;
  }
}
