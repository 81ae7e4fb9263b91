/** The full measurements of one run as a table: a row a series, and for each epoch what both samples say of it. */
import { type Band, BEYOND_CHANCE, judge, type Judgement } from '../../charts/band.js';
import { splitSeries } from '../../../shared/geometry/catalogue.js';
import { distinct } from '../../data/statistics.js';
import {
  isSignificant,
  type MeasuredMetric,
  type MeasuredValue,
  type Measurement,
  NULL_NAMES,
  type NullDeparture,
  type NullName,
  type SampleKind,
} from '../../../shared/measurement.js';
import { csvTable } from '../../ui/table-text.js';

export interface MeasurementCell {
  /** Undefined where there is no value; then there is a reason. */
  value: number | undefined;
  standardError: number | null;
  valid: number | null;
  /** Of the fixed sample's CVs how they stand to the band, of movements whether they are more than their error. */
  mark: Judgement | 'moved' | 'still';
  reason: string;
}

export interface NullCell extends NullDeparture {
  mark: Judgement;
}

export interface EpochCells {
  /** On the fixed sample. */
  cv: MeasurementCell;
  /** What chance gives and how far the CV departs from that, as far as it was told; marked beyond two. */
  nulls: Partial<Record<NullName, NullCell>>;
  /** Since epoch 0, on the fixed sample; undefined at epoch 0. */
  movement: MeasurementCell | undefined;
  script: MeasurementCell;
}

export interface MeasurementRow {
  series: string;
  /** As many as there are epochs. */
  epochs: EpochCells[];
}

/** Epochs with a full measurement, ascending. */
export function measuredEpochs(measurements: readonly Measurement[]): number[] {
  return distinct(measurements.map(({ epoch }) => epoch));
}

/** @param series of the run, in measuring order */
export function measurementRows(
  series: readonly string[],
  measurements: readonly Measurement[],
  band: Band,
): MeasurementRow[] {
  const epochs = measuredEpochs(measurements);
  const find = (epoch: number, sample: SampleKind, name: string): MeasuredValue | undefined =>
    measurements.find((each) => each.epoch === epoch && each.sample === sample)?.values[name];
  // Other metrics than the CV have series of their own, and neither valid samples, movements nor the script's draws.
  const matrices = series.filter((name) => splitSeries(name).metric === 'cv');
  return matrices.map((name) => ({
    series: name,
    epochs: epochs.map((epoch) => {
      const fixed = find(epoch, 'fixed', name);
      return {
        cv: cvCell(fixed, band),
        nulls: nullCells(fixed),
        movement: epoch === 0 ? undefined : movementCell(fixed),
        script: cvCell(find(epoch, 'script', name), band),
      };
    }),
  }));
}

function cvCell(measured: MeasuredValue | undefined, band: Band): MeasurementCell {
  const { cv = null, se = null, valid = null, reason = 'not measured' } = measured ?? {};
  if (cv === null) return { value: undefined, standardError: null, valid, mark: 'out', reason };
  return { value: cv, standardError: se, valid, mark: judge(cv, se === null ? null : { value: se }, band), reason: '' };
}

function nullCells({ nulls = {}, se }: Partial<MeasuredValue> = {}): EpochCells['nulls'] {
  const cells: EpochCells['nulls'] = {};
  for (const name of NULL_NAMES) {
    const known = nulls[name];
    if (known === undefined) continue;
    const error = se == null || !(known.sd > 0) ? null : { value: se / known.sd };
    cells[name] = { ...known, mark: known.departure === null ? 'out' : judge(known.departure, error, BEYOND_CHANCE) };
  }
  return cells;
}

/** Those that any of the rows has: what was not asked for needs no column. */
export function toldNulls(rows: readonly MeasurementRow[]): NullName[] {
  const told = rows.flatMap(({ epochs }) => epochs.flatMap(({ nulls }) => Object.keys(nulls)));
  return NULL_NAMES.filter((name) => told.includes(name));
}

function movementCell(measured: MeasuredValue | undefined): MeasurementCell {
  const { movement = null, movementSe = null, reason = 'no value at epoch 0' } = measured ?? {};
  if (movement === null) return { value: undefined, standardError: null, valid: null, mark: 'still', reason };
  const mark = movementSe !== null && isSignificant(movement, movementSe) ? 'moved' : 'still';
  return { value: movement, standardError: movementSe, valid: null, mark, reason: '' };
}

/** Why values are missing, each reason once. */
export function reasonsOf(rows: readonly MeasurementRow[]): string[] {
  const cells = rows.flatMap(({ epochs }) => epochs.flatMap(({ cv, movement, script }) => [cv, movement, script]));
  return [...new Set(cells.flatMap((cell) => (cell === undefined || cell.reason === '' ? [] : [cell.reason])))];
}

/** A row a series, epoch and sample. */
export function measurementsCsv(measurements: readonly Measurement[]): string {
  const fields = ['series', 'epoch', 'sample', 'cv', 'se', 'valid', 'movement', 'movementSe', 'reason'];
  const told = NULL_NAMES.filter((name) =>
    measurements.some((each) => Object.values(each.values).some(({ nulls }) => nulls?.[name] !== undefined)),
  );
  const metrics = [...measuredMetrics(measurements)];
  const header = [
    ...fields,
    ...told.flatMap((name) => [`${name} cv`, `${name} sd`, `${name} departure`]),
    ...metrics.flatMap((name) => [name, `${name} se`, `${name} null`, `${name} reason`]),
  ];
  const rows = measurements.flatMap(({ epoch, sample, values }) =>
    Object.entries(values).map(
      ([name, { cv, se, valid, movement, movementSe, reason = '', nulls, metrics: others }]) => {
        const chance = told.flatMap((each) => [nulls?.[each]?.cv, nulls?.[each]?.sd, nulls?.[each]?.departure]);
        const further = metrics.flatMap((each) => {
          const known = others?.[each];
          return [known?.value, known?.se, known?.null, known?.reason];
        });
        const all = [name, epoch, sample, cv, se, valid, movement, movementSe, reason, ...chance, ...further];
        return all.map((value) => value ?? '');
      },
    ),
  );
  return csvTable([header, ...rows]);
}

/** Names of the metrics besides the CV that any matrix is measured by. */
export function measuredMetrics(measurements: readonly Measurement[]): Set<string> {
  return new Set(
    measurements.flatMap(({ values }) => Object.values(values).flatMap(({ metrics = {} }) => Object.keys(metrics))),
  );
}

export interface MetricRow {
  matrix: string;
  /** As many as there are epochs; undefined where the matrix was not measured. */
  values: (MeasuredMetric | undefined)[];
  /** What Gaussian entries of that shape give, where it is known; it is the same at every epoch. */
  chance: number | undefined;
}

/** One metric of all matrices that it is measured of, in measuring order. */
export function metricRows(
  measurements: readonly Measurement[],
  metric: string,
): { epochs: number[]; rows: MetricRow[] } {
  const fixed = measurements.filter(({ sample }) => sample === 'fixed');
  const measured = fixed.map(
    ({ values }) =>
      (matrix: string) =>
        values[matrix]?.metrics?.[metric],
  );
  const matrices = new Set(fixed.flatMap(({ values }) => Object.keys(values)));
  const rows = [...matrices].map((matrix): MetricRow => {
    const values = measured.map((of) => of(matrix));
    return { matrix, values, chance: values.find((value) => value?.null !== undefined)?.null };
  });
  return {
    epochs: fixed.map(({ epoch }) => epoch),
    rows: rows.filter(({ values }) => values.some((value) => value !== undefined)),
  };
}
