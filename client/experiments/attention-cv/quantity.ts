/**
 * What the views of one epoch can show of a run as one number: a column, one head's series, or a family of series
 * averaged over the run's heads.
 */
import { type CvReading, DEPARTURE_WORDS, type Metric } from '../../charts/metric.js';
import { metricGroups } from './metric-groups.js';
import { METRICS, metricSeries, type MetricName, splitSeries } from '../../../shared/geometry/catalogue.js';
import type { CvNull, Measurement } from '../../../shared/measurement.js';
import type { RunColumns } from '../../data/run-columns.js';
import { departureOf, gaussianNull, meanNull } from '../../data/cv-null.js';
import { type ErrorIfKnown, meanError, standardErrorAt } from '../../data/standard-error.js';
import type { RunLine } from '../../runs/run-lines.js';
import { formatAccuracy, formatCv, formatLoss, formatNumber, formatSigned } from '../../ui/numbers.js';

export interface Family {
  /** `loss`, `Q_full`, `act_Q`, `act_Q:twonn`: a series' name, without its head. */
  id: string;
  group: string;
  /** What it is of, without its head, and by which metric it is measured. */
  matrix: string;
  metric: MetricName;
  perHead: boolean;
  axis: Metric['axis'];
  banded: boolean;
  /** Whether nobody knows how large its values are. */
  logged: boolean;
}

export interface Quantity {
  family: Family;
  /** Null = the mean over heads, where the family has heads. */
  head: number | null;
  /** Whether its CVs are read as departures from chance. */
  departs?: true;
}

/** How a quantity is asked for in departure mode; loss and accuracy have nothing to depart from. */
export function readQuantity({ family, head }: Quantity, reading: CvReading): Quantity {
  return reading === 'departure' && family.banded ? { family, head, departs: true } : { family, head };
}

/** Loss and accuracy, then every family of CVs in measuring order within its group, then those of further metrics. */
export const FAMILIES: readonly Family[] = metricGroups(
  1,
  { vocab: 0, classes: 0 },
  METRICS.map(({ name }) => name),
).flatMap(({ title, metrics }) =>
  metrics.map(({ name, axis, banded, logged = false }): Family => {
    const { matrix: ofHead, metric } = splitSeries(name);
    const matrix = ofHead.replace(/_h0$/, '');
    const id = metricSeries(matrix, metric);
    return { id, group: title, matrix, metric, perHead: matrix !== ofHead, axis, banded, logged };
  }),
);

/** `act_Q`, `act_Q_h3` or `act_Q_h3:twonn`; undefined if there is no such thing. */
export function quantity(id: string): Quantity | undefined {
  const { matrix, metric } = splitSeries(id);
  const [, familyId = '', head] = /^(.*?)(?:_h(\d+))?$/.exec(matrix)!;
  const family = FAMILIES.find((each) => each.id === metricSeries(familyId, metric));
  if (family === undefined || (head !== undefined && !family.perHead)) return undefined;
  return { family, head: head === undefined ? null : Number(head) };
}

export function quantityId({ family, head }: Quantity): string {
  return head === null ? family.id : ofHead(family, head);
}

/** The names of the columns that a run of `heads` heads has of it. */
export function columnsOf({ family, head }: Quantity, heads: number): string[] {
  if (!family.perHead) return [family.id];
  const own = Array.from({ length: heads }, (_, index) => index);
  return own.filter((index) => head === null || head === index).map((index) => ofHead(family, index));
}

function ofHead({ matrix, metric }: Family, head: number): string {
  return metricSeries(`${matrix}_h${head}`, metric);
}

/**
 * Its value in a row of a run's frames, the mean of what its heads have; NaN if there is none.
 * @param measurements the run's, which tell what departures are from
 */
export function quantityAt(
  quantity: Quantity,
  columns: RunColumns,
  heads: number,
  row: number,
  measurements?: readonly Measurement[],
): number {
  const read = (name: string, cv: number): number =>
    quantity.departs === true ? departureOf(cv, gaussianNull(measurements, name)) : cv;
  const values = columnsOf(quantity, heads)
    .map((name) => read(name, columns.at(name, row)))
    .filter((value) => !Number.isNaN(value));
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The standard error of `quantityAt`; null, too, where the band means nothing. */
export function quantityError(
  quantity: Quantity,
  columns: RunColumns,
  heads: number,
  row: number,
  measurements: readonly Measurement[] | undefined,
): ErrorIfKnown {
  if (!quantity.family.banded) return null;
  const values = columnsOf(quantity, heads).map((name) => ({ name, cv: columns.at(name, row) }));
  const own = values.filter(({ cv }) => !Number.isNaN(cv));
  return meanError(
    own.map(({ name, cv }) => {
      const error = standardErrorAt(measurements, name, row, cv);
      if (error == null || quantity.departs !== true) return error;
      const sd = gaussianNull(measurements, name)?.sd ?? 0;
      return sd > 0 ? { ...error, value: error.value / sd } : null;
    }),
  );
}

/** What chance gives for it, the mean over the run's heads as the value is; undefined where that is not known. */
export function quantityNull(
  quantity: Quantity,
  heads: number,
  measurements: readonly Measurement[] | undefined,
): CvNull | undefined {
  return meanNull(columnsOf(quantity, heads).flatMap((name) => gaussianNull(measurements, name) ?? []));
}

/** How the views of one epoch name what they show, and write its values. */
export function titleOf({ family, head, departs }: Quantity): string {
  const heads = !family.perHead ? '' : `, ${head === null ? 'mean of heads' : `head ${head}`}`;
  return `${family.id}${heads}${departs === true ? `, ${DEPARTURE_WORDS}` : ''}`;
}

/** As files and their columns name it: as the tables of `pentachoron sweep` do. */
export function columnName(quantity: Quantity): string {
  return `${quantityId(quantity)}${quantity.departs === true ? ':departure' : ''}`;
}

/** Of how far its values reach to either side. */
export function formatDeviation(quantity: Quantity, deviation: number): string {
  return quantity.departs === true ? deviation.toFixed(DEPARTURE_DECIMALS) : formatQuantity(quantity, deviation);
}

const DEPARTURE_DECIMALS = 1;

/** At a fixed number of digits. */
export function formatQuantity({ family: { axis, logged }, departs }: Quantity, value: number): string {
  if (departs === true) return formatSigned(value, DEPARTURE_DECIMALS);
  if (logged) return formatNumber(value);
  if (axis === 'percent') return formatAccuracy(value);
  return axis === 'log' ? formatLoss(value) : formatCv(value, 4);
}

/** Which moment of training is shown. @param epoch null = the newest of each run */
export function epochWords(shown: readonly RunLine[], epoch: number | null): string {
  if (epoch !== null) return epoch === 0 ? 'epoch 0, before training' : `epoch ${epoch}`;
  const current = shown.filter(({ replaced }) => !replaced);
  const ended = current.every(({ run }) => run.status === 'completed');
  const epochs = new Set(current.map(({ run }) => run.step));
  const at = epochs.size === 1 ? `epoch ${[...epochs][0]}` : 'each run’s newest epoch';
  return ended && current.length > 0 ? `after training, ${epochs.size === 1 ? at : 'each run’s last epoch'}` : at;
}
