/** The experiment's data: one random token pattern per class, samples with a quarter of it replaced, shuffled once. */
import type { RunConfig } from '../../../shared/experiments/attention-cv/sweep.js';
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

/** Equal samples as one. */
export interface DistinctSamples {
  /** Of each distinct sample, in the order of first occurrence: tokens (distinct, seqLen), class, how often it occurs. */
  x: Int32Array;
  y: Int32Array;
  counts: Int32Array;
  /** Which distinct one each sample is. */
  of: Int32Array;
}

/** Samples with the same tokens and class, of which short sequences and small vocabularies have many, as one. */
export function distinctSamples({ x, y }: Dataset, seqLen: number): DistinctSamples {
  const known = new Map<string, number>();
  const firsts: number[] = [];
  const of = Int32Array.from(y, (label, sample) => {
    const key = `${label}:${x.subarray(sample * seqLen, (sample + 1) * seqLen).join()}`;
    const distinct = known.get(key);
    if (distinct !== undefined) return distinct;
    known.set(key, firsts.length);
    return firsts.push(sample) - 1;
  });
  const tokens = new Int32Array(firsts.length * seqLen);
  firsts.forEach((sample, i) => tokens.set(x.subarray(sample * seqLen, (sample + 1) * seqLen), i * seqLen));
  const counts = new Int32Array(firsts.length);
  for (const distinct of of) counts[distinct]! += 1;
  return { x: tokens, y: Int32Array.from(firsts, (sample) => y[sample]!), counts, of };
}
