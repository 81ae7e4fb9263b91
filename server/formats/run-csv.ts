/** Runs as CSV (RFC 4180, with line feeds): one row per run and epoch. */
import { LEADING_COLUMNS } from '../../shared/frames.js';
import type { Run } from '../../shared/run.js';
import type { RunConfig } from '../../shared/sweep.js';
import { shortened } from '../experiment/run-report.js';

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

/** A run with all its frames from seq 0: (rows, columns of `frameColumns`), row-major, NaN = no value. */
export interface RunWithFrames {
  run: Run;
  frames: Float32Array;
}

/**
 * Columns: the run's identity and status, `epoch`, `seconds`, `loss`, `accuracy`, then the series of the run with the
 * most heads; a run with fewer leaves the others' fields empty, as it does where it has no value.
 */
export function runsToCsv(runs: readonly RunWithFrames[]): string {
  // Every run's series are among those of the run with the most, in the same order.
  const series = runs.reduce<string[]>((most, { run }) => (run.series.length > most.length ? run.series : most), []);
  const header = [...IDENTITY, 'status', ...LEADING_COLUMNS, ...series];
  return [header, ...runs.flatMap((run) => rowsOf(run, series))].map((row) => `${row.join(',')}\n`).join('');
}

function rowsOf({ run, frames }: RunWithFrames, series: readonly string[]): (string | number)[][] {
  const own = [...LEADING_COLUMNS, ...run.series];
  const sources = [...LEADING_COLUMNS, ...series].map((name) => own.indexOf(name));
  const identity = [...IDENTITY.map((name) => run.config[name]), run.status];
  return Array.from({ length: frames.length / own.length }, (_, row) => [
    ...identity,
    ...sources.map((column) => (column < 0 ? '' : (shortened(frames[row * own.length + column]) ?? ''))),
  ]);
}
