/** The catalogue of measured series: their names in measuring order, groups and the valid band. */
import { METRICS, metricSeries, type MetricName } from '../../geometry/catalogue.js';

/** CV of pentachoron volumes strictly between these is called valid. */
export const BAND = { low: 0.13, high: 0.3 } as const;

/** Only so many rows of a matrix are ever sampled. */
export const SAMPLED_ROWS = 512;

export type SeriesGroup = 'weights' | 'weight-heads' | 'activations' | 'activation-heads';

export const SERIES_GROUPS: readonly SeriesGroup[] = ['weights', 'weight-heads', 'activations', 'activation-heads'];

/**
 * The 8 + 7·heads CV series of a run, in the order in which they are measured. The order is part of the
 * numbers: in the script measurement every series draws from one random stream.
 */
export function seriesNames(heads: number): string[] {
  const perHead = (kinds: readonly string[]): string[] =>
    Array.from({ length: heads }, (_, head) => kinds.map((kind) => `${kind}_h${head}`)).flat();
  return [
    'emb',
    'Q_full',
    'K_full',
    'V_full',
    ...perHead(['Q', 'K', 'V']),
    'out_proj',
    'cls_head',
    ...perHead(['act_Q', 'act_K', 'act_V', 'act_post']),
    'act_emb',
    'act_post_full',
  ];
}

/** Which metrics besides the CV a run is measured by, and of which matrices, in the order of their series. */
export function metricTargets({
  heads,
  metrics = [],
}: {
  heads: number;
  metrics?: readonly MetricName[] | undefined;
}): { metric: MetricName; matrix: string }[] {
  const matrices = seriesNames(heads);
  return METRICS.filter(({ name }) => name !== 'cv' && metrics.includes(name)).flatMap(
    ({ name: metric, needs, weightsOnly }) =>
      matrices
        .filter((matrix) => {
          // The last layer's features, labels and weight: told of the weight.
          if (needs === 'labels') return matrix === 'cls_head';
          return weightsOnly !== true || !matrix.startsWith('act_');
        })
        .map((matrix) => ({ metric, matrix })),
  );
}

/** All series of a run: the CVs in measuring order, then MATRIX:METRIC of each further metric. */
export function runSeries(config: { heads: number; metrics?: readonly MetricName[] | undefined }): string[] {
  return [
    ...seriesNames(config.heads),
    ...metricTargets(config).map(({ metric, matrix }) => metricSeries(matrix, metric)),
  ];
}

/** Of its rows those that are ever sampled. */
export function matrixShape(
  name: string,
  {
    dim,
    heads,
    vocab,
    classes,
    samplesPerClass,
    seqLen,
  }: Record<'dim' | 'heads' | 'vocab' | 'classes' | 'samplesPerClass' | 'seqLen', number>,
): { rows: number; columns: number } {
  const isHead = /_h\d+$/.test(name);
  if (name.startsWith('act_')) {
    const rows = Math.min(SAMPLED_ROWS, classes * samplesPerClass * seqLen);
    return { rows, columns: isHead ? dim / heads : dim };
  }
  const rows = name === 'emb' ? vocab : name === 'cls_head' ? classes : isHead ? dim / heads : dim;
  return { rows: Math.min(SAMPLED_ROWS, rows), columns: dim };
}

export function seriesGroup(name: string): SeriesGroup {
  const perHead = /_h\d+$/.test(name);
  if (name.startsWith('act_')) return perHead ? 'activation-heads' : 'activations';
  return perHead ? 'weight-heads' : 'weights';
}

export function inBand(cv: number | null): boolean {
  return cv !== null && cv > BAND.low && cv < BAND.high;
}
