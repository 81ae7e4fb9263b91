import { describe, expect, it } from 'vitest';
import { distinctSamples, makeDataset } from '../../../server/experiments/attention-cv/dataset.js';
import { Generator } from '../../../server/experiments/attention-cv/random.js';

describe('distinctSamples', () => {
  it('takes samples with the same tokens and class as one, in the order of first occurrence', () => {
    const x = Int32Array.from([3, 1, /**/ 1, 3, /**/ 3, 1, /**/ 3, 1, /**/ 1, 3]);
    const y = Int32Array.from([0, 0, 0, 1, 0]);
    const { x: tokens, y: classes, counts, of } = distinctSamples({ x, y }, 2);
    expect([...tokens]).toEqual([3, 1, 1, 3, 3, 1]);
    expect([...classes]).toEqual([0, 0, 1]);
    expect([...counts]).toEqual([2, 2, 1]);
    expect([...of]).toEqual([0, 1, 0, 2, 1]);
  });

  it('does not take 1 and 23 for 12 and 3', () => {
    expect(distinctSamples({ x: Int32Array.from([1, 23, 12, 3]), y: Int32Array.from([0, 0]) }, 2).y).toHaveLength(2);
  });

  it('finds 460 distinct ones among the 500 of the reference data, from which all can be told', () => {
    const seqLen = 8;
    const shape = { vocab: 256, seqLen, classes: 10, samplesPerClass: 50 };
    const { x, y } = makeDataset(new Generator(42), shape);
    const distinct = distinctSamples({ x, y }, seqLen);
    expect(distinct.y).toHaveLength(460);
    const rebuilt = Array.from(distinct.of, (i) => [
      distinct.y[i],
      ...distinct.x.subarray(i * seqLen, (i + 1) * seqLen),
    ]);
    expect(rebuilt.flat()).toEqual(
      Array.from(y, (label, i) => [label, ...x.subarray(i * seqLen, (i + 1) * seqLen)]).flat(),
    );
  });
});
