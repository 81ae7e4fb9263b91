/** A run as the command line's `--json` and the reports show it: its config, curves and full measurements. */
import { LEADING_COLUMNS } from '../../shared/frames.js';
import type { Fingerprint, Measurement } from '../../shared/measurement.js';
import type { Run, RunStatus } from '../../shared/run.js';
import type { RunConfig } from '../../shared/sweep.js';

/** A value an epoch. */
type Curve = (number | null)[];

/** @typeParam C how curves are held: as lists, or as something that is read while it is written */
export interface RunReport<C = Curve> extends RunConfig {
  status: RunStatus;
  /** Why the run failed or diverged. */
  error?: string;
  /** Active training time. */
  seconds: number;
  /** Index = epoch, up to the last one trained; epoch 0 has no loss. */
  loss: C;
  accuracy: C;
  /** By series name: the trajectory on the fixed sample, index = epoch; null = not measured or no value. */
  series: Record<string, C>;
  measurements: Measurement[];
  /** Null if the run ended before its start was known. */
  fingerprint: Fingerprint | null;
}

/** What stands beside the curves. */
export interface RunNumbers {
  measurements: Measurement[];
  fingerprint: Fingerprint | undefined;
}

/** Puts a run's report together. `curve` answers a column of its frames, in the order of `frameColumns`. */
export function runReport<C>(
  run: Run,
  curve: (column: number) => C,
  { measurements, fingerprint }: RunNumbers,
): RunReport<C> {
  const { error } = run;
  return {
    ...run.config,
    status: run.status,
    ...(error ? { error: error.message } : {}),
    seconds: Number(run.seconds.toFixed(3)),
    loss: curve(LEADING_COLUMNS.indexOf('loss')),
    accuracy: curve(LEADING_COLUMNS.indexOf('accuracy')),
    series: Object.fromEntries(run.series.map((name, index) => [name, curve(LEADING_COLUMNS.length + index)])),
    measurements,
    fingerprint: fingerprint ?? null,
  };
}

/** Nine significant digits hold every float32 exactly; a double's seventeen would only print its tail of noise. */
export function shortened(float32: number | undefined): number | null {
  return float32 === undefined || !Number.isFinite(float32) ? null : Number(float32.toPrecision(9));
}
