/** The shown runs' values of one quantity at one epoch, and the range of that quantity through all of training. */
import type { GridRun } from './grid-cells.js';
import { type Quantity, columnsOf as seriesOf, columnName, quantityAt, quantityError } from './quantity.js';
import type { Measurement } from '../../../shared/measurement.js';
import { gaussianNull } from '../../data/cv-null.js';
import { configOf } from './config.js';
import { measuredEpoch } from '../../runs/epoch-reading.js';
import { groupOf } from '../../data/run-list.js';
import type { RunColumns } from '../../data/run-columns.js';
import type { RunLine } from '../../runs/run-lines.js';

type ColumnsOf = (runId: string) => RunColumns | undefined;
export type MeasurementsOf = (runId: string) => readonly Measurement[] | undefined;

/** A run that was trained again gives way to the newer one. @param epoch null = the newest of each run */
export function gridRuns(
  lines: readonly RunLine[],
  columnsOf: ColumnsOf,
  measurementsOf: MeasurementsOf,
  quantity: Quantity,
  epoch: number | null,
): GridRun[] {
  const lrs = new Set(lines.map(({ run }) => configOf(run).lr)).size;
  return lines
    .filter(({ replaced }) => !replaced)
    .map((line) => {
      const { id } = line.run;
      const { dim, heads, headDim, lr, seed } = configOf(line.run);
      const columns = columnsOf(id);
      const at = columns === undefined ? undefined : measuredEpoch(columns, epoch);
      const measured = columns === undefined || at === undefined ? undefined : { columns, at };
      // Asked for where they are needed alone.
      const measurements = quantity.departs === true ? measurementsOf(id) : undefined;
      const value =
        measured === undefined ? NaN : quantityAt(quantity, measured.columns, heads, measured.at, measurements);
      const error =
        measured === undefined || Number.isNaN(value)
          ? null
          : quantityError(quantity, measured.columns, heads, measured.at, measurements ?? measurementsOf(id));
      const variant = [lrs > 1 ? `lr ${lr}` : '', line.sweep].filter((part) => part !== '').join(' · ');
      return { id, dim, heads, headDim, lr, sweepId: groupOf(line.run), variant, seed, value, error };
    });
}

interface Extent {
  /** The next row to look at. */
  next: number;
  min: number;
  max: number;
}

/** Of long trainings not every row is looked at: a scale needs no more. */
const ROWS_LOOKED_AT = 256;

const extents = new WeakMap<RunColumns, Map<string, Extent>>();

/** Smallest and largest value so far, so that a scale stands still while the epoch moves; undefined if there is none. */
export function quantityRange(
  lines: readonly RunLine[],
  columnsOf: ColumnsOf,
  quantity: Quantity,
  measurementsOf: MeasurementsOf = () => undefined,
): [number, number] | undefined {
  let min = Infinity;
  let max = -Infinity;
  for (const { run, replaced } of lines) {
    const columns = columnsOf(run.id);
    if (replaced || columns === undefined) continue;
    const measurements = quantity.departs === true ? measurementsOf(run.id) : undefined;
    const extent = extentOf(columns, configOf(run).heads, quantity, measurements);
    min = Math.min(min, extent.min);
    max = Math.max(max, extent.max);
  }
  return min <= max ? [min, max] : undefined;
}

function extentOf(
  columns: RunColumns,
  heads: number,
  quantity: Quantity,
  measurements: readonly Measurement[] | undefined,
): Extent {
  const own = extents.get(columns) ?? new Map<string, Extent>();
  extents.set(columns, own);
  const id = [columnName(quantity), ...nullsOf(quantity, heads, measurements)].join(' ');
  const extent = own.get(id) ?? { next: 0, min: Infinity, max: -Infinity };
  own.set(id, extent);
  const stride = Math.max(1, Math.floor(columns.rows / ROWS_LOOKED_AT));
  for (; extent.next < columns.rows; extent.next += stride) {
    const value = quantityAt(
      quantity,
      columns,
      heads,
      measuredEpoch(columns, columns.step(extent.next)) ?? 0,
      measurements,
    );
    if (value < extent.min) extent.min = value;
    if (value > extent.max) extent.max = value;
  }
  return extent;
}

/** What its departures are from: with other nulls it has another extent. */
function nullsOf(
  quantity: Quantity,
  heads: number,
  measurements: readonly Measurement[] | undefined,
): readonly (number | undefined)[] {
  if (quantity.departs !== true) return [];
  return seriesOf(quantity, heads).flatMap((name) => {
    const known = gaussianNull(measurements, name);
    return [known?.cv, known?.sd];
  });
}
