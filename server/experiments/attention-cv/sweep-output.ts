/**
 * What `pentachoron sweep` prints in the end: the original script's tables, one JSON document, or CSV. In pieces, made
 * as they are written: a long sweep's document is larger than a string can be.
 */
import { attentionConfig } from '../../../shared/experiments/attention-cv/sweep.js';
import type { EngineInfo } from '../../../shared/engine.js';
import { LOCAL_COLUMNS, type Run } from '../../../shared/run.js';
import { renderReport } from './report.js';
import { runReport, type RunNumbers, type RunReport } from './run-report.js';
import { jsonPieces, LazyList } from '../../formats/json-pieces.js';
import { runsToCsv } from './run-csv.js';
import { shortened } from '../../formats/shortened.js';
import { StoredColumns } from '../../formats/stored-frames.js';
import type { ReportSource } from '../../formats/stored-frames.js';

export type SweepFormat = 'json' | 'csv' | 'tables';

export function sweepOutput(
  format: SweepFormat,
  { runs, seconds }: { runs: readonly Run[]; seconds: number },
  store: ReportSource,
  trainers: { engine: EngineInfo | null; workers: number },
): Iterable<string> {
  switch (format) {
    case 'csv':
      return runsToCsv(store, runs);
    case 'tables':
      return renderReport(runs.map(attentionConfig), tableReports(store, runs));
    case 'json':
      return document({
        ...trainers,
        seconds: Number(seconds.toFixed(3)),
        runs: new LazyList(() => jsonReports(store, runs)),
      });
  }
}

function* document(content: object): Generator<string> {
  yield* jsonPieces(content);
  yield '\n';
}

function* jsonReports(store: ReportSource, runs: readonly Run[]): Generator<RunReport<LazyList>> {
  for (const run of runs) {
    const columns = new StoredColumns(store, run);
    yield runReport(run, (index) => new LazyList(() => shortenedValues(columns.column(index))), numbersOf(store, run));
  }
}

/** The tables show no series: those are not read. */
function* tableReports(store: ReportSource, runs: readonly Run[]): Generator<RunReport> {
  for (const run of runs) {
    const columns = new StoredColumns(store, run);
    const curve = (index: number): (number | null)[] =>
      index < LOCAL_COLUMNS.length ? [...shortenedValues(columns.column(index))] : [];
    yield runReport(run, curve, numbersOf(store, run));
  }
}

function numbersOf(store: ReportSource, { id }: Run): RunNumbers {
  return { measurements: store.measurements(id), fingerprint: store.fingerprint(id) };
}

function* shortenedValues(values: Iterable<number>): Generator<number | null> {
  for (const value of values) yield shortened(value);
}
