/** Frames for tests as the page's columns hold them. */
import { RunColumns } from '../../client/data/run-columns.js';
import { LOCAL_COLUMNS } from '../../shared/run.js';
import { seriesNames } from '../../shared/experiments/attention-cv/series.js';

/** Columns of a run that trains here. */
export function columnsForHeads(heads: number): RunColumns {
  return new RunColumns([...LOCAL_COLUMNS, ...seriesNames(heads)]);
}

/** Appends rows whose steps are their numbers, as in a run that trains here. */
export function appendRows(columns: RunColumns, ...rows: (readonly number[])[]): void {
  const steps = rows.map((_, index) => columns.rows + index);
  columns.append({ steps, values: new Float32Array(rows.flat()) });
}
