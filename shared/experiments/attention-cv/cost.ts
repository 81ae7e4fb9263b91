/** What an epoch of one config costs against another's: who trains first, and how long those will take that wait. */
import type { RunConfig } from './sweep.js';

/**
 * Microseconds of one core on the engine wasm, CVs spread over `every`: products over the table of tokens and positions,
 * over the samples' rows, of attention with its values folded into the heads; softmax; the classifier; measuring. Fitted
 * to 34 configs that differ in one size or two, all but one within an eighth; elsewhere the ratios are of use.
 */
export function configCost(config: Omit<RunConfig, 'seed' | 'lr' | 'epochs' | 'headDim' | 'sampleSeed'>): number {
  const { dim, heads, vocab, seqLen, classes, samplesPerClass, every, samples } = config;
  const sequences = classes * samplesPerClass;
  const rows = sequences * seqLen;
  const tables = 7.2e-4 * (vocab + seqLen) * dim * dim;
  const perRow = 5.4e-3 * rows * dim;
  const attention = rows * seqLen * heads * (2.0e-4 * dim + 5.9e-3);
  const classifier = 7.4e-4 * sequences * classes * dim;
  const measuring = (1.3e-3 * samples * dim * (8 + 4 * heads)) / every;
  return 670 + tables + perRow + attention + classifier + measuring;
}
