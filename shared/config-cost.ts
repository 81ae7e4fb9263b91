/** What an epoch of one config costs against another's: who trains first, and how long those will take that wait. */
import type { RunConfig } from './sweep.js';

/** Roughly, in no unit: products and tables over the parameters, and attention over the samples. */
export function configCost({ dim, heads, vocab, seqLen, classes, samplesPerClass }: RunConfig): number {
  return dim * (dim * (vocab + seqLen) * 4 + classes * samplesPerClass * seqLen * seqLen * heads);
}
