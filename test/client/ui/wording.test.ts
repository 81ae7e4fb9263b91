/** How numbers, times, runs and grids are written. */
import { describe, expect, it } from 'vitest';
import {
  formatAccuracy,
  formatCv,
  formatDuration,
  formatLoss,
  formatShortDuration,
  formatTaken,
} from '../../../client/ui/numbers.js';
import { formatBand } from '../../../client/charts/band.js';
import { keptLine, lossOfRun, lossOfSweep, shareDone, stepWords } from '../../../client/runs/run-words.js';
import { runLabel, sweepLine } from '../../../client/runs/run-lines.js';
import { OWN_GROUP } from '../../../client/data/run-list.js';
import { REFERENCE } from '../../../shared/experiments/attention-cv/reference.js';
import type { Run, Sweep } from '../../../shared/run.js';
import { testConfig } from '../../support/test-config.js';
import { testRun } from '../../support/test-run.js';

const { dims, heads, seeds, lrs, ...rest } = REFERENCE;
const reference = {
  id: 'reference',
  experiment: 'attention-cv',
  spec: { ...rest, dims: [...dims], heads: [...heads], seeds: [...seeds], lrs: [...lrs] },
} as unknown as Sweep;

describe('numbers', () => {
  it('keep their digits while they change, and show a dash for none', () => {
    expect([2.3495, 0.03, 0.0029].map(formatLoss)).toEqual(['2.3495', '0.0300', '0.0029']);
    expect([formatLoss(NaN), formatAccuracy(NaN), formatCv(NaN)]).toEqual(['–', '–', '–']);
    expect([formatLoss(0.00002), formatLoss(12345), formatLoss(0)]).toEqual(['2.0e-5', '1.2e4', '0.0000']);
    expect([0.988, 1, 0.056].map(formatAccuracy)).toEqual(['98.8', '100.0', '5.6']);
  });

  it('write the edges of a band to two decimals, and to those that one has', () => {
    expect(formatBand({ low: 0.13, high: 0.3 })).toBe('0.13 – 0.30');
    expect(formatBand({ low: 0.125, high: 1 })).toBe('0.125 – 1.00');
  });

  it('say times in the units that matter', () => {
    expect([3.4, 59.6, 250, 7500, 180_000].map(formatDuration)).toEqual([
      '3 s',
      '1 min',
      '4 min 10 s',
      '2 h 5 min',
      '2 d 2 h',
    ]);
    expect([0.04, 0.31, 9.9, 9.96, 250].map(formatTaken)).toEqual(['0.0 s', '0.3 s', '9.9 s', '10 s', '4 min 10 s']);
    expect([3, 250, 7500].map(formatShortDuration)).toEqual(['3 s', '4 min', '2 h']);
  });
});

describe('runs and sweeps', () => {
  const run = (attempt: number) =>
    testRun('a', 's', { attempt, config: testConfig({ dim: 64, heads: 4, seed: 7, lr: 0.01 }) });

  it('are told apart by what differs, and by nothing else', () => {
    expect(runLabel(run(1), reference)).toEqual({ main: '64 × 4', more: '' });
    const seeded = { ...reference, spec: { ...reference.spec, seeds: [1, 7] } };
    expect(runLabel(run(2), seeded)).toEqual({ main: '64 × 4', more: 'seed 7 · attempt 2' });
  });

  it('are called as another program has called them', () => {
    const external = { ...run(2), source: 'external', name: 'resnet', config: {} } as unknown as Run;
    expect(runLabel(external, undefined)).toEqual({ main: 'resnet', more: 'attempt 2' });
    expect(sweepLine(OWN_GROUP)).toBe('not made by a sweep');
  });

  it('say how far they are, and only that where nobody knows how far they go', () => {
    expect(stepWords({ stepName: 'epoch', total: 50 }, 12)).toBe('epoch 12 of 50');
    expect(stepWords({ stepName: 'step', total: null }, 120)).toBe('step 120');
    expect(shareDone({ status: 'running', total: null }, 120)).toBe(0);
    expect(shareDone({ status: 'running', total: 240 }, 120)).toBe(0.5);
    expect(shareDone({ status: 'completed', total: 0 }, 0)).toBe(1);
  });

  it('say what a run that failed has left, and what to do', () => {
    expect(keptLine({ status: 'failed', step: 13, stepName: 'epoch' })).toBe(
      'epochs up to 13 are kept, resume goes on',
    );
    for (const code of ['mismatch', 'conflict'] as const) {
      const error = { code, message: 'came out different, or has another engine' };
      expect(keptLine({ status: 'failed', step: 13, stepName: 'epoch', error })).toBe('epochs up to 13 are kept');
    }
    expect(keptLine({ status: 'diverged', step: 3, stepName: 'epoch' })).toBe('epochs up to 3 are kept');
    expect(keptLine({ status: 'diverged', step: 0, stepName: 'epoch' })).toBe('no epoch was trained');
  });

  it('say what goes with them when they are deleted', () => {
    expect(lossOfRun({ step: 1, stepName: 'epoch' })).toMatch(
      /^Its curve of 1 epoch, measurements, checkpoints and log are/,
    );
    expect(lossOfRun({ step: 0, stepName: 'epoch' })).toMatch(/^The run and its log are/);
    expect(lossOfSweep([{ step: 30 }, { step: 12 }])).toMatch(/2 runs of 42 epochs in all/);
    expect(lossOfSweep([{ step: 1 }])).toMatch(/1 run of 1 epoch in all/);
  });

  it('name the grid, and what departs from the original experiment', () => {
    expect(sweepLine(reference)).toBe('dim 64, 128, 256 × heads 1, 2, 4, 8 · 50 epochs · seed 42');
    const other = { ...reference, spec: { ...reference.spec, lrs: [0.01, 0.1], vocab: 99, epochs: 1 } };
    expect(sweepLine(other)).toBe('dim 64, 128, 256 × heads 1, 2, 4, 8 · 1 epoch · seed 42 · lr 0.01, 0.1 · vocab 99');
  });
});
