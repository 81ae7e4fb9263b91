/** What an epoch of a config costs, with the CVs and the further metrics of its matrices. */
import type { MetricName } from '../../geometry/catalogue.js';
import { matrixShape, metricTargets } from './series.js';
import type { RunConfig } from './sweep.js';

type CostShape = Omit<RunConfig, 'seed' | 'lr' | 'epochs' | 'headDim' | 'sampleSeed'> & { epochs?: number };

/**
 * Microseconds of one core on the engine wasm, CVs spread over `every`: products over the table of tokens and positions,
 * over the samples' rows, of attention with its values folded into the heads; softmax; the classifier; measuring. Fitted
 * to 34 configs that differ in one size or two, all but one within an eighth; elsewhere the ratios are of use.
 */
export function configCost(config: CostShape): number {
  const { dim, heads, vocab, seqLen, classes, samplesPerClass, every, samples, nulls = [], epochs = 50 } = config;
  const sequences = classes * samplesPerClass;
  const rows = sequences * seqLen;
  const tables = 7.2e-4 * (vocab + seqLen) * dim * dim;
  const perRow = 5.4e-3 * rows * dim;
  const attention = rows * seqLen * heads * (2.0e-4 * dim + 5.9e-3);
  const classifier = 7.4e-4 * sequences * classes * dim;
  const measurement = 1.3e-3 * samples * dim * (8 + 4 * heads);
  const measuring = measurement / every;
  const shuffled = nulls.includes('shuffled') ? (SHUFFLED_MEASUREMENTS * measurement) / Math.max(1, epochs) : 0;
  return 670 + tables + perRow + attention + classifier + measuring + shuffled + metricsCost(config) / every;
}

/** A hundred clouds at each of three epochs; putting the entries in another order costs as much again. */
const SHUFFLED_MEASUREMENTS = 2 * 300;

/** Metrics of one matrix that need its singular values, or those of it with its columns centred, share them. */
const OF_SINGULAR_VALUES: ReadonlySet<MetricName> = new Set([
  'effective_rank',
  'stable_rank',
  'condition_number',
  'spectral_entropy',
  'power_law',
]);
const OF_CENTRED_VALUES: ReadonlySet<MetricName> = new Set(['participation_ratio', 'anisotropy', 'isoscore']);

/** Microseconds of one measurement: by the leading products of each method, timed at 256 × 256 and 512 × 256. */
function metricsCost(config: CostShape): number {
  const shared = new Set<string>();
  let cost = 0;
  for (const { matrix, metric } of metricTargets(config)) {
    const { rows, columns } = matrixShape(matrix, config);
    const [least, most] = [Math.min(rows, columns), Math.max(rows, columns)];
    const isCentred = OF_CENTRED_VALUES.has(metric);
    if (isCentred || OF_SINGULAR_VALUES.has(metric)) {
      const values = `${matrix} ${isCentred}`;
      if (!shared.has(values)) cost += 6.5e-4 * least * least * (3 * most - least);
      shared.add(values);
    } else if (metric === 'cka_previous' || metric === 'cka_initial') cost += 1.2e-3 * least * rows * columns;
    else if (metric === 'twonn') cost += 5e-4 * rows * rows * columns;
    else if (metric.startsWith('cv_')) cost += 5e-4 * config.samples * columns * Number(metric.slice(3)) ** 2;
    else cost += 1e-2 * rows * columns;
  }
  return cost;
}
