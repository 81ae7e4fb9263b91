import { addRow, mulAdd, sumLanes } from './lanes';
import { at, Plan } from './plan';

/**
 * features = γ ∘ pooled + β; logits = W features + b; adds the sample's cross-entropy −log softmax(logits)[label] and
 * whether its largest logit (the first of equals) is the label, `count` times. Leaves the probabilities in `logits`.
 */
export function classify(plan: Plan, label: i32, count: i32): void {
  const width = <usize>plan.wide << 2;
  const features = plan.features, gamma = plan.gamma, pooled = plan.pooled, beta = plan.beta;
  for (let j: usize = 0; j < width; j += 16) {
    v128.store(features + j, mulAdd(v128.load(gamma + j), v128.load(pooled + j), v128.load(beta + j)));
  }
  let best = 0;
  let largest: f32 = 0;
  for (let c = 0; c < plan.classes; c++) {
    let weight = at(plan.headWeight, c * plan.wide), feature = features;
    let total = f32x4.splat(0), total2 = total;
    for (let left = plan.wide; left > 0; left -= 8) {
      total = mulAdd(v128.load(feature), v128.load(weight), total);
      total2 = mulAdd(v128.load(feature, 16), v128.load(weight, 16), total2);
      weight += 32; feature += 32;
    }
    const logit = sumLanes(f32x4.add(total, total2)) + load<f32>(at(plan.headBias, c));
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
  plan.lossSum += <f64>count * (Math.log(total) + <f64>largest - truth);
  if (best == label) plan.correct += count;
}

/**
 * From d logits = count · (probabilities − onehot(label)) / samples to the gradients of W, b, γ, β, and in `dFeatures` the
 * gradient of every position's x̂, which is the same for all: γ ∘ dFeatures / seqLen. Answers that row's mean over dim.
 */
export function classifyGradient(plan: Plan, label: i32, count: i32): f32 {
  const share = <f64>count / <f64>plan.samples;
  const width = <usize>plan.wide << 2;
  const features = plan.features, dFeatures = plan.dFeatures;
  memory.fill(dFeatures, 0, width);
  for (let c = 0; c < plan.classes; c++) {
    const probability = load<f64>(plan.logits + (<usize>c << 3));
    const gradient = <f32>((probability - f64(c == label)) * share);
    const factor = f32x4.splat(gradient);
    let weight = at(plan.headWeight, c * plan.wide), dWeight = at(plan.batchHeadWeight, c * plan.wide);
    let feature = features, dFeature = dFeatures;
    for (let left = plan.wide; left > 0; left -= 4) {
      v128.store(dWeight, mulAdd(factor, v128.load(feature), v128.load(dWeight)));
      v128.store(dFeature, mulAdd(factor, v128.load(weight), v128.load(dFeature)));
      weight += 16; dWeight += 16; feature += 16; dFeature += 16;
    }
    const bias = plan.dHeadBias + (<usize>c << 3);
    store<f64>(bias, load<f64>(bias) + <f64>gradient);
  }
  addRow(plan.batchBeta, dFeatures, plan.wide);
  const gamma = plan.gamma, dGamma = plan.batchGamma, pooled = plan.pooled;
  const perPosition = f32x4.splat(1 / <f32>plan.seqLen);
  let total = f32x4.splat(0);
  for (let j: usize = 0; j < width; j += 16) {
    const d = v128.load(dFeatures + j);
    v128.store(dGamma + j, mulAdd(d, v128.load(pooled + j), v128.load(dGamma + j)));
    const back = f32x4.mul(f32x4.mul(v128.load(gamma + j), d), perPosition);
    v128.store(dFeatures + j, back);
    total = f32x4.add(total, back);
  }
  return <f32>(<f64>sumLanes(total) / <f64>plan.dim);
}
