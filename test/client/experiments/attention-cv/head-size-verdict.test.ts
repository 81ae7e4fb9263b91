/** Which head sizes are in the band by the mean of their runs, and what the head-size view says of it. */
// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { headSizeVerdicts, type SizedValue } from '../../../../client/experiments/attention-cv/head-size-verdict.js';
import { quantity } from '../../../../client/experiments/attention-cv/quantity.js';
import { verdicts } from '../../../../client/experiments/attention-cv/head-size-effects.js';
import {
  verdictSentence,
  type VerdictWords,
  verdictWords,
} from '../../../../client/experiments/attention-cv/verdict-words.js';
import { BAND } from '../../../../shared/experiments/attention-cv/series.js';
import { DIMS, referenceLines } from '../../../support/reference-lines.js';

const value = (dim: number, headDim: number, cv: number, se: number | null = 0.01, measured = true): SizedValue => ({
  ...{ dim, headDim, value: cv, error: se === null ? null : { value: se, measured } },
});
const words = (values: SizedValue[], headDims: number[], when = 'epoch 12'): VerdictWords =>
  verdictWords(headSizeVerdicts(values, BAND), headDims, BAND, when);
const partsOf = (values: SizedValue[], headDims: number[]): string[] =>
  words(values, headDims).parts.map((part) => part.words);

describe('a head size', () => {
  it('stands where the mean of all its runs stands, each dim by its own', () => {
    const [size] = headSizeVerdicts([value(128, 32, 0.1), value(64, 32, 0.2), value(64, 32, 0.24)], BAND);
    expect(size!.mean).toBeCloseTo(0.18, 12);
    expect([size!.headDim, size!.judgement, size!.differs]).toEqual([32, 'in', true]);
    expect(size!.dims.map(({ dim, mean, judgement }) => [dim, mean, judgement])).toEqual([
      [64, 0.22, 'in'],
      [128, 0.1, 'out'],
    ]);
  });

  it('is undecided within one standard error of an edge, on either side', () => {
    const judged = (cv: number): string | undefined => headSizeVerdicts([value(64, 8, cv, 0.02)], BAND)[0]!.judgement;
    expect([0.1, 0.12, 0.14, 0.16, 0.29, 0.31, 0.33].map(judged)).toEqual([
      ...['out', 'undecided', 'undecided', 'in', 'undecided', 'undecided', 'out'],
    ]);
  });

  it('has an error that runs on one sample do not average out, and none where one of them has none', () => {
    const errorOf = (...errors: (number | null)[]): number | undefined =>
      headSizeVerdicts(
        errors.map((error) => value(64, 8, 0.2, error)),
        BAND,
      )[0]!.error?.value;
    expect(errorOf(0.02, 0.04)).toBeCloseTo(0.03, 12);
    expect(errorOf(0.02, null)).toBeUndefined();
    expect(headSizeVerdicts([value(64, 8, 0.299, null)], BAND)[0]!.judgement).toBe('in');
  });
});

describe('the sentence', () => {
  it('names those in the band first, then the undecided, those outside and those without a value', () => {
    const values = [value(64, 16, 0.2), value(64, 8, 0.5), value(64, 32, 0.305), value(64, 4, 0.4)];
    const said = words(values, [4, 8, 16, 32, 64]);
    expect(said.parts).toEqual([
      { judgement: 'in', words: 'head size 16' },
      { judgement: 'undecided', words: 'undecided: 32' },
      { judgement: 'out', words: 'outside: 4, 8' },
      { judgement: 'none', words: 'no value: 64' },
    ]);
    expect(verdictSentence(said)).toBe(
      'In the band 0.13 – 0.30 at epoch 12: head size 16 · undecided: 32 · outside: 4, 8 · no value: 64.',
    );
  });

  it('says so where all are in the band, none is, or nothing is measured', () => {
    expect(partsOf([value(64, 8, 0.2), value(64, 16, 0.2)], [8, 16])).toEqual(['every head size, 8, 16']);
    expect(partsOf([value(64, 8, 0.2)], [8])).toEqual(['head size 8']);
    expect(partsOf([value(64, 8, 0.5)], [8])).toEqual(['no head size', 'outside: 8']);
    expect(partsOf([], [8])).toEqual(['nothing measured yet']);
  });

  it('tells of each dim only where one differs, dims that say the same together', () => {
    const alike = [value(64, 8, 0.2), value(128, 8, 0.21)];
    expect(words(alike, [8]).dims).toBe('');
    const differing = [...alike, value(256, 8, 0.1), value(512, 8, 0.1), value(64, 16, 0.302)];
    expect(words(differing, [8, 16]).dims).toBe(
      'The dims differ: dim 64 – 8 in, 16 undecided; dim 128 – 8 in; dims 256, 512 – none in',
    );
  });

  it('tells the moment, and whether there are standard errors to decide by', () => {
    const one = [value(64, 8, 0.2)];
    expect(words(one, [8], 'after training, epoch 50').lead).toBe('In the band 0.13 – 0.30 after training, epoch 50');
    expect(words(one, [8], 'epoch 0, before training').lead).toBe(
      'In the band 0.13 – 0.30 at epoch 0, before training',
    );
    expect(words(one, [8]).basis).toMatch(/; undecided: within one standard error of an edge$/);
    const other = value(64, 16, 0.2, null);
    expect(words([...one, other], [8, 16]).basis).toMatch(/edge, where all its runs have one$/);
    expect(words([other], [16]).basis).toMatch(/; no standard errors here/);
    expect(words([value(64, 16, 0.2, 0.01, false)], [16]).basis).toMatch(/; between full measurements .* scaled/);
  });
});

describe('the reference sweep', () => {
  const { lines, columnsOf, measurementsOf } = referenceLines();
  const sentence = (id: string, epoch: number | null): string => {
    const of = { shown: lines, columnsOf, measurementsOf, epoch, band: BAND, dims: DIMS };
    const found = verdicts(quantity(id)!, of);
    return verdictSentence(verdictWords(found, [8, 16, 32, 64, 128, 256], BAND, 'then'));
  };

  it('ends with queries in the band at head sizes 128 and 256, whatever the dim', () => {
    expect(sentence('act_Q', null)).toBe(
      'In the band 0.13 – 0.30 at then: head sizes 128, 256 · undecided: 64 · outside: 8, 16, 32. ' +
        'The dims differ: dim 64 – none in; dim 128 – 128 in, 64 undecided; dim 256 – 128, 256 in, 64 undecided.',
    );
    // Between full measurements the nearest one's error, scaled with the CV, leaves open what it would there.
    expect(sentence('act_Q', 49)).toBe(sentence('act_Q', null));
    expect(sentence('emb', null)).toContain('The dims differ: dim 64 – 8, 16, 32, 64 in; dims 128, 256 – none in.');
  });

  it('has nothing to say of what has no band, and of one head where a run lacks it', () => {
    expect(
      verdicts(quantity('loss')!, { shown: lines, columnsOf, measurementsOf, epoch: null, band: BAND, dims: DIMS }),
    ).toEqual([]);
    expect(sentence('act_Q_h5', null)).toContain('no value: 64, 128, 256');
  });
});
