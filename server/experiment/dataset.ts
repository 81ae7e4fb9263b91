/** The experiment's data: one random token pattern per class, samples with a quarter of it replaced, shuffled once. */
import type { RunConfig } from '../../shared/sweep.js';
import type { Generator } from './random.js';

const REPLACED_SHARE = 0.25;

export interface Dataset {
  /** Tokens, (samples, seqLen). */
  x: Int32Array;
  /** Class of each sample. */
  y: Int32Array;
}

type DataShape = Pick<RunConfig, 'vocab' | 'seqLen' | 'classes' | 'samplesPerClass'>;

/** Draws from `generator`, which the reference seeds with the run's seed just before. */
export function makeDataset(generator: Generator, { vocab, seqLen, classes, samplesPerClass }: DataShape): Dataset {
  const patterns = Int32Array.from({ length: classes * seqLen }, () => generator.below(vocab));
  const total = classes * samplesPerClass;
  const inClassOrder = new Int32Array(total * seqLen);
  for (let sample = 0; sample < total; sample++) {
    const label = Math.floor(sample / samplesPerClass);
    const row = inClassOrder.subarray(sample * seqLen, (sample + 1) * seqLen);
    row.set(patterns.subarray(label * seqLen, (label + 1) * seqLen));
    // The whole mask is drawn before the first replacement.
    const replaced = Array.from(row, () => generator.unit32() < REPLACED_SHARE);
    replaced.forEach((isReplaced, position) => {
      if (isReplaced) row[position] = generator.below(vocab);
    });
  }
  const order = generator.permutation(total);
  const x = new Int32Array(total * seqLen);
  const y = new Int32Array(total);
  order.forEach((from, to) => {
    x.set(inClassOrder.subarray(from * seqLen, (from + 1) * seqLen), to * seqLen);
    y[to] = Math.floor(from / samplesPerClass);
  });
  return { x, y };
}
