/** The charts of the attention experiment: its catalogue of series in groups, with what each of them is of. */
import type { Metric, MetricGroup } from '../../charts/metric.js';
import { METRICS, metricSeries, type MetricInfo, type MetricName } from '../../../shared/geometry/catalogue.js';
import {
  metricTargets,
  SERIES_GROUPS,
  seriesGroup,
  seriesNames,
  type SeriesGroup,
} from '../../../shared/experiments/attention-cv/series.js';

const TRAINING: MetricGroup = {
  id: 'training',
  title: 'Training',
  note: 'loss before, accuracy after each update',
  open: true,
  metrics: [
    { name: 'loss', note: 'cross-entropy', axis: 'log', banded: false },
    { name: 'accuracy', note: 'training set', axis: 'percent', banded: false },
  ],
};

const GROUP_WORDS: Record<SeriesGroup, Pick<MetricGroup, 'title' | 'note' | 'open'>> = {
  weights: { title: 'Weights', note: 'coefficient of variation of pentachoron volumes', open: true },
  'weight-heads': { title: 'Weight heads', note: 'each head’s rows of Q, K and V', open: false },
  activations: { title: 'Activations', note: 'first 512 rows', open: true },
  'activation-heads': { title: 'Activation heads', note: 'each head’s columns', open: false },
};

const HEAD = /_h\d+$/;
const CV = { axis: 'linear', banded: true } as const;

/**
 * Training first, then the CVs of a sweep whose largest head count is `maxHeads` in groups, then a group for each further
 * metric of `measured`.
 */
export function metricGroups(
  maxHeads: number,
  sizes: { vocab: number; classes: number },
  measured: readonly MetricName[] = [],
): MetricGroup[] {
  const names = seriesNames(maxHeads);
  return [
    TRAINING,
    ...SERIES_GROUPS.map((id) => {
      const own = names.filter((name) => seriesGroup(name) === id);
      return {
        ...{ id, ...GROUP_WORDS[id] },
        metrics: own.map((name): Metric => ({ ...CV, name, note: seriesNote(name, sizes) })),
        ...(own.some((name) => HEAD.test(name)) && { ribbons: ribbonsOf(own) }),
      };
    }),
    ...METRICS.filter(({ name }) => name !== 'cv' && measured.includes(name)).map((metric) =>
      groupOf(metric, maxHeads, sizes),
    ),
  ];
}

/** One metric of all matrices that it is measured of. */
function groupOf(
  { name, title, definition, unit }: MetricInfo,
  heads: number,
  sizes: { vocab: number; classes: number },
): MetricGroup {
  // Nobody knows beforehand how large its values are.
  const look = { axis: 'linear', banded: false, sparse: true, logged: true } as const;
  const matrices = metricTargets({ heads, metrics: [name] }).map(({ matrix }) => matrix);
  const chart = (matrix: string): Metric => ({
    ...look,
    name: metricSeries(matrix, name),
    note: unit === undefined ? seriesNote(matrix, sizes) : `${unit} · ${seriesNote(matrix, sizes)}`,
  });
  const families = [...new Set(matrices.map((matrix) => matrix.replace(HEAD, '')))].map((family): Metric => {
    const own = matrices.filter((matrix) => HEAD.test(matrix) && matrix.replace(HEAD, '') === family);
    if (own.length === 0) return chart(family);
    const ribbon = own.map((matrix) => metricSeries(matrix, name));
    return { ...look, name: metricSeries(family, name), note: 'median, min – max of heads', ribbon };
  });
  return {
    ...{ id: name, title, note: definition, open: false, metrics: matrices.map(chart) },
    ...(families.some(({ ribbon }) => ribbon !== undefined) && {
      ribbons: { note: `${definition} Median and range over each run’s heads.`, metrics: families },
    }),
  };
}

/** One chart for all heads that a run has of a family, as of act_Q_h0, act_Q_h1, … */
function ribbonsOf(names: readonly string[]): Pick<MetricGroup, 'note' | 'metrics'> {
  const families = new Set(names.map((name) => name.replace(HEAD, '')));
  const metrics = [...families].map((family): Metric => {
    const ribbon = names.filter((name) => name.replace(HEAD, '') === family);
    return { ...CV, name: family, note: 'median, min – max of heads', ribbon };
  });
  return { note: 'median and range over each run’s heads', metrics };
}

function seriesNote(name: string, sizes: { vocab: number; classes: number }): string {
  const head = /_h(\d+)$/.exec(name)?.[1];
  if (name === 'emb') return `${sizes.vocab} × dim`;
  if (name === 'cls_head') return `${sizes.classes} × dim`;
  if (name === 'act_emb') return 'embedding + position';
  if (name === 'act_post_full') return 'after attention';
  if (head === undefined) return 'dim × dim';
  return name.startsWith('act_') ? `head ${head}` : `head ${head}, head size × dim`;
}
