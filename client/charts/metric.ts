/** What can be drawn: every metric's name, the short description beside it, and the kind of axis it wants. */
import { formatAccuracy, formatCv, formatLoss, formatNumber, formatSigned } from '../ui/numbers.js';

export interface Metric {
  /** The column's name on the wire. */
  name: string;
  note: string;
  axis: 'log' | 'percent' | 'linear';
  /** Whether the valid band means anything for it: true for CV series alone. */
  banded: boolean;
  /** Whether its CVs are shown as departures from chance, in the null's standard deviations: then no band is meant. */
  departs?: boolean;
  /** Whether it has no value at some epochs though no band is meant, as differences of CVs; else all but CVs always have. */
  sparse?: boolean;
  /** Whether nobody knows what its values are like: they are written with as many digits as they need. */
  logged?: boolean;
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

/** What other programs have logged, one chart a name; `train/loss` stands with all that begins alike. */
export function loggedGroups(names: readonly string[]): MetricGroup[] {
  const byFamily = new Map<string, Metric[]>();
  for (const name of names) {
    const family = name.includes('/') ? name.slice(0, name.indexOf('/')) : '';
    const metric: Metric = { name, note: '', axis: 'linear', banded: false, sparse: true, logged: true };
    byFamily.set(family, [...(byFamily.get(family) ?? []), metric]);
  }
  return [...byFamily].map(([family, metrics]) => ({
    ...{ id: family === '' ? 'logged' : `logged-${family}`, title: family === '' ? 'Series' : family },
    ...{ note: 'as they were logged', metrics, open: true },
  }));
}

/** How CVs are shown: as they are, or as departures from what chance gives. */
export type CvReading = 'value' | 'departure';

/** What a departure is, wherever an axis or a column says so. */
export const DEPARTURE_WORDS = 'departure from chance (sd)';

/** The same charts with CVs read as departures; all others as they are. */
export function readAs(groups: readonly MetricGroup[], reading: CvReading): MetricGroup[] {
  if (reading === 'value') return [...groups];
  return groups.map((group) => ({
    ...group,
    metrics: group.metrics.map(departing),
    ...(group.ribbons && { ribbons: { ...group.ribbons, metrics: group.ribbons.metrics.map(departing) } }),
  }));
}

function departing(metric: Metric): Metric {
  return metric.banded ? { ...metric, axis: 'linear', banded: false, sparse: true, departs: true } : metric;
}

/** One of its values, as the tooltip and the tables write it. */
export function formatValue(
  { axis, logged, departs }: Pick<Metric, 'axis' | 'logged' | 'departs'>,
  value: number,
): string {
  if (departs === true) return formatSigned(value, 2);
  if (logged === true) return formatNumber(value);
  if (axis === 'percent') return `${formatAccuracy(value)}%`;
  return axis === 'log' ? formatLoss(value) : formatCv(value, 4);
}
