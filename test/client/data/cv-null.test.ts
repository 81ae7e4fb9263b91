/** What chance gives for a series, as a run's full measurements tell it. */
import { describe, expect, it } from 'vitest';
import { departureOf, gaussianNull, lacksNulls } from '../../../client/data/cv-null.js';
import type { MeasuredValue, Measurement } from '../../../shared/measurement.js';

function measured(epoch: number, values: Record<string, MeasuredValue>, sample: Measurement['sample'] = 'fixed') {
  return { epoch, sample, values };
}

const told: MeasuredValue = {
  cv: 0.2,
  valid: 300,
  nulls: { gaussian: { cv: 0.18, sd: 0.01, departure: 2 }, shuffled: { cv: 0.19, sd: 0.02, departure: 0.5 } },
};
const silent: MeasuredValue = { cv: 0.2, valid: 300 };

describe('what chance gives', () => {
  it('is the Gaussian null of the first measurement on the fixed sample that tells one', () => {
    const measurements = [
      measured(0, { emb: silent }, 'script'),
      measured(0, { emb: silent }),
      measured(5, { emb: told }),
    ];
    expect(gaussianNull(measurements, 'emb')).toMatchObject({ cv: 0.18, sd: 0.01 });
  });

  it('is not known while measurements load, and none where none was told', () => {
    expect(gaussianNull(undefined, 'emb')).toBeUndefined();
    expect(gaussianNull([], 'emb')).toBeNull();
    expect(gaussianNull([measured(0, { emb: silent })], 'emb')).toBeNull();
    expect(gaussianNull([measured(0, { emb: told }, 'script')], 'emb')).toBeNull();
  });

  it('is departed from by standard deviations; by nothing without a null, or one without a spread', () => {
    expect(departureOf(0.2, { cv: 0.18, sd: 0.01 })).toBeCloseTo(2, 12);
    expect(departureOf(0.15, { cv: 0.18, sd: 0.01 })).toBeCloseTo(-3, 12);
    for (const known of [null, undefined, { cv: 0.18, sd: 0 }]) expect(departureOf(0.2, known)).toBeNaN();
  });

  it('is lacked by runs that were measured without it, not by those that are not measured yet', () => {
    expect(lacksNulls([measured(0, { emb: silent })])).toBe(true);
    expect(lacksNulls([measured(0, { emb: told, act_Q_h0: silent })])).toBe(false);
    expect(lacksNulls([measured(0, { emb: { cv: null, valid: null, reason: 'fewer than 5 rows' } })])).toBe(false);
    expect(lacksNulls([])).toBe(false);
    expect(lacksNulls(undefined)).toBe(false);
  });
});
