/** The TypeScript side of `assembly/plan.ts`: reserves a config's memory and writes the plan that kernels read. */
import type { RunConfig } from '../../../../shared/experiments/attention-cv/sweep.js';
import { type Arena, type Kernels, Region } from './kernels.js';

type PassShape = Pick<RunConfig, 'dim' | 'heads' | 'headDim' | 'vocab' | 'seqLen' | 'classes' | 'samplesPerClass'>;

/** Rounded up to four lanes. */
export function lanes(width: number): number {
  return Math.ceil(width / 4) * 4;
}

/** Samples whose activations are measured: enough for 512 rows. */
const OBSERVED_ROWS = 512;

/** What the float64 sums of an exact pass may take at most; a model that needs more has none. */
const MOST_EXACT_BYTES = 64 * 2 ** 20;

/** As in `assembly/multiply-panels.ts`. */
const PANEL_ROWS = 384;

/** In the order of the fields of `Plan`; regions named as there. */
const REGIONS = [
  'tokens',
  'labels',
  'counts',
  'table',
  'inWeight',
  'outWeight',
  'projected',
  'projectedBias',
  'folded',
  'foldedBias',
  'gamma',
  'beta',
  'headWeight',
  'headBias',
  'dTable',
  'dProjected',
  'dFolded',
  'dFoldedBias',
  'dGamma',
  'dBeta',
  'dHeadWeight',
  'dHeadBias',
  'batchTable',
  'batchProjected',
  'batchFolded',
  'batchGamma',
  'batchBeta',
  'batchHeadWeight',
  'exactTable',
  'exactProjected',
  'exactFolded',
  'exactGamma',
  'exactBeta',
  'exactHeadWeight',
  'dInWeight',
  'dInBias',
  'dOutWeight',
  'panel',
  'transposed',
  'queriesKeys',
  'dQueriesKeys',
  'attention',
  'dAttention',
  'values',
  'residual',
  'dResidual',
  'rstd',
  'pooled',
  'features',
  'dFeatures',
  'logits',
] as const;
const OBSERVATIONS = ['observedAs', 'actProjected', 'actTable', 'actPost'] as const;

export type RegionName = (typeof REGIONS)[number] | (typeof OBSERVATIONS)[number];

/** Fields before the first region: eleven of 4 bytes. */
const HEAD_FIELDS = 11;
const OBSERVED_FIELD = HEAD_FIELDS + REGIONS.length;
/** lossSum is a double and so aligned to 8 bytes; `correct` follows it. */
const LOSS_BYTE = Math.ceil(((OBSERVED_FIELD + 1 + OBSERVATIONS.length) * 4) / 8) * 8;
const PLAN_BYTES = LOSS_BYTE + 16;

export class PassPlan {
  readonly samples: number;
  readonly seqLen: number;
  /** Padded row widths in floats: of dim, to a multiple of 8; of headDim, of 4; of queries, keys and values of all heads. */
  readonly wide: number;
  readonly headWide: number;
  readonly rowWide: number;
  /** Rows of the table: vocab + seqLen. */
  readonly rows: number;
  readonly observedSamples: number;
  /** Rows of activations that are measured, min(512, samples · seqLen). */
  readonly observedRows: number;
  readonly regions: Record<RegionName, Region>;
  /** Whether a pass can sum in float64. */
  readonly hasExactPass: boolean;
  readonly #valueWide: number;
  readonly #plan: Region;
  readonly #shape: PassShape;

  /** @param places Addresses of regions that lie elsewhere already, as the kernels want them. */
  constructor(arena: Arena, shape: PassShape, places: Partial<Record<RegionName, number>> = {}) {
    const { dim, heads, headDim, vocab, seqLen, classes, samplesPerClass } = shape;
    const samples = classes * samplesPerClass;
    const wide = Math.ceil(dim / 8) * 8;
    const headWide = lanes(headDim);
    const rows = vocab + seqLen;
    const pairWide = 2 * heads * headWide;
    const rowWide = 3 * heads * headWide;
    const valueWide = wide % 64 === 0 ? wide + 16 : wide;
    const observedSamples = Math.min(samples, Math.ceil(OBSERVED_ROWS / seqLen));
    // float64, in floats.
    const exactFloats = 2 * rows * (wide + pairWide + heads * wide);
    this.hasExactPass = 4 * exactFloats <= MOST_EXACT_BYTES;
    const exact = (count: number): number => (this.hasExactPass ? 2 * count : 0);
    const keptRows = observedSamples * seqLen;
    const floats: Record<RegionName, number> = {
      tokens: samples * seqLen,
      labels: samples,
      counts: samples,
      table: rows * wide,
      inWeight: rowWide * wide,
      outWeight: wide * heads * headWide,
      projected: rows * rowWide,
      projectedBias: rowWide,
      folded: heads * rows * wide,
      foldedBias: wide,
      gamma: wide,
      beta: wide,
      headWeight: classes * wide,
      headBias: classes,
      dTable: rows * wide,
      dProjected: rows * rowWide,
      dFolded: heads * rows * wide,
      dFoldedBias: wide,
      dGamma: wide,
      dBeta: wide,
      dHeadWeight: classes * wide,
      dHeadBias: 2 * classes,
      batchTable: rows * wide,
      batchProjected: seqLen * pairWide,
      batchFolded: heads * seqLen * wide,
      batchGamma: wide,
      batchBeta: wide,
      batchHeadWeight: classes * wide,
      exactTable: exact(rows * wide),
      exactProjected: exact(rows * pairWide),
      exactFolded: exact(heads * rows * wide),
      exactGamma: exact(wide),
      exactBeta: exact(wide),
      exactHeadWeight: exact(classes * wide),
      dInWeight: rowWide * wide,
      dInBias: rowWide,
      dOutWeight: heads * headWide * wide,
      panel: PANEL_ROWS * 8,
      transposed: rowWide * lanes(rows),
      queriesKeys: seqLen * pairWide,
      dQueriesKeys: seqLen * pairWide,
      attention: heads * seqLen * lanes(seqLen),
      dAttention: heads * seqLen * lanes(seqLen),
      values: heads * lanes(seqLen) * valueWide,
      residual: seqLen * wide,
      dResidual: seqLen * wide,
      rstd: seqLen,
      pooled: wide,
      features: wide,
      dFeatures: wide,
      logits: 2 * classes,
      observedAs: observedSamples,
      actProjected: keptRows * rowWide,
      actTable: keptRows * wide,
      actPost: keptRows * wide,
    };
    this.#shape = shape;
    this.samples = samples;
    this.seqLen = seqLen;
    this.wide = wide;
    this.headWide = headWide;
    this.rowWide = rowWide;
    this.#valueWide = valueWide;
    this.rows = rows;
    this.observedSamples = observedSamples;
    this.observedRows = Math.min(OBSERVED_ROWS, samples * seqLen);
    this.#plan = arena.take(PLAN_BYTES);
    this.regions = Object.fromEntries(
      Object.entries(floats).map(([name, count]) => {
        const place = places[name as RegionName];
        return [name, place === undefined ? arena.takeFloats(count) : new Region(place, 4 * count)];
      }),
    ) as Record<RegionName, Region>;
  }

  get pointer(): number {
    return this.#plan.pointer;
  }

  /** Writes every field but the results. `observe`: whether a pass keeps the activations; `exact`: sums in float64. */
  write(kernels: Kernels, observe: boolean, exact: boolean): void {
    const { dim, heads, headDim, vocab, seqLen, classes } = this.#shape;
    const fields = this.#plan.integers(kernels);
    fields.set([this.samples, seqLen, vocab, classes, dim, this.wide, heads, this.headWide, this.#valueWide]);
    this.#plan.floats(kernels)[HEAD_FIELDS - 2] = 1 / Math.sqrt(headDim);
    fields[HEAD_FIELDS - 1] = Number(exact);
    REGIONS.forEach((name, i) => (fields[HEAD_FIELDS + i] = this.regions[name].pointer));
    fields[OBSERVED_FIELD] = observe ? this.observedSamples : 0;
    OBSERVATIONS.forEach((name, i) => (fields[OBSERVED_FIELD + 1 + i] = this.regions[name].pointer));
  }

  clearResults(kernels: Kernels): void {
    this.#plan.doubles(kernels)[LOSS_BYTE / 8] = 0;
    this.#plan.integers(kernels)[LOSS_BYTE / 4 + 2] = 0;
  }

  /** Sum of the samples' losses, and how many were classified right. */
  results(kernels: Kernels): { lossSum: number; correct: number } {
    return {
      lossSum: this.#plan.doubles(kernels)[LOSS_BYTE / 8]!,
      correct: this.#plan.integers(kernels)[LOSS_BYTE / 4 + 2]!,
    };
  }
}
