import { addThree, addTwo, attend, attendGradient } from './attention';
import { classify, classifyGradient } from './classifier';
import { addRow, addRowToBoth, moveRow, mulAdd } from './lanes';
import { normalise, normaliseGradient } from './layer-norm';
import { moveSample, roundSums } from './exact-sums';
import { at, Plan } from './plan';

/**
 * The sums of tokens' rows, which get a few terms from a batch, are added to those of the pass only after so many
 * samples: each time costs a walk over the whole table, and rounds.
 */
const SAMPLES_OF_TOKENS: i32 = 128;

/**
 * Forward, and with `withGradients` backward, for distinct samples [from, to), one after the other, so that a sample's
 * rows stay in the cache and memory does not grow with their number. One that occurs n times counts n-fold.
 *   h = table[token] + table[vocab + position];  post = LayerNorm(h + attention(h));  logits = W mean(post) + b
 * Adds to lossSum, correct and the gradients of the plan.
 */
export function passSamples(plan: Plan, from: i32, to: i32, withGradients: bool): void {
  for (let sample = from; sample < to; sample++) {
    const tokens = at(plan.tokens, sample * plan.seqLen);
    const label = load<i32>(at(plan.labels, sample));
    const count = load<i32>(at(plan.counts, sample));
    forward(plan, tokens);
    // No distinct sample comes after its first occurrence.
    for (let i = sample; i < plan.observed; i++) {
      if (load<i32>(at(plan.observedAs, i)) == sample) observe(plan, tokens, i);
    }
    classify(plan, label, count);
    if (withGradients) {
      backward(plan, tokens, label, count);
      if (plan.exact != 0) moveSample(plan, tokens);
    }
  }
  if (!withGradients || plan.exact != 0) return;
  addBatch(plan);
  if (to % SAMPLES_OF_TOKENS == 0) addTokens(plan);
}

/** What is left once the last sample has passed with gradients. */
export function completeSums(plan: Plan): void {
  if (plan.exact != 0) roundSums(plan);
  else addTokens(plan);
  // Every row of h has one position, and the bias is added to each.
  memory.fill(plan.dFoldedBias, 0, <usize>plan.wide << 2);
  for (let s = 0; s < plan.seqLen; s++) addRow(plan.dFoldedBias, at(plan.dTable, (plan.vocab + s) * plan.wide), plan.wide);
}

function forward(plan: Plan, tokens: usize): void {
  const seqLen = plan.seqLen, wide = plan.wide;
  for (let s = 0; s < seqLen; s++) {
    const token = load<i32>(at(tokens, s));
    addThree(
      at(plan.residual, s * wide),
      at(plan.table, token * wide),
      at(plan.table, (plan.vocab + s) * wide),
      plan.foldedBias,
      wide,
    );
  }
  attend(plan, tokens);
  memory.fill(plan.pooled, 0, <usize>wide << 2);
  for (let s = 0; s < seqLen; s++) {
    const row = at(plan.residual, s * wide);
    store<f32>(at(plan.rstd, s), normalise(row, plan.dim, wide));
    addRow(plan.pooled, row, wide);
  }
  const share = f32x4.splat(1 / <f32>seqLen);
  for (let j: usize = 0, end = <usize>wide << 2; j < end; j += 16) {
    v128.store(plan.pooled + j, f32x4.mul(v128.load(plan.pooled + j), share));
  }
}

function backward(plan: Plan, tokens: usize, label: i32, count: i32): void {
  const wide = plan.wide;
  const gradientMean = classifyGradient(plan, label, count);
  for (let s = 0; s < plan.seqLen; s++) {
    const row = at(plan.dResidual, s * wide);
    const xHat = at(plan.residual, s * wide);
    const rstd = load<f32>(at(plan.rstd, s));
    normaliseGradient(row, xHat, rstd, plan.dFeatures, gradientMean, plan.dim, wide);
    const token = at(plan.batchTable, load<i32>(at(tokens, s)) * wide);
    addRowToBoth(token, at(plan.batchTable, (plan.vocab + s) * wide), row, wide);
  }
  attendGradient(plan, tokens);
}

/** Adds the sums of tokens' rows to those of the pass, and clears them. */
function addTokens(plan: Plan): void {
  moveRow(plan.dTable, plan.batchTable, plan.vocab * plan.wide);
}

/** Adds the batch's other sums to those of the pass, and clears them. */
function addBatch(plan: Plan): void {
  const seqLen = plan.seqLen, wide = plan.wide, rows = plan.vocab + seqLen;
  const pairWide = 2 * plan.heads * plan.headWide, rowWide = 3 * plan.heads * plan.headWide;
  moveRow(at(plan.dTable, plan.vocab * wide), at(plan.batchTable, plan.vocab * wide), seqLen * wide);
  for (let head = 0; head < plan.heads; head++) {
    moveRow(at(plan.dFolded, (head * rows + plan.vocab) * wide), at(plan.batchFolded, head * seqLen * wide), seqLen * wide);
  }
  for (let s = 0; s < seqLen; s++) {
    moveRow(at(plan.dProjected, (plan.vocab + s) * rowWide), at(plan.batchProjected, s * pairWide), pairWide);
  }
  moveRow(plan.dGamma, plan.batchGamma, wide);
  moveRow(plan.dBeta, plan.batchBeta, wide);
  moveRow(plan.dHeadWeight, plan.batchHeadWeight, plan.classes * wide);
}

/** Keeps the rows that are measured: q, k, v with bias, h, and post = γ ∘ x̂ + β. */
function observe(plan: Plan, tokens: usize, sample: i32): void {
  const wide = plan.wide;
  const rowWide = 3 * plan.heads * plan.headWide;
  for (let s = 0; s < plan.seqLen; s++) {
    const token = load<i32>(at(tokens, s));
    const position = plan.vocab + s;
    const row = sample * plan.seqLen + s;
    addThree(
      at(plan.actProjected, row * rowWide),
      at(plan.projected, token * rowWide),
      at(plan.projected, position * rowWide),
      plan.projectedBias,
      rowWide,
    );
    addTwo(at(plan.actTable, row * wide), at(plan.table, token * wide), at(plan.table, position * wide), wide);
    const post = at(plan.actPost, row * wide);
    const xHat = at(plan.residual, s * wide);
    for (let j: usize = 0, end = <usize>wide << 2; j < end; j += 16) {
      v128.store(post + j, mulAdd(v128.load(plan.gamma + j), v128.load(xHat + j), v128.load(plan.beta + j)));
    }
  }
}
