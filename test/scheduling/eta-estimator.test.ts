import { expect, test } from 'vitest';
import { EtaEstimator } from '../../server/scheduling/eta-estimator.js';

/** All epochs are measured alike. */
const plain = { every: 1, full: [] };

test('there is no ETA before two epochs are trained', () => {
  const estimator = new EtaEstimator(plain);
  expect(estimator.etaSeconds(10)).toBeUndefined();
  estimator.add(0, 0.5);
  estimator.add(1, 1);
  expect(estimator.etaSeconds(10)).toBeUndefined();
  estimator.add(2, 2);
  expect(estimator.etaSeconds(10)).toBeCloseTo(8 * 0.75, 12);
});

test('the ETA follows the recent epochs, not those of long ago', () => {
  const estimator = new EtaEstimator(plain);
  for (let epoch = 0; epoch <= 100; epoch += 1) estimator.add(epoch, epoch <= 50 ? epoch * 10 : 500 + (epoch - 50));
  expect(estimator.etaSeconds(110)).toBeCloseTo(10, 12);
});

test('epochs that are measured and epochs that are not count in their proportion', () => {
  const estimator = new EtaEstimator({ ...plain, every: 50 });
  let seconds = 0;
  for (let epoch = 1; epoch <= 200; epoch += 1) estimator.add(epoch, (seconds += epoch % 50 === 0 ? 51 : 1));
  expect(estimator.etaSeconds(300)).toBeCloseTo(200, 9);
});

test('at the end nothing is left', () => {
  const estimator = new EtaEstimator(plain);
  for (const epoch of [0, 1, 2]) estimator.add(epoch, epoch);
  expect(estimator.etaSeconds(2)).toBe(0);
});

/** A run as the trainers show it: slow to begin with, uneven, now and then held up, its full measurements dear. */
function simulated(epochs: number, every: number, seed: number): number[] {
  let state = seed;
  const random = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
  let seconds = 0;
  return Array.from({ length: epochs + 1 }, (_, epoch) => {
    const noise = 0.85 + 0.3 * random() + (random() < 0.03 ? 1 : 0);
    const training = epoch === 0 ? 0 : epoch === 1 ? 2 : 1;
    const cvs = epoch % every === 0 ? 0.25 : 0;
    const complete = [0, Math.floor(epochs / 2), epochs].includes(epoch) ? 2.5 : 0;
    const setUp = epoch === 0 ? 1.2 : 0;
    return (seconds += (training + cvs + complete + setUp) * noise);
  });
}

test.each([
  [50, 1],
  [50, 10],
  [200, 1],
  [1000, 20],
])(
  'after a tenth of %i epochs measured every %i, the ETA is less than 20 percent off, and stays so',
  (epochs, every) => {
    for (let seed = 1; seed <= 50; seed++) {
      const seconds = simulated(epochs, every, seed * 7919);
      const estimator = new EtaEstimator({ every, full: [0, Math.floor(epochs / 2), epochs] });
      for (const [epoch, at] of seconds.entries()) {
        estimator.add(epoch, at);
        if (epoch < epochs / 10 || epoch > epochs / 2) continue;
        const left = seconds.at(-1)! - at;
        expect(Math.abs(estimator.etaSeconds(epochs)! / left - 1), `seed ${seed}, epoch ${epoch}`).toBeLessThan(0.2);
      }
    }
  },
);

test('the slow first of many short epochs are soon outweighed', () => {
  const estimator = new EtaEstimator(plain);
  const costs = Array.from({ length: 401 }, (_, epoch) => 0.002 + ([0.02, 0.05, 0.03, 0.01][epoch] ?? 0));
  const all = costs.reduce((sum, cost) => sum + cost);
  let seconds = 0;
  for (const [epoch, cost] of costs.entries()) {
    estimator.add(epoch, (seconds += cost));
    const eta = estimator.etaSeconds(400);
    if (epoch >= 40 && epoch < 200) expect(eta! / (all - seconds), `epoch ${epoch}`).toBeLessThan(1.5);
  }
});

test('the dear measurements in the middle and at the end are expected, from what the one at the start took', () => {
  const estimator = new EtaEstimator({ every: 1, full: [0, 25, 50] });
  for (const [epoch, seconds] of [6, 7, 8, 9, 10, 11].entries()) estimator.add(epoch, seconds);
  // 45 epochs of a second, two of which measure in full: 0.6 of the 5 s that epoch 0 took longer.
  expect(estimator.etaSeconds(50)).toBeCloseTo(45 + 2 * 3, 9);
});

test('short epochs of a trainer that is held up again and again are counted with what holds it up', () => {
  const estimator = new EtaEstimator(plain);
  let seconds = 0;
  const costs: number[] = [];
  // 8 ms of work, and every eighth epoch another process has the core for a fifth of a second.
  for (let epoch = 0; epoch <= 3000; epoch++) costs.push(0.008 + (epoch % 8 === 5 ? 0.2 : 0));
  const all = costs.reduce((sum, cost) => sum + cost);
  for (const [epoch, cost] of costs.entries()) {
    estimator.add(epoch, (seconds += cost));
    if (epoch < 300 || epoch > 2700) continue;
    expect(Math.abs(estimator.etaSeconds(3000)! / (all - seconds) - 1), `epoch ${epoch}`).toBeLessThan(0.1);
  }
});

test('one long wait says nothing about the epochs to come', () => {
  const estimator = new EtaEstimator(plain);
  let seconds = 0;
  for (let epoch = 0; epoch <= 40; epoch++) estimator.add(epoch, (seconds += epoch === 38 ? 60 : 1));
  expect(estimator.etaSeconds(50)).toBeCloseTo(10, 0);
});
