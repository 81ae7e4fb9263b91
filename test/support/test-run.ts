/** Sweeps and runs as the store keeps them, for tests that do not care what is in them. */
import type { Run } from '../../shared/run.js';
import { seriesNames } from '../../shared/experiments/attention-cv/series.js';
import type { StoredSweep } from '../../server/store/run-store.js';
import { testConfig } from './test-config.js';

const AT = '2026-01-02T03:04:05.000Z';

export function testSweep(id: string): StoredSweep {
  const { dim, heads, headDim: _headDim, seed, lr, ...rest } = testConfig();
  return {
    id,
    experiment: 'attention-cv',
    name: id,
    spec: { dims: [dim], heads: [heads], seeds: [seed], lrs: [lr], ...rest },
    createdAt: AT,
  };
}

export function testRun(id: string, sweepId: string | null, fields: Partial<Run> = {}): Run {
  const config = testConfig(fields.config);
  return {
    ...{ id, source: 'local', experiment: 'attention-cv', sweepId, name: id, notes: '', tags: [], config },
    ...{ status: 'queued', step: 0, total: config.epochs, stepName: 'epoch', attempt: 1 },
    ...{ series: seriesNames(config.heads), engine: null, createdAt: AT, seconds: 0 },
    ...fields,
  };
}
