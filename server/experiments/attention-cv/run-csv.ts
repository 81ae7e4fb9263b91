/** Runs as CSV (RFC 4180, with line feeds): one row per run and epoch. */
import { columnsOf, LOCAL_COLUMNS, type Run } from '../../../shared/run.js';
import { attentionConfig, type RunConfig } from '../../../shared/experiments/attention-cv/sweep.js';
import { csvRow } from '../../../shared/csv.js';
import { shortened } from '../../formats/shortened.js';
import { frameBlocks, type FrameReader } from '../../formats/stored-frames.js';

/** What tells one run from another, in front of every row. */
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
 * Lines, each with its end. Columns: the run's identity and status, `epoch`, `seconds`, `loss`, `accuracy`, then the
 * series of the run with the most heads; a run with fewer leaves the others' fields empty, as it does where it has no
 * value.
 */
export function* runsToCsv(store: FrameReader, runs: readonly Run[]): Generator<string> {
  // Every run's series are among those of the run with the most, in the same order.
  const series = runs.reduce<string[]>((most, run) => (run.series.length > most.length ? run.series : most), []);
  const columns = [...LOCAL_COLUMNS, ...series];
  yield csvRow([...IDENTITY, 'status', 'epoch', ...columns]);
  for (const run of runs) {
    const own = columnsOf(run);
    const sources = columns.map((name) => own.indexOf(name));
    const config = attentionConfig(run);
    const identity = [...IDENTITY.map((name) => config[name]), run.status];
    for (const { rows, steps, values } of frameBlocks(store, run)) {
      for (let row = 0; row < rows; row += 1) {
        const cells = sources.map((column) => (column < 0 ? null : shortened(values[row * own.length + column])));
        yield csvRow([...identity, steps[row]!, ...cells]);
      }
    }
  }
}
