import { expect, test } from 'vitest';
import { Pace } from '../../server/sweep/pace.js';

test('there is no ETA before two epochs are trained', () => {
  const pace = new Pace(1);
  expect(pace.etaSeconds(10)).toBeUndefined();
  pace.add(0, 0.5);
  pace.add(1, 1);
  expect(pace.etaSeconds(10)).toBeUndefined();
  pace.add(2, 2);
  expect(pace.etaSeconds(10)).toBeCloseTo(8 * 0.75, 12);
});

test('the ETA follows the recent epochs, not those of long ago', () => {
  const pace = new Pace(1);
  for (let epoch = 0; epoch <= 100; epoch += 1) pace.add(epoch, epoch <= 50 ? epoch * 10 : 500 + (epoch - 50));
  expect(pace.etaSeconds(110)).toBeCloseTo(10, 12);
});

test('epochs that are measured and epochs that are not count in their proportion', () => {
  const pace = new Pace(50);
  let seconds = 0;
  for (let epoch = 1; epoch <= 200; epoch += 1) pace.add(epoch, (seconds += epoch % 50 === 0 ? 51 : 1));
  expect(pace.etaSeconds(300)).toBeCloseTo(200, 9);
});

test('at the end nothing is left', () => {
  const pace = new Pace(1);
  for (const epoch of [0, 1, 2]) pace.add(epoch, epoch);
  expect(pace.etaSeconds(2)).toBe(0);
});
