/** Blocks of frames as they travel to viewers: the columns that they asked for, as text. */
import { bytesOf, type FrameBlock, type FrameValues, makeValues, dtypeOf, widened } from '../../../shared/frames.js';
import type { FramesMessage, FramesText } from '../../../shared/protocol.js';
import { columnsOf, type Run, runDtype } from '../../../shared/run.js';

/** The series that a viewer wants of a run; null: all. */
export type Selection = ReadonlySet<string> | null;

/** Those of the run's columns that are sent: what stands before the series always is. */
export function selectedColumns(run: Pick<Run, 'source' | 'series'>, selection: Selection): string[] {
  const columns = columnsOf(run);
  const leading = columns.length - run.series.length;
  return selection === null ? columns : columns.filter((name, index) => index < leading || selection.has(name));
}

/** Most bytes of frames that are read for one answer: all columns are, however few are sent. */
const READ_BYTES = 4 * 2 ** 20;
/** Of a row's step and time. */
const PLACE_BYTES = 16;

/** How many rows fit into `characters` of base64; at least one. */
export function rowsFor(run: Run, selection: Selection, characters: number): number {
  const valueBytes = runDtype(run) === 'f32' ? 4 : 8;
  const sent = PLACE_BYTES + valueBytes * selectedColumns(run, selection).length;
  const read = PLACE_BYTES + valueBytes * columnsOf(run).length;
  return Math.max(1, Math.floor(Math.min((characters * 3) / 4 / sent, READ_BYTES / read)));
}

/** As wide as the run is now: names are only ever appended, and viewers know them all. */
export function framesText(block: FrameBlock, run: Pick<Run, 'source' | 'series'>, selection: Selection): FramesText {
  const columns = columnsOf(run);
  const wide = { ...block, values: widened(block, columns.length) };
  const { fromSeq, rows, steps, times, values, nan } = selection === null ? wide : picked(wide, run, selection);
  return {
    fromSeq,
    rows,
    steps: base64(steps),
    times: base64(times),
    data: base64(values),
    ...(nan !== undefined && { nan: nan.map(([row, column]): [number, number] => [row, column]) }),
  };
}

/** @param known how many series viewers were told of before: where there are more, the columns are told, too */
export function framesMessage(block: FrameBlock, run: Run, selection: Selection, known: number): FramesMessage {
  const columns = selectedColumns(run, selection);
  const before = selectedColumns({ ...run, series: run.series.slice(0, known) }, selection);
  const isNews = columns.length > before.length;
  return { runId: block.runId, ...framesText(block, run, selection), ...(isNews && { columns }) };
}

function picked(block: FrameBlock, run: Pick<Run, 'source' | 'series'>, selection: Selection): FrameBlock {
  const columns = columnsOf(run);
  const leading = columns.length - run.series.length;
  const sources = [...columns.keys()].filter((index) => index < leading || selection?.has(columns[index]!));
  const values = makeValues(dtypeOf(block.values), block.rows * sources.length);
  for (let row = 0; row < block.rows; row += 1)
    sources.forEach((source, column) => {
      values[row * sources.length + column] = block.values[row * columns.length + source]!;
    });
  const nan = block.nan
    ?.map(([row, column]) => [row, sources.indexOf(column)] as const)
    .filter(([, column]) => column >= 0);
  const { nan: _nan, ...rest } = block;
  return { ...rest, values, ...(nan !== undefined && nan.length > 0 && { nan }) };
}

function base64(values: FrameValues): string {
  const { buffer, byteOffset, byteLength } = bytesOf(values);
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}
