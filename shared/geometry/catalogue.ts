/** The metrics by name: what each is, without the arithmetic, so that a page may list them. */

/** What is known of a metric before any matrix is. */
interface Described<Name> {
  name: Name;
  title: string;
  /** One sentence. */
  definition: string;
  /** Absent of plain numbers. */
  unit?: 'dimensions' | 'nats' | 'share';
  /** Where it was proposed. */
  source?: string;
  /** What it is measured from: the matrix alone, one of an earlier epoch besides, or features with their labels. */
  needs: 'matrix' | 'earlier matrix' | 'labels';
  /** It says something of a weight and of nothing else. */
  weightsOnly?: true;
  /** The least and the greatest possible value, where there is one for all shapes. */
  lowest?: number;
  highest?: number;
}

const collapse = 'Papyan, Han & Donoho 2020';

/** The CVs of simplices that are no pentachora. */
function cvOf<Corners extends number>(corners: Corners) {
  return {
    name: `cv_${corners}`,
    title: `CV (${corners} points)`,
    definition: `Standard deviation over mean of the volumes of random simplices of ${corners} rows.`,
    needs: 'matrix',
    lowest: 0,
  } as const;
}

const TABLE = [
  {
    name: 'cv',
    title: 'CV (5 points)',
    definition: 'Standard deviation over mean of the volumes of random pentachora, simplices of five rows.',
    needs: 'matrix',
    lowest: 0,
  },
  cvOf(3),
  cvOf(4),
  cvOf(6),
  cvOf(7),
  cvOf(8),
  {
    name: 'effective_rank',
    title: 'Effective rank',
    definition: 'Exponential of the entropy of the singular values divided by their sum.',
    unit: 'dimensions',
    source: 'Garrido et al. 2023, RankMe; Roy & Vetterli 2007',
    needs: 'matrix',
    lowest: 1,
  },
  {
    name: 'participation_ratio',
    title: 'Participation ratio',
    definition: 'Squared sum over sum of squares of the eigenvalues of the covariance.',
    unit: 'dimensions',
    source: 'Gao & Ganguli 2015; Gao et al. 2017',
    needs: 'matrix',
    lowest: 1,
  },
  {
    name: 'stable_rank',
    title: 'Stable rank',
    definition: 'Squared Frobenius norm over the squared largest singular value.',
    source: 'Rudelson & Vershynin 2007',
    needs: 'matrix',
    lowest: 1,
  },
  {
    name: 'condition_number',
    title: 'Condition number',
    definition: 'Largest over smallest singular value.',
    needs: 'matrix',
    lowest: 1,
  },
  {
    name: 'spectral_entropy',
    title: 'Spectral entropy',
    definition: 'Entropy of the squared singular values divided by their sum.',
    unit: 'nats',
    needs: 'matrix',
    lowest: 0,
  },
  {
    name: 'mean_cosine',
    title: 'Mean cosine',
    definition: 'Mean cosine of the angle between two rows, over all pairs of rows that are not zero.',
    source: 'Ethayarajh 2019',
    needs: 'matrix',
    lowest: -1,
    highest: 1,
  },
  {
    name: 'anisotropy',
    title: 'Anisotropy',
    definition: 'Share of the variance along the first principal axis.',
    unit: 'share',
    source: 'Razzhigaev et al. 2024; Godey et al. 2024',
    needs: 'matrix',
    lowest: 0,
    highest: 1,
  },
  {
    name: 'isoscore',
    title: 'IsoScore',
    definition: 'How evenly the variance uses all dimensions: 1 where all have as much, 0 where one has all.',
    unit: 'share',
    source: 'Rudman et al. 2022',
    needs: 'matrix',
    lowest: 0,
    highest: 1,
  },
  {
    name: 'twonn',
    title: 'TwoNN dimension',
    definition: 'Intrinsic dimension from the ratios of the distances of each row to its two nearest others.',
    unit: 'dimensions',
    source: 'Facco et al. 2017',
    needs: 'matrix',
    lowest: 0,
  },
  {
    name: 'nc1',
    title: 'NC1 within-class variability',
    definition: 'Covariance within the classes against that of the class means; 0 once every class is one point.',
    source: collapse,
    needs: 'labels',
    lowest: 0,
  },
  {
    name: 'nc2',
    title: 'NC2 simplex ETF',
    definition: 'Distance of the class means from a regular simplex (an equiangular tight frame); 0 once they are one.',
    source: collapse,
    needs: 'labels',
    lowest: 0,
    highest: Math.SQRT2,
  },
  {
    name: 'nc3',
    title: 'NC3 self-duality',
    definition: "Squared distance of the classifier's weight from the class means, both of norm 1; 0 once they agree.",
    source: collapse,
    needs: 'labels',
    lowest: 0,
    highest: 4,
  },
  {
    name: 'nc4',
    title: 'NC4 nearest class centre',
    definition: 'Share of samples that the classifier gives another class than that of the nearest class mean.',
    unit: 'share',
    source: collapse,
    needs: 'labels',
    lowest: 0,
    highest: 1,
  },
  {
    name: 'cka_previous',
    title: 'CKA to the epoch before',
    definition:
      'Linear centred kernel alignment of the rows with those of the epoch before; 1 where only a turn is new.',
    unit: 'share',
    source: 'Kornblith et al. 2019',
    needs: 'earlier matrix',
    lowest: 0,
    highest: 1,
  },
  {
    name: 'cka_initial',
    title: 'CKA to epoch 0',
    definition: 'Linear centred kernel alignment of the rows with those of epoch 0; 1 where only a turn is new.',
    unit: 'share',
    source: 'Kornblith et al. 2019',
    needs: 'earlier matrix',
    lowest: 0,
    highest: 1,
  },
  {
    name: 'power_law',
    title: 'Power-law exponent',
    definition: 'Exponent of the power law that fits the tail of the squared singular values best.',
    source: 'Clauset, Shalizi & Newman 2009; Martin & Mahoney 2021',
    needs: 'matrix',
    lowest: 1,
  },
  {
    name: 'weight_norm',
    title: 'Weight norm',
    definition: 'Frobenius norm of the weight.',
    needs: 'matrix',
    weightsOnly: true,
    lowest: 0,
  },
  {
    name: 'update_norm',
    title: 'Update norm',
    definition: 'Frobenius norm of the difference to the weight of the epoch before.',
    needs: 'earlier matrix',
    weightsOnly: true,
    lowest: 0,
  },
] as const satisfies readonly Described<string>[];

export type MetricName = (typeof TABLE)[number]['name'];
export type MetricInfo = Described<MetricName>;

/** In the order in which they are shown. */
export const METRICS: readonly MetricInfo[] = TABLE;

/** What is measured where nothing else is asked for. */
export const DEFAULT_METRICS: readonly MetricName[] = ['cv'];

/** A series is named MATRIX:METRIC; the CV, which came before there were others, has the matrix's name alone. */
export function metricSeries(matrix: string, metric: MetricName): string {
  return metric === 'cv' ? matrix : `${matrix}:${metric}`;
}

/** What a series is of. A name whose last part is no metric is that of a matrix. */
export function splitSeries(series: string): { matrix: string; metric: MetricName } {
  const colon = series.lastIndexOf(':');
  const metric = METRICS.find(({ name }) => name === series.slice(colon + 1))?.name;
  return colon < 0 || metric === undefined
    ? { matrix: series, metric: 'cv' }
    : { matrix: series.slice(0, colon), metric };
}
