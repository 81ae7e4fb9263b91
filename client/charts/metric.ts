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
  /** The series of a family, as those of all heads: each run is drawn as the median and range of those that it has. */
  ribbon?: readonly string[];
}

export interface MetricGroup {
  /** `pinned`, `training`, `logged`, or as its experiment calls it. */
  id: string;
  title: string;
  note: string;
  metrics: Metric[];
  /** Groups of many charts are opened by whoever wants them. */
  open: boolean;
  /** One chart for each family of series, where each run's are drawn together as a ribbon. */
  ribbons?: Pick<MetricGroup, 'note' | 'metrics'>;
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
