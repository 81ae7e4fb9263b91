import { describe, expect, it } from 'vitest';
import { METRICS } from '../../shared/geometry/index.js';
import { seriesNames } from '../../shared/experiments/attention-cv/series.js';
import {
  completeSpec,
  expandSweep,
  referenceSweep,
  sweepSpecSchema,
} from '../../shared/experiments/attention-cv/sweep.js';

const messages = (request: unknown): string[] => {
  const parsed = sweepSpecSchema.safeParse(request);
  return parsed.success ? [] : parsed.error.issues.map(({ message }) => message);
};
const expand = (request: unknown) => expandSweep(completeSpec(sweepSpecSchema.parse(request)));

describe('a sweep', () => {
  it('of the reference is its 12 configs, dims slowest', () => {
    const configs = expand(referenceSweep);
    expect(configs.map(({ dim, heads, headDim }) => `${dim}/${heads}/${headDim}`)).toEqual(
      [64, 128, 256].flatMap((dim) => [1, 2, 4, 8].map((heads) => `${dim}/${heads}/${dim / heads}`)),
    );
    expect(new Set(configs.map(({ seed, lr, epochs }) => `${seed} ${lr} ${epochs}`))).toEqual(new Set(['42 0.001 50']));
  });

  it('is every combination of its lists, each once', () => {
    const configs = expand({ dims: [8, 8], heads: [1, 2], seeds: [1, -1], lrs: [0.1, 0.01, 0.1] });
    expect(configs).toHaveLength(2 * 2 * 2);
    expect(configs.slice(0, 4).map(({ seed, lr }) => [seed, lr])).toEqual([
      [1, 0.1],
      [1, 0.01],
      [-1, 0.1],
      [-1, 0.01],
    ]);
  });

  it('takes a single seed or learning rate, but not both forms of one', () => {
    expect(expand({ dims: [8], heads: [2], seed: 7, lr: 0.5 })[0]).toMatchObject({ seed: 7, lr: 0.5, headDim: 4 });
    expect(messages({ dims: [8], heads: [2], seed: 7, seeds: [8] })).toEqual(['give seed or seeds, not both']);
    expect(messages({ dims: [8], heads: [2], lr: 1, lrs: [1] })).toEqual(['give lr or lrs, not both']);
  });

  it('keeps nulls and metrics where they are others than there are without being asked for, in one order', () => {
    const asked = (fields: object) => expand({ dims: [8], heads: [1], ...fields })[0]!;
    for (const usual of [{}, { nulls: ['gaussian'] }, { nulls: [] }, { metrics: ['cv'] }, { metrics: [] }])
      expect(Object.keys(asked(usual))).toEqual(Object.keys(asked({})));
    expect(Object.keys(asked({}))).not.toContain('nulls');
    expect(asked({ nulls: ['shuffled'] }).nulls).toEqual(['gaussian', 'shuffled']);
    expect(asked({ metrics: ['twonn', 'cv', 'cv_3', 'twonn'] }).metrics).toEqual(['cv_3', 'twonn']);
  });

  it.each([1e7, 5e9])('refuses %s heads at once, without naming their series', (count) => {
    expect(messages({ dims: [count], heads: [count] })).toContain('heads must be a whole number from 1 to 1024');
  });

  it('refuses a metric that there is not, and names those there are', () => {
    const [message] = messages({ dims: [8], heads: [1], metrics: ['rank'] });
    expect(message).toMatch(/^metrics must be a list of cv, cv_3, .*effective_rank.*update_norm$/);
  });

  it.each<[string, unknown, string]>([
    [
      'a null that there is not',
      { dims: [8], heads: [1], nulls: ['bootstrap'] },
      'nulls must be a list of gaussian, shuffled',
    ],
    [
      'more series than a run may have',
      { dims: [256], heads: [256], metrics: METRICS.slice(0, 12).map(({ name }) => name) },
      'a run has at most 20000 series, these metrics would make 21600: choose fewer of them',
    ],
    ['no object', null, 'a sweep must be an object with dims and heads'],
    ['no dims', { heads: [1] }, 'dims must be a list of 1 to 100 values'],
    ['an empty list', { dims: [8], heads: [] }, 'heads must be a list of 1 to 100 values'],
    ['heads 0', { dims: [8], heads: [0] }, 'heads must be a whole number from 1 to 1024'],
    ['heads that do not divide dim', { dims: [63], heads: [2] }, 'heads must divide dim: 63 is not divisible by 2'],
    ['a sequence too long', { dims: [8], heads: [1], seqLen: 513 }, 'seqLen must be a whole number from 1 to 512'],
    ['negative epochs', { dims: [8], heads: [1], epochs: -1 }, 'epochs must be a whole number from 0 to 100000'],
    ['half a sample', { dims: [8], heads: [1], samples: 10.5 }, 'samples must be a whole number from 10 to 10000'],
    ['an unsafe seed', { dims: [8], heads: [1], seed: 2 ** 53 }, 'seed must be a safe integer (−(2^53−1) to 2^53−1)'],
    ['a learning rate of 0', { dims: [8], heads: [1], lr: 0 }, 'lr must be a number above 0 and at most 10'],
    [
      'too much data',
      { dims: [8], heads: [1], classes: 1000, samplesPerClass: 101 },
      'classes × samplesPerClass must be at most 100000',
    ],
  ])('refuses %s and says what is allowed', (_title, request, message) => {
    expect(messages(request)).toEqual([message]);
  });

  it('refuses an unknown field by its name, and lists those there are', () => {
    expect(messages({ dims: [8], heads: [1], epoch: 3 })[0]).toMatch(
      /^a sweep has no field epoch; it has dims, heads, /,
    );
  });

  it('refuses more data, or a grid, than anybody would wait for', () => {
    expect(messages({ dims: [8], heads: [1], seqLen: 512, classes: 10, samplesPerClass: 1251 })).toEqual([
      'classes × samplesPerClass × seqLen must be at most 6400000',
    ]);
    const seeds = Array.from({ length: 100 }, (_, seed) => seed);
    expect(messages({ dims: [8, 16, 32], heads: [1, 2], seeds })).toEqual([
      'a sweep has at most 500 configs, this one has 600',
    ]);
  });
});

describe('what would not fit into a trainer', () => {
  const fewSamples = { classes: 2, samplesPerClass: 10, samples: 10 };

  it.each<[string, Record<string, unknown>, string]>([
    ['parameters', { ...fewSamples, dims: [1024], heads: [1], vocab: 65_536 }, 'vocab'],
    ['tables of many heads', { ...fewSamples, dims: [1024], heads: [1024] }, 'heads'],
    ['attention', { ...fewSamples, dims: [400], heads: [400], seqLen: 512 }, 'seqLen'],
    [
      'a parameter table where nothing else is large',
      { ...fewSamples, dims: [1024], heads: [1], vocab: 10_000, seqLen: 1 },
      'vocab',
    ],
  ])('is refused with the field to blame, and as much of it as is named is allowed: %s', (_what, request, field) => {
    const [message = '', ...others] = messages(request);
    expect(others).toEqual([]);
    const most = Number(new RegExp(`^${field} must be at most (\\d+) here: dim`).exec(message)?.[1]);
    const withMost = (value: number): string[] =>
      messages({ ...request, [field]: field === 'heads' ? [2 ** Math.floor(Math.log2(value))] : value });
    expect(withMost(most)).toEqual([]);
    expect(withMost(field === 'heads' ? 2 * most : most + 1)).not.toEqual([]);
  });

  it('is judged by the largest config of a grid', () => {
    expect(messages({ dims: [8, 1024], heads: [1, 8], vocab: 65_536 })[0]).toMatch(
      /^vocab must be at most \d+ here: dim 1024 with heads 8 may take [\d.]+ GB of memory, a trainer has 2 GB$/,
    );
  });

  it('does not keep the largest config of the README away', () => {
    expect(messages({ dims: [1024], heads: [16], seqLen: 64, classes: 10, samplesPerClass: 500 })).toEqual([]);
  });
});

it('a run has 8 + 7 × heads series, in measuring order', () => {
  expect(seriesNames(1)).toHaveLength(15);
  expect(seriesNames(8)).toHaveLength(64);
  expect(seriesNames(2).slice(3, 8)).toEqual(['V_full', 'Q_h0', 'K_h0', 'V_h0', 'Q_h1']);
});
