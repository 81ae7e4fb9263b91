/** What can be drawn: every metric's name, the short description beside it, and the kind of axis it wants. */
import { formatAccuracy, formatCv, formatLoss } from '../ui/numbers.js';

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
  /** `pinned`, `training`, `logged`, or as its experiment calls it. */
  id: string;
  title: string;
  note: string;
  metrics: Metric[];
  /** Groups of many charts are opened by whoever wants them. */
  open: boolean;
  /** Whether each chart is of one head, so that those of a run can be drawn together. */
  perHead?: boolean;
}

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

/** One of its values, as the tooltip and the tables write it. */
export function formatValue({ axis }: Pick<Metric, 'axis'>, value: number): string {
  if (axis === 'percent') return `${formatAccuracy(value)}%`;
  return axis === 'log' ? formatLoss(value) : formatCv(value, 4);
}
