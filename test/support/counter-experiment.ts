/** An experiment that the page does not know, whose runs have no end and a series by a name that the page does know. */
import { z } from 'zod';
import type { TrainableExperiment } from '../../server/experiments/trainable.js';
import { badInput } from '../../shared/bad-input.js';
import { ok } from '../../shared/errors.js';

interface CounterSpec {
  [field: string]: unknown;
  start: number;
  rates: number[];
}

interface CounterConfig {
  [field: string]: unknown;
  start: number;
  rate: number;
}

const schema = z.object({ start: z.number(), rates: z.array(z.number()) });

export const counter: TrainableExperiment<CounterSpec, CounterConfig> = {
  name: 'counter',
  stepName: 'tick',
  requestSchema: schema,
  parse: (request) => {
    const parsed = schema.safeParse(request);
    return parsed.success ? ok({ spec: parsed.data, name: 'Counting' }) : badInput(parsed.error);
  },
  configs: ({ start, rates }) => rates.map((rate) => ({ start, rate })),
  sweepName: () => 'Counting',
  runName: ({ rate }) => `count by ${rate}`,
  series: () => ['emb'],
  total: () => null,
  maxTotal: 0,
  withTotal: (config) => config,
  cost: () => 1,
  memoryBytes: () => 0,
  measured: () => ({ every: 1, full: [] }),
  stateArrays: {},
  load: () => Promise.resolve(),
  begin: () => {
    throw new Error('it is replayed, never trained');
  },
};
