/** The experiment's name, and the original's numbers: every default of a sweep. Apart from the schema, so that the page need not carry zod. */

/** As runs and requests name the experiment. */
export const ATTENTION_CV = 'attention-cv';

export const REFERENCE = {
  dims: [64, 128, 256],
  heads: [1, 2, 4, 8],
  seeds: [42],
  lrs: [0.001],
  epochs: 50,
  vocab: 256,
  seqLen: 8,
  classes: 10,
  samplesPerClass: 50,
  every: 1,
  samples: 300,
  sampleSeed: 0,
} as const;

/** The 12 configs of the original experiment, as they are asked for. */
export const referenceSweep = {
  ...REFERENCE,
  dims: [...REFERENCE.dims],
  heads: [...REFERENCE.heads],
  seeds: [...REFERENCE.seeds],
  lrs: [...REFERENCE.lrs],
  name: 'Reference sweep',
};
