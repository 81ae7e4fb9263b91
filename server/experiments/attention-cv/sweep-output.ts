/**
 * What `pentachoron sweep` prints in the end: the original script's tables, one JSON document, or CSV. In pieces, made
 * as they are written: a long sweep's document is larger than a string can be.
 */
import { csvRow } from '../../../shared/csv.js';
import { attentionConfig, type RunConfig } from '../../../shared/experiments/attention-cv/sweep.js';
import type { EngineInfo } from '../../../shared/engine.js';
import { splitSeries } from '../../../shared/geometry/catalogue.js';
import { columnsOf, LOCAL_COLUMNS, type Run } from '../../../shared/run.js';
import { renderReport } from './report.js';
import { runReport, type RunNumbers, type RunReport } from './run-report.js';
import { shortened } from '../../formats/shortened.js';
import { frameBlocks, type FrameReader, type ReportSource, StoredColumns } from '../../formats/stored-frames.js';

type CsvSource = FrameReader & Pick<ReportSource, 'measurements'>;

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

/** What tells one run from another, in front of every row of the CSV. */
const IDENTITY = [
  'dim',
  'heads',
  'headDim',
  'seed',
  'lr',
  'vocab',
  'seqLen',
  'classes',
  'samplesPerClass',
  'samples',
  'sampleSeed',
] as const satisfies (keyof RunConfig)[];

/**
 * CSV (RFC 4180, with line feeds): one row per run and epoch, in lines, each with its end. Columns: the run's identity and status, `epoch`, `seconds`, `loss`, `accuracy`, then the
 * series of the run with the most heads; a run with fewer leaves the others' fields empty, as it does where it has no
 * value. Last, `MATRIX:departure`: by how many standard deviations of the Gaussian null the CV departs from its mean.
 */
export function* runsToCsv(store: CsvSource, runs: readonly Run[]): Generator<string> {
  // Every run's series are among those of the run with the most, in the same order.
  const series = runs.reduce<string[]>((most, run) => (run.series.length > most.length ? run.series : most), []);
  const columns = [...LOCAL_COLUMNS, ...series];
  // Their CVs come first.
  const matrices = series.filter((name) => splitSeries(name).metric === 'cv');
  yield csvRow([...IDENTITY, 'status', 'epoch', ...columns, ...matrices.map((name) => `${name}:departure`)]);
  for (const run of runs) {
    const own = columnsOf(run);
    const sources = columns.map((name) => own.indexOf(name));
    const config = attentionConfig(run);
    const identity = [...IDENTITY.map((name) => config[name]), run.status];
    const full = store.measurements(run.id).filter(({ sample }) => sample === 'fixed');
    const nullsAt = full.map(({ values }) => matrices.map((name) => values[name]?.nulls?.gaussian));
    for (const { rows, steps, values } of frameBlocks(store, run)) {
      for (let row = 0; row < rows; row += 1) {
        const cells = sources.map((column) => (column < 0 ? null : shortened(values[row * own.length + column])));
        // Of the newest full measurement: equal rows may have become more.
        const newest = nullsAt[full.findLastIndex(({ epoch }) => epoch <= steps[row]!)];
        const departures = matrices.map((_, index) => {
          const chance = newest?.[index];
          const column = sources[LOCAL_COLUMNS.length + index]!;
          if (chance === undefined || chance.sd === 0 || column < 0) return null;
          return shortened((values[row * own.length + column]! - chance.cv) / chance.sd);
        });
        yield csvRow([...identity, steps[row]!, ...cells, ...departures]);
      }
    }
  }
}

/** A list whose items are made as they are written. */
class LazyList {
  readonly items: () => Iterable<unknown>;

  constructor(items: () => Iterable<unknown>) {
    this.items = items;
  }
}

/**
 * What `JSON.stringify(value)` gives, in pieces. Objects are written field by field and `LazyList`s item by item; all
 * else, arrays too, is written whole.
 */
function* jsonPieces(value: unknown): Generator<string> {
  if (value instanceof LazyList) {
    let separator = '[';
    for (const item of value.items()) {
      yield separator;
      yield* piecesOf(item);
      separator = ',';
    }
    yield separator === '[' ? '[]' : ']';
  } else if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    let separator = '{';
    for (const [key, item] of Object.entries(value)) {
      if (item === undefined) continue;
      yield `${separator}${JSON.stringify(key)}:`;
      yield* piecesOf(item);
      separator = ',';
    }
    yield separator === '{' ? '{}' : '}';
  } else {
    yield JSON.stringify(value);
  }
}

/** Millions of numbers need no generator each. */
function piecesOf(item: unknown): Iterable<string> {
  return item === null || typeof item !== 'object' ? [JSON.stringify(item)] : jsonPieces(item);
}
