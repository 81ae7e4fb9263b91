/** Frames for tests: as columns hold them, and as they are sent. */
import { RunColumns } from '../../client/state/run-columns.js';
import { bytesOf, type FrameValues } from '../../shared/frames.js';
import type { FramesText } from '../../shared/protocol.js';
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

/** Times are not kept. */
export function framesText(fromSeq: number, steps: readonly number[], values: FrameValues): FramesText {
  const base64 = (array: FrameValues): string => Buffer.from(bytesOf(array)).toString('base64');
  return {
    fromSeq,
    rows: steps.length,
    steps: base64(new Float64Array(steps)),
    times: base64(new Float64Array(steps.length).fill(NaN)),
    data: base64(values),
  };
}
