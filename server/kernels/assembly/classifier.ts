import { addRow, sumLanes } from './lanes';
import { at, Plan } from './plan';

/**
 * features = γ ∘ pooled + β; logits = W features + b; adds the sample's cross-entropy −log softmax(logits)[label] and
 * whether its largest logit (the first of equals) is the label. Leaves the probabilities in `logits`.
 */
export function classify(plan: Plan, label: i32): void {
  const width = <usize>plan.wide << 2;
  for (let j: usize = 0; j < width; j += 16) {
    const scaled = f32x4.mul(v128.load(plan.gamma + j), v128.load(plan.pooled + j));
    v128.store(plan.features + j, f32x4.add(scaled, v128.load(plan.beta + j)));
  }
  let best = 0;
  let largest: f32 = 0;
  for (let c = 0; c < plan.classes; c++) {
    const weights = at(plan.headWeight, c * plan.wide);
    let total = f32x4.splat(0);
    for (let j: usize = 0; j < width; j += 16) {
      total = f32x4.add(total, f32x4.mul(v128.load(plan.features + j), v128.load(weights + j)));
    }
    const logit = sumLanes(total) + load<f32>(at(plan.headBias, c));
    if (c == 0 || logit > largest) {
      largest = logit;
      best = c;
    }
    store<f64>(plan.logits + (<usize>c << 3), <f64>logit);
  }
  const truth = load<f64>(plan.logits + (<usize>label << 3));
  let total: f64 = 0;
  for (let c = 0; c < plan.classes; c++) {
    const e = Math.exp(load<f64>(plan.logits + (<usize>c << 3)) - <f64>largest);
    store<f64>(plan.logits + (<usize>c << 3), e);
    total += e;
  }
  for (let c = 0; c < plan.classes; c++) {
    const slot = plan.logits + (<usize>c << 3);
    store<f64>(slot, load<f64>(slot) / total);
  }
  plan.lossSum += Math.log(total) + <f64>largest - truth;
  plan.correct += i32(best == label);
}

/**
 * From d logits = (probabilities − onehot(label)) / samples to the gradients of W, b, γ, β, and in `dFeatures` the
 * gradient of every position's x̂, which is the same for all: γ ∘ dFeatures / seqLen. Answers that row's mean over dim.
 */
export function classifyGradient(plan: Plan, label: i32): f32 {
  const width = <usize>plan.wide << 2;
  memory.fill(plan.dFeatures, 0, width);
  for (let c = 0; c < plan.classes; c++) {
    const probability = load<f64>(plan.logits + (<usize>c << 3));
    const gradient = <f32>((probability - f64(c == label)) / <f64>plan.samples);
    const factor = f32x4.splat(gradient);
    const weights = at(plan.headWeight, c * plan.wide);
    const dWeights = at(plan.dHeadWeight, c * plan.wide);
    for (let j: usize = 0; j < width; j += 16) {
      const feature = v128.load(plan.features + j);
      v128.store(dWeights + j, f32x4.add(v128.load(dWeights + j), f32x4.mul(factor, feature)));
      const back = f32x4.mul(factor, v128.load(weights + j));
      v128.store(plan.dFeatures + j, f32x4.add(v128.load(plan.dFeatures + j), back));
    }
    const bias = at(plan.dHeadBias, c);
    store<f32>(bias, load<f32>(bias) + gradient);
  }
  addRow(plan.dBeta, plan.dFeatures, plan.wide);
  const share = f32x4.splat(1 / <f32>plan.seqLen);
  let total = f32x4.splat(0);
  for (let j: usize = 0; j < width; j += 16) {
    const d = v128.load(plan.dFeatures + j);
    v128.store(plan.dGamma + j, f32x4.add(v128.load(plan.dGamma + j), f32x4.mul(d, v128.load(plan.pooled + j))));
    const back = f32x4.mul(f32x4.mul(v128.load(plan.gamma + j), d), share);
    v128.store(plan.dFeatures + j, back);
    total = f32x4.add(total, back);
  }
  return <f32>(<f64>sumLanes(total) / <f64>plan.dim);
}
