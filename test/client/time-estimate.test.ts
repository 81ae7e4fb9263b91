import { describe, expect, it } from 'vitest';
import { estimateTime, type PastRun, slotsSeen } from '../../client/analysis/time-estimate.js';
import { configCost } from '../../shared/config-cost.js';
import { testConfig } from '../support/test-config.js';

const past = (fields: Partial<PastRun> & { dim?: number } = {}): PastRun => {
  const { dim = 64, ...rest } = fields;
  return { config: testConfig({ dim }), engine: 'wasm', epoch: 10, seconds: 5, status: 'completed', ...rest };
};
const at = (second: number): string => new Date(second * 1000).toISOString();

describe('the time a sweep will take', () => {
  it('is not guessed without a run that was trained', () => {
    expect(estimateTime([testConfig()], [])).toBeUndefined();
    expect(estimateTime([testConfig()], [past({ epoch: 0, seconds: 0 })])).toBeUndefined();
  });

  it('of a config that was trained before is its own pace times the epochs, whatever others took', () => {
    const own = past({ dim: 64, epoch: 20, seconds: 6 });
    const other = past({ dim: 128, epoch: 20, seconds: 600 });
    const estimate = estimateTime([testConfig({ dim: 64, epochs: 50 })], [other, own]);
    expect(estimate?.seconds).toBeCloseTo(15);
    expect(estimate).toMatchObject({ from: 2, atATime: 1 });
  });

  it('of another config is scaled by what an epoch of it costs', () => {
    const config = testConfig({ dim: 128, epochs: 10 });
    const factor = configCost(config) / configCost(testConfig({ dim: 64 }));
    expect(factor).toBeGreaterThan(1.2);
    expect(estimateTime([config], [past({ dim: 64, epoch: 10, seconds: 5 })])?.seconds).toBeCloseTo(5 * factor);
  });

  it('is the geometric mean of what the three nearest suggest', () => {
    const config = testConfig({ dim: 64, epochs: 10, seed: 7, every: 2 });
    const paced = (seconds: number) => past({ config: testConfig({ dim: 64, every: 4 }), epoch: 10, seconds });
    const far = past({ dim: 512, seconds: 9999 });
    const cost = configCost(config) / configCost(testConfig({ dim: 64, every: 4 }));
    expect(estimateTime([config], [far, paced(1), paced(4), paced(16)])?.seconds).toBeCloseTo(4 * cost);
  });

  it('takes the newest run’s engine alone: another one has another pace', () => {
    const slow = past({ engine: 'cpu', seconds: 500, startedAt: at(0) });
    const fast = past({ engine: 'wasm', seconds: 5, startedAt: at(100) });
    expect(estimateTime([testConfig({ dim: 64, epochs: 10 })], [fast, slow])).toMatchObject({ seconds: 5, from: 1 });
  });

  it('is shared among the slots that were seen, and never shorter than the longest run', () => {
    const two = [past({ startedAt: at(0), endedAt: at(5) }), past({ startedAt: at(1), endedAt: at(6) })];
    const configs = [1, 2, 3, 4].map((seed) => testConfig({ dim: 64, epochs: 10, seed }));
    expect(estimateTime(configs, two)).toMatchObject({ seconds: 10, each: [5, 5, 5, 5], atATime: 2 });
    const uneven = [testConfig({ dim: 64, epochs: 90 }), testConfig({ dim: 64, epochs: 10 })];
    expect(estimateTime(uneven, two)?.seconds).toBe(45);
    expect(estimateTime([testConfig({ dim: 64, epochs: 10 })], two)?.atATime).toBe(1);
  });
});

describe('the slots that were seen', () => {
  it('are the most runs in training at one moment, then or now', () => {
    const spans = [
      [0, 5],
      [5, 10],
      [1, 6],
    ].map(([from, to]) => past({ startedAt: at(from!), endedAt: at(to!) }));
    expect(slotsSeen(spans)).toBe(2);
    expect(slotsSeen(['running', 'running', 'pausing'].map((status) => past({ status } as Partial<PastRun>)))).toBe(3);
    expect(slotsSeen([])).toBe(1);
  });

  it('count no run that begins while another only winds up', () => {
    const spans = [past({ startedAt: at(0), endedAt: at(20) }), past({ startedAt: at(19), endedAt: at(40) })];
    expect(slotsSeen(spans.map((run) => ({ ...run, seconds: 20 })))).toBe(1);
  });

  it('count no run that was paused for most of its time', () => {
    const spans = [past({ startedAt: at(0), endedAt: at(5) }), past({ startedAt: at(0), endedAt: at(3600) })];
    expect(slotsSeen(spans)).toBe(1);
  });
});

describe('what an epoch costs', () => {
  it('grows with dim up to its square, and falls when CVs are measured less often', () => {
    const reference = { heads: 4, vocab: 256, seqLen: 8, classes: 10, samplesPerClass: 50, every: 1, samples: 300 };
    const ratio = configCost({ ...reference, dim: 256 }) / configCost({ ...reference, dim: 128 });
    expect(ratio).toBeGreaterThan(2);
    expect(ratio).toBeLessThan(4);
    expect(configCost({ ...reference, dim: 64, every: 10 })).toBeLessThan(configCost({ ...reference, dim: 64 }));
  });
});
