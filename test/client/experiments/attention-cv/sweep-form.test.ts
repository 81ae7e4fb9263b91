import { describe, expect, it } from 'vitest';
import { checkSweep } from '../../../../client/experiments/attention-cv/check-sweep.js';
import { listOf, readSweepForm, SWEEP_FIELDS } from '../../../../client/experiments/attention-cv/sweep-fields.js';
import { timeLine } from '../../../../client/experiments/attention-cv/sweep-preview.js';

function form(values: Record<string, string> = {}): Pick<FormData, 'get'> {
  // A box that is not checked is not in the form.
  const texts = SWEEP_FIELDS.filter(({ kind }) => kind !== 'check');
  const usual = Object.fromEntries(texts.map((field) => [field.name, field.usual]));
  return { get: (name) => ({ ...usual, ...values })[name] ?? null };
}
const problems = (values: Record<string, string>) =>
  Object.fromEntries(checkSweep(readSweepForm(form(values))).problems);

describe('the form of a new sweep', () => {
  it('asks for the reference sweep as it stands', () => {
    const { problems: wrong, configs } = checkSweep(readSweepForm(form()));
    expect(wrong.size).toBe(0);
    expect(configs.map(({ dim, heads }) => `${dim}/${heads}`).join(' ')).toBe(
      '64/1 64/2 64/4 64/8 128/1 128/2 128/4 128/8 256/1 256/2 256/4 256/8',
    );
    expect(configs[0]).toMatchObject({ headDim: 64, seed: 42, lr: 0.001, epochs: 50, vocab: 256, sampleSeed: 0 });
  });

  it('takes lists with commas, blanks or semicolons, and leaves the default to what is left empty', () => {
    expect(listOf(' 1, 2;3  4 ')).toEqual([1, 2, 3, 4]);
    expect(readSweepForm(form({ dims: '64 32', name: '  mine ', epochs: '', every: '' }))).toMatchObject({
      dims: [64, 32],
      name: 'mine',
    });
    expect(checkSweep(readSweepForm(form({ epochs: '', every: '' }))).configs[0]).toMatchObject({
      epochs: 50,
      every: 1,
    });
    expect(readSweepForm(form())).not.toHaveProperty('name');
  });

  it('asks for the shuffled null where its box is checked', () => {
    expect(readSweepForm(form())).not.toHaveProperty('nulls');
    expect(readSweepForm(form({ nulls: 'on' }))).toMatchObject({ nulls: ['gaussian', 'shuffled'] });
    expect(problems({ nulls: 'on' })).toEqual({});
  });

  it('asks for further metrics by their names', () => {
    const { configs } = checkSweep(readSweepForm(form({ metrics: 'cv, twonn effective_rank' })));
    expect(configs[0]!.metrics).toEqual(['effective_rank', 'twonn']);
    expect(problems({ metrics: 'rank' })['metrics']).toMatch(/^metrics must be a list of cv, /);
  });

  it('says at each field what is wrong with it, in the server’s words', () => {
    expect(problems({ dims: '64, x', epochs: '1.5', lrs: '0', samples: '3', seeds: '' })).toEqual({
      dims: 'dim must be a whole number from 1 to 1024',
      epochs: 'epochs must be a whole number from 0 to 100000',
      lrs: 'lr must be a number above 0 and at most 10',
      samples: 'samples must be a whole number from 10 to 10000',
      seeds: 'seeds must be a list of 1 to 100 values',
    });
    expect(problems({ dims: '30', heads: '4' })).toEqual({
      heads: 'heads must divide dim: 30 is not divisible by 4',
    });
    expect(problems({ dims: '30', heads: '4', epochs: '-1' })).toEqual({
      epochs: 'epochs must be a whole number from 0 to 100000',
      heads: 'heads must divide dim: 30 is not divisible by 4',
    });
    const many = Array.from({ length: 42 }, (_, index) => index).join();
    expect(problems({ seeds: many })).toEqual({ dims: 'a sweep has at most 500 configs, this one has 504' });
  });

  it('counts repeated values once and every combination', () => {
    const { configs } = checkSweep(readSweepForm(form({ dims: '64, 64', heads: '1 2', seeds: '1 2 3', lrs: '0.1' })));
    expect(configs).toHaveLength(6);
  });

  it('says how long it will take by the server’s word, how many at a time, or that nobody knows', () => {
    expect(timeLine(12, { etaSeconds: 130, before: 0, workers: 2 })).toBe('done in about 2 min 10 s, 2 at a time');
    expect(timeLine(12, { etaSeconds: 130, before: 5, workers: 2 })).toBe(
      'done in about 2 min 10 s, 2 at a time, the 5 runs before it included',
    );
    expect(timeLine(3, { etaSeconds: 4, before: 1, workers: 1 })).toBe(
      'done in about 4 s, one after the other, the run before it included',
    );
    expect(timeLine(1, { etaSeconds: 4, before: 0, workers: 8 })).toBe('done in about 4 s');
    expect(timeLine(2, { etaSeconds: 4, before: 0, workers: 8 })).toBe('done in about 4 s, 2 at a time');
    expect(timeLine(2, { before: 0, workers: 2 })).toBe('nothing was trained yet that would tell how long it takes');
    expect(timeLine(2, undefined)).toBe('');
  });
});
