/** What `pentachoron sweep` prints in the end: the original script's tables, one JSON document, or CSV. */
import type { EngineInfo } from '../../shared/measurement.js';
import type { Run } from '../../shared/run.js';
import { renderReport } from '../experiment/report.js';
import { buildRunReport, type RunReport } from '../experiment/run-report.js';
import { runsToCsv } from '../formats/run-csv.js';
import type { RunStore } from '../store/run-store.js';
import type { SweepOutcome } from './run-sweep.js';

export type SweepFormat = 'json' | 'csv' | 'tables';

export function sweepOutput(
  format: SweepFormat,
  { runs, seconds }: SweepOutcome,
  store: RunStore,
  trainers: { engine: EngineInfo | null; workers: number },
): string {
  if (format === 'csv') return runsToCsv(runs.map((run) => ({ run, frames: allFrames(store, run) })));
  const reports = runs.map((run) => report(store, run));
  if (format === 'tables') return renderReport(reports);
  return `${JSON.stringify({ ...trainers, seconds: Number(seconds.toFixed(3)), runs: reports })}\n`;
}

function report(store: RunStore, run: Run): RunReport {
  return buildRunReport(run, allFrames(store, run), store.measurements(run.id), store.fingerprint(run.id));
}

function allFrames(store: RunStore, { id }: Run): Float32Array {
  return store.frames(id, -1, store.nextSeq(id)).values;
}
