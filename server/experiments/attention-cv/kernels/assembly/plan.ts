/**
 * Where everything of one config lies in memory. `pass-plan.ts` writes it; the order of fields is their only contract.
 *
 * wide = dim rounded up to 8, headWide = headDim rounded up to 4; the padding of every row is 0. R = vocab + seqLen rows:
 * row t < vocab belongs to token t, row vocab + s to position s.
 */
@unmanaged
export class Plan {
  samples: i32;
  seqLen: i32;
  vocab: i32;
  classes: i32;
  dim: i32;
  wide: i32;
  heads: i32;
  headWide: i32;
  /** wide, and some more where rows of `values` would push each other out of the cache. */
  valueWide: i32;
  /** 1 / √headDim. */
  scale: f32;
  /** 1 where the long sums of this pass go through float64, else 0. */
  exact: i32;

  /** int32 of every distinct sample: (distinct, seqLen), (distinct), and how often it occurs, (distinct). */
  tokens: usize;
  labels: usize;
  counts: usize;

  /** Inputs of a pass, float32. */
  table: usize; // (R, wide) = [emb; pos]
  inWeight: usize; // (3, heads, headWide, wide)
  outWeight: usize; // (wide, heads, headWide)
  projected: usize; // (R, 3, heads, headWide): queries, keys and values of every table row, without bias
  projectedBias: usize; // (3, heads, headWide)
  folded: usize; // (heads, R, wide): values through the output projection
  foldedBias: usize; // (wide) = out bias + Wₒ · value bias
  gamma: usize; // (wide)
  beta: usize; // (wide)
  headWeight: usize; // (classes, wide)
  headBias: usize; // (classes)

  /** Gradients, shaped as their inputs; added to, so zeroed before a pass. */
  dTable: usize;
  dProjected: usize; // (R, 3, heads, headWide): queries and keys sample by sample, values from dFolded
  dFolded: usize;
  dFoldedBias: usize; // the sum of dTable's rows of positions, not added to
  dGamma: usize;
  dBeta: usize;
  dHeadWeight: usize;
  dHeadBias: usize; // float64

  /**
   * What a batch of samples adds to sums of many terms; 0 between two batches. A sum of few terms that is added to the
   * others at the batch's end loses less than one of all samples.
   */
  batchTable: usize; // (R, wide); rows of tokens hold what several batches add
  batchProjected: usize; // (seqLen, 2, heads, headWide), rows of positions
  batchFolded: usize; // (heads, seqLen, wide), rows of positions
  batchGamma: usize;
  batchBeta: usize;
  batchHeadWeight: usize;

  /** The same sums of an exact pass, float64; where nothing is reserved, no pass is exact. */
  exactTable: usize; // (R, wide)
  exactProjected: usize; // (R, 2, heads, headWide)
  exactFolded: usize; // (heads, R, wide)
  exactGamma: usize; // (wide)
  exactBeta: usize; // (wide)
  exactHeadWeight: usize; // (classes, wide)

  /** Gradients that one product gives whole. */
  dInWeight: usize; // (3, heads, headWide, wide)
  dInBias: usize; // (3, heads, headWide)
  dOutWeight: usize; // (heads, headWide, wide): transposed, and without the value bias' share

  /** Scratch of the dense products. */
  panel: usize; // (PANEL_ROWS, 8)
  transposed: usize; // (3, heads, headWide, R rounded up to 4)

  /** One sample's working rows. */
  queriesKeys: usize; // (seqLen, 2, heads, headWide)
  dQueriesKeys: usize;
  attention: usize; // (seqLen, heads, seqWide), seqWide = seqLen rounded up to 4
  dAttention: usize; // (seqLen, heads, seqWide)
  values: usize; // (heads, seqWide, valueWide): folded, a row for every head and position
  residual: usize; // (seqLen, wide): h + attention output, then x̂
  dResidual: usize;
  rstd: usize; // (seqLen)
  pooled: usize; // (wide): mean over positions of x̂
  features: usize; // (wide): gamma ∘ pooled + beta
  dFeatures: usize; // (wide)
  logits: usize; // (classes), float64

  /** Activations of the first `observed` samples, row = (sample, position); which distinct one each is, int32. */
  observed: i32;
  observedAs: usize;
  actProjected: usize; // (rows, 3, heads, headWide): with bias
  actTable: usize; // (rows, wide): h
  actPost: usize; // (rows, wide)

  /** Results: float64 sum of losses, then int32 number of right answers. */
  lossSum: f64;
  correct: i32;
}

@inline
export function at(base: usize, floats: i32): usize {
  return base + (<usize>floats << 2);
}
