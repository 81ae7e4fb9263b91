/** A run as the command line's `--json` and the reports show it: its config, curves and full measurements. */
import { LEADING_COLUMNS } from '../../shared/frames.js';
import type { Fingerprint, Measurement } from '../../shared/measurement.js';
import type { Run, RunStatus } from '../../shared/run.js';
import type { RunConfig } from '../../shared/sweep.js';

export interface RunReport extends RunConfig {
  status: RunStatus;
  /** Why the run failed or diverged. */
  error?: string;
  /** Active training time. */
  seconds: number;
  /** Index = epoch, up to the last one trained; epoch 0 has no loss. */
  loss: (number | null)[];
  accuracy: (number | null)[];
  /** By series name: the trajectory on the fixed sample, index = epoch; null = not measured or no value. */
  series: Record<string, (number | null)[]>;
  measurements: Measurement[];
  /** Null if the run ended before its start was known. */
  fingerprint: Fingerprint | null;
}

/**
 * Puts a run's report together. `frames` are all its frames from seq 0: (rows, columns of `frameColumns`),
 * row-major, NaN = no value.
 */
export function buildRunReport(
  run: Run,
  frames: Float32Array,
  measurements: Measurement[],
  fingerprint: Fingerprint | undefined,
): RunReport {
  const width = LEADING_COLUMNS.length + run.series.length;
  const rows = frames.length / width;
  const column = (index: number): (number | null)[] =>
    Array.from({ length: rows }, (_, row) => shortened(frames[row * width + index]));
  const { error } = run;
  return {
    ...run.config,
    status: run.status,
    ...(error ? { error: error.message } : {}),
    seconds: Number(run.seconds.toFixed(3)),
    loss: column(LEADING_COLUMNS.indexOf('loss')),
    accuracy: column(LEADING_COLUMNS.indexOf('accuracy')),
    series: Object.fromEntries(run.series.map((name, index) => [name, column(LEADING_COLUMNS.length + index)])),
    measurements,
    fingerprint: fingerprint ?? null,
  };
}

/** Nine significant digits hold every float32 exactly; a double's seventeen would only print its tail of noise. */
export function shortened(float32: number | undefined): number | null {
  return float32 === undefined || !Number.isFinite(float32) ? null : Number(float32.toPrecision(9));
}
