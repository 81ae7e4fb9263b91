/** A run's history as JSON, CSV or bytes, read from the store part by part, so that none has to fit the memory. */
import { csvRow } from '../../../shared/csv.js';
import { bytesOf, type FrameBlock, widthOf } from '../../../shared/frames.js';
import { columnsOf, type Run, runDtype } from '../../../shared/run.js';
import { shortened } from '../../formats/shortened.js';
import { frameBlocks } from '../../formats/stored-frames.js';
import type { RunHistories } from '../../store/run-store.js';
import { Parts } from './parts.js';

export const FRAME_FORMATS = ['json', 'csv', 'binary'] as const;
export type FrameFormat = (typeof FRAME_FORMATS)[number];

/** As text, two milliseconds of work. */
const PART_VALUES = 4096;

/** What is committed at this moment; frames that follow are not waited for. */
export function framesAs(format: FrameFormat, histories: RunHistories, run: Run, after: number): Parts {
  const fromSeq = after + 1;
  const rows = Math.max(0, histories.nextSeq(run.id) - fromSeq);
  const read = (): Generator<FrameBlock> => frameBlocks(histories, run, { fromSeq, rows, readValues: PART_VALUES });
  const names = [run.stepName, 'at', ...columnsOf(run)];
  switch (format) {
    case 'json':
      return new Parts('application/json', asJson(read(), names, fromSeq));
    case 'csv':
      return new Parts('text/csv', asCsv(read(), names), `run-${run.id}.csv`);
    case 'binary':
      return new Parts('application/octet-stream', asBytes(read, run, { fromSeq, rows }));
  }
}

/** Read three times: the steps of all rows come before the times of all, and those before the values. */
function* asBytes(
  read: () => Generator<FrameBlock>,
  run: Run,
  place: { fromSeq: number; rows: number },
): Generator<string | Uint8Array> {
  const nan: (readonly [row: number, column: number])[] = [];
  // Only what is logged as doubles tells a NaN from no value.
  if (runDtype(run) === 'f64')
    for (const block of read())
      for (const [row, column] of block.nan ?? []) nan.push([block.fromSeq - place.fromSeq + row, column]);
  const head = { ...place, columns: columnsOf(run), dtype: runDtype(run), ...(nan.length > 0 && { nan }) };
  yield `${JSON.stringify(head)}\n`;
  for (const { steps } of read()) yield bytesOf(steps);
  for (const { times } of read()) yield bytesOf(times);
  for (const { values } of read()) yield bytesOf(values);
}

function* asJson(blocks: Iterable<FrameBlock>, names: readonly string[], fromSeq: number): Generator<string> {
  yield `{"columns":${JSON.stringify(names)},"fromSeq":${fromSeq},"rows":[`;
  let isFirst = true;
  for (const block of blocks) {
    const rows = rowsOf(block).map((row) => JSON.stringify(row));
    yield `${isFirst ? '' : ','}${rows.join()}`;
    isFirst = false;
  }
  yield ']}';
}

function* asCsv(blocks: Iterable<FrameBlock>, names: readonly string[]): Generator<string> {
  yield csvRow(names);
  for (const block of blocks) yield rowsOf(block).map(csvRow).join('');
}

/** Step, time and values of each row; null = no value. */
function rowsOf(block: FrameBlock): (number | string | null)[][] {
  const { rows, steps, times, values, nan = [] } = block;
  const columns = widthOf(block);
  const isSingle = values instanceof Float32Array;
  const cells = Array.from({ length: rows }, (_, row) => [
    steps[row]!,
    timeOf(times[row]!),
    ...Array.from(values.subarray(row * columns, (row + 1) * columns), (value) => {
      if (Number.isNaN(value)) return null;
      if (!Number.isFinite(value)) return String(value);
      return isSingle ? shortened(value) : value;
    }),
  ]);
  for (const [row, column] of nan) cells[row]![column + 2] = 'NaN';
  return cells;
}

/** ISO 8601, UTC. */
function timeOf(ms: number): string | null {
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}
