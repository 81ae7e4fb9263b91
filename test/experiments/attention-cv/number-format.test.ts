/** Numbers as Python prints them; the expected texts are Python's answers. */
import { describe, expect, it } from 'vitest';
import { percent, signed, unsigned } from '../../../server/experiments/attention-cv/report.js';

describe('numbers in the report', () => {
  it.each([
    [0.03125, '0.0312'],
    [0.09375, '0.0938'],
    [0.00005, '0.0001'],
    [2.67495, '2.6749'],
    [1e-9, '0.0000'],
    [123456.78905, '123456.7891'],
  ])('round %d to %s: an exact tie to the even digit, everything else to the nearer', (value, text) => {
    expect(unsigned(value, 4)).toBe(text);
  });

  it('carry their sign, also where they round to zero', () => {
    expect([0.1, -0.1, 0, -0, -1e-9].map((value) => signed(value, 4))).toEqual([
      '+0.1000',
      '-0.1000',
      '+0.0000',
      '-0.0000',
      '-0.0000',
    ]);
  });

  it('are percentages of a float32 as the script prints them', () => {
    expect([0.988, 1, 0.00125, null].map((value) => percent(value === null ? null : Math.fround(value)))).toEqual([
      '98.80%',
      '100.00%',
      '0.12%',
      'N/A',
    ]);
  });
});
