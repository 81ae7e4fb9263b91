/** What becomes of a measurement that is stored when it is made again. */
import { expect, test } from 'vitest';
import { withNullsOf } from '../../server/scheduling/execution.js';
import type { Measurement, NullDeparture } from '../../shared/measurement.js';

const chance = (cv: number): NullDeparture => ({ cv, sd: 0.1, departure: 1 });
const measurement = (values: Measurement['values']): Measurement => ({ epoch: 50, sample: 'fixed', values });

test('takes the nulls that were not told before, and nothing else', () => {
  const known = measurement({
    emb: { cv: 0.2, valid: 300, nulls: { gaussian: chance(0.1) }, metrics: { stable_rank: { value: 3 } } },
    Q_h0: { cv: null, valid: null, reason: 'fewer than 5 rows' },
  });
  const again = measurement({
    emb: { cv: 0.2, valid: 300, nulls: { gaussian: chance(0.11), shuffled: chance(0.12) } },
    Q_h0: { cv: null, valid: null, reason: 'fewer than 5 rows' },
    unknown: { cv: 0.3, valid: 300, nulls: { gaussian: chance(0.1) } },
  });
  expect(withNullsOf(known, again)).toEqual(
    measurement({
      emb: { ...known.values.emb!, nulls: { gaussian: chance(0.1), shuffled: chance(0.12) } },
      Q_h0: known.values.Q_h0!,
    }),
  );
});

test('stays as it is where the new one tells no more', () => {
  const told = measurement({ emb: { cv: 0.2, valid: 300, nulls: { gaussian: chance(0.1), shuffled: chance(0.1) } } });
  const less = measurement({ emb: { cv: 0.2, valid: 300, nulls: { gaussian: chance(0.1) } } });
  expect(withNullsOf(told, less)).toBeNull();
  expect(withNullsOf(measurement({ emb: { cv: 0.2, valid: 300 } }), less)).toEqual(less);
});
