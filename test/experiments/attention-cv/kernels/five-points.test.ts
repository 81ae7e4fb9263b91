import { expect, it } from 'vitest';
import { Generator, SAVED_WORDS } from '../../../../server/experiments/attention-cv/random.js';
import { loadKernels } from '../../../../server/experiments/attention-cv/kernels/kernels.js';

it.each([5, 6, 10, 64, 512, 2000])(
  'fivePointSets draws the first five of successive whole permutations of %i, and moves the stream as they do',
  (pool) => {
    const samples = 300;
    const { kernels, regions } = loadKernels((arena) => ({
      stream: arena.take(SAVED_WORDS * 4),
      order: arena.takeFloats(pool + 5),
      sets: arena.takeFloats(samples * 5),
    }));
    const generator = new Generator(7);
    // Not at the start of a block of outputs.
    generator.skip(100);
    const stream = regions.stream.integers(kernels).subarray(0, SAVED_WORDS);
    stream.set(generator.save());
    const { stream: s, order, sets } = regions;
    kernels.fivePointSets(s.pointer, pool, samples, order.pointer, sets.pointer);
    const expected = Array.from({ length: samples }, () => [...generator.permutation(pool, 5)]).flat();
    expect([...sets.integers(kernels)].slice(0, samples * 5)).toEqual(expected);
    expect([...stream]).toEqual([...generator.save()]);
  },
);
