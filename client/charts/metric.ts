/** What can be drawn: every metric's name, the short description beside it, and the kind of axis it wants. */
import { formatAccuracy, formatCv, formatLoss } from '../state/wording.js';
import { SERIES_GROUPS, seriesGroup, seriesNames, type SeriesGroup } from '../../shared/series.js';

export interface Metric {
  /** The column's name on the wire. */
  name: string;
  note: string;
  axis: 'log' | 'percent' | 'linear';
  /** Whether the valid band means anything for it: true for CV series alone. */
  banded: boolean;
  /** Whether it has no value at some epochs though no band is meant, as differences of CVs; else all but CVs always have. */
  sparse?: boolean;
  /** A family of heads: `name` without its `_h0`, `_h1`, …, each run drawn as the median and range of its heads. */
  ribbon?: boolean;
}

export interface MetricGroup {
  id: 'pinned' | 'training' | 'logged' | SeriesGroup;
  title: string;
  note: string;
  metrics: Metric[];
  /** Groups of many charts are opened by whoever wants them. */
  open: boolean;
}

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

/** A group of heads with one chart for each family of them: the heads of each run as a ribbon. */
export function ribbonGroup(group: MetricGroup): MetricGroup {
  const families = [...new Set(group.metrics.map(({ name }) => name.replace(/_h\d+$/, '')))];
  return {
    ...group,
    note: 'median and range over each run’s heads',
    metrics: families.map((name) => ({
      name,
      note: 'median, min – max of heads',
      axis: 'linear',
      banded: true,
      ribbon: true,
    })),
  };
}

/** What other programs have logged, one chart a name. */
export function loggedGroup(names: readonly string[]): MetricGroup {
  const metrics = names.map((name): Metric => ({ name, note: '', axis: 'linear', banded: false, sparse: true }));
  return { id: 'logged', title: 'Series', note: 'as they were logged', metrics, open: true };
}

/** Training first, then the groups of the series of a sweep whose largest head count is `maxHeads`. */
export function metricGroups(maxHeads: number, sizes: { vocab: number; classes: number }): MetricGroup[] {
  const names = seriesNames(maxHeads);
  return [
    TRAINING,
    ...SERIES_GROUPS.map((id) => ({
      id,
      ...GROUP_WORDS[id],
      metrics: names
        .filter((name) => seriesGroup(name) === id)
        .map((name): Metric => ({ name, note: seriesNote(name, sizes), axis: 'linear', banded: true })),
    })),
  ];
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

/** One of its values, as the tooltip and the tables write it. */
export function formatValue({ axis }: Pick<Metric, 'axis'>, value: number): string {
  if (axis === 'percent') return `${formatAccuracy(value)}%`;
  return axis === 'log' ? formatLoss(value) : formatCv(value, 4);
}
