/** A run's history as JSON, CSV or bytes, read from the store part by part, so that none has to fit the memory. */
import type { Response } from 'express';
import { frameColumns, framesToBytes } from '../../shared/frames.js';
import type { Run } from '../../shared/run.js';
import { shortened } from '../experiment/run-report.js';
import type { RunStore } from '../store/run-store.js';
import type { Turns } from '../turns.js';
import { sendInParts } from './send-list.js';

export const FRAME_FORMATS = ['json', 'csv', 'binary'] as const;
export type FrameFormat = (typeof FRAME_FORMATS)[number];

/** As text, two milliseconds of work. */
const PART_BYTES = 16 * 1024;

/** Sends what is committed at this moment; frames that follow are not waited for. */
export function sendFrames(
  response: Response,
  { store, turns }: { store: RunStore; turns: Turns },
  run: Run,
  { after, format }: { after: number; format: FrameFormat },
): void {
  const columns = frameColumns(run.config.heads);
  const fromSeq = after + 1;
  const rows = Math.max(0, store.nextSeq(run.id) - fromSeq);
  const parts = readParts(store, run.id, { fromSeq, rows, columns: columns.length });
  response.set({ 'X-From-Seq': String(fromSeq), 'X-Rows': String(rows), 'X-Columns': String(columns.length) });
  response.set('Cache-Control', 'no-store');
  let body: Iterable<string | Uint8Array>;
  switch (format) {
    case 'json':
      response.type('application/json');
      body = asJson(parts, columns, fromSeq);
      break;
    case 'csv':
      response.type('text/csv').attachment(`run-${run.id}.csv`).type('text/csv');
      body = asCsv(parts, columns);
      break;
    case 'binary':
      response.type('application/octet-stream').set('Content-Length', String(rows * columns.length * 4));
      body = asBytes(parts);
      break;
  }
  sendInParts(response, body, turns);
}

/** The rows as they are stored, (some rows, columns) at a time. */
function* readParts(
  store: RunStore,
  runId: string,
  { fromSeq, rows, columns }: { fromSeq: number; rows: number; columns: number },
): Generator<Float32Array> {
  const limit = Math.max(1, Math.floor(PART_BYTES / (4 * columns)));
  for (let read = 0; read < rows;) {
    const block = store.frames(runId, fromSeq + read - 1, Math.min(limit, rows - read));
    if (block.rows === 0) throw new Error(`run ${runId} was deleted while it was read`);
    read += block.rows;
    yield block.values;
  }
}

function* asBytes(parts: Iterable<Float32Array>): Generator<Uint8Array> {
  for (const values of parts) yield framesToBytes(values);
}

function* asJson(parts: Iterable<Float32Array>, columns: readonly string[], fromSeq: number): Generator<string> {
  yield `{"columns":${JSON.stringify(columns)},"fromSeq":${fromSeq},"rows":[`;
  let isFirst = true;
  for (const values of parts) {
    const rows = rowsOf(values, columns.length).map((row) => JSON.stringify(row));
    yield `${isFirst ? '' : ','}${rows.join()}`;
    isFirst = false;
  }
  yield ']}';
}

function* asCsv(parts: Iterable<Float32Array>, columns: readonly string[]): Generator<string> {
  yield `${columns.join()}\n`;
  for (const values of parts) {
    yield rowsOf(values, columns.length)
      .map((row) => `${row.map((value) => value ?? '').join()}\n`)
      .join('');
  }
}

function rowsOf(values: Float32Array, columns: number): (number | null)[][] {
  return Array.from({ length: values.length / columns }, (_, row) =>
    Array.from(values.subarray(row * columns, (row + 1) * columns), (value) => shortened(value)),
  );
}
