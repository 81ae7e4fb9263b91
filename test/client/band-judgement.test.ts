/** What is in the band, what its sampling error leaves open, and how the band stands in the address. */
// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { bandCounts, judge } from '../../client/analysis/band-judgement.js';
import { bandCodec } from '../../client/state/band-codec.js';
import { BAND, inBand } from '../../shared/series.js';

describe('a CV', () => {
  it('is in the band strictly between its edges, as in the script', () => {
    for (const cv of [0.05, 0.13, 0.1300001, 0.2, 0.2999999, 0.3, 0.7])
      expect(judge(cv, null, BAND) === 'in').toBe(inBand(cv));
    expect(judge(0.13, null, BAND)).toBe('out');
    expect(judge(0.3, null, BAND)).toBe('out');
  });

  it('is undecided within one standard error of an edge, on either side of it', () => {
    expect(judge(0.134, 0.005, BAND)).toBe('undecided');
    expect(judge(0.126, 0.005, BAND)).toBe('undecided');
    expect(judge(0.31, 0.02, BAND)).toBe('undecided');
    expect(judge(0.136, 0.005, BAND)).toBe('in');
    expect(judge(0.124, 0.005, BAND)).toBe('out');
    // At one standard error exactly it is decided.
    expect(judge(0.25, 0.25, { low: 0, high: 0.5 })).toBe('in');
  });
});

describe('the head sizes in the band', () => {
  it('are counted smallest first', () => {
    const values = [
      { headDim: 64, value: 0.2 },
      { headDim: 8, value: 0.4 },
      { headDim: 64, value: 0.31 },
      { headDim: 16, value: 0.15 },
    ];
    expect(bandCounts(values, BAND)).toEqual([
      { headDim: 8, inside: 0, of: 1 },
      { headDim: 16, inside: 1, of: 1 },
      { headDim: 64, inside: 1, of: 2 },
    ]);
    expect(bandCounts(values, { low: 0.3, high: 0.5 }).map(({ inside }) => inside)).toEqual([1, 0, 1]);
  });
});

describe('the band in the address', () => {
  it('is read as it was written, and left out where it is the usual', () => {
    for (const band of [
      { low: 0, high: 1 },
      { low: 0.1, high: 0.25 },
    ])
      expect(bandCodec.read(bandCodec.write(band))).toEqual(band);
    expect(bandCodec.write({ low: 0.1, high: 0.25 })).toBe('0.1-0.25');
    expect(bandCodec.write({ ...BAND })).toBeNull();
  });

  it('is the usual where what stands there is no band', () => {
    for (const text of [null, '', '0.3', '0.3-0.1', '0.2-0.2', 'a-b', '-1-2', '0.1-0.2-0.3'])
      expect(bandCodec.read(text)).toEqual(BAND);
  });
});
