/** A run as the command line's `--json` and the reports show it: its config, curves and full measurements. */
import type { Fingerprint, Measurement } from '../../../shared/measurement.js';
import { LOCAL_COLUMNS, type Run, type RunStatus } from '../../../shared/run.js';
import { attentionConfig, type RunConfig } from '../../../shared/experiments/attention-cv/sweep.js';

/** A value an epoch. */
type Curve = (number | null)[];

/** @typeParam C what curves are: as lists, or as something that is read while it is written */
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

/** Puts a run's report together. `curve` answers a column of its frames, in the order of `columnsOf`. */
export function runReport<C>(
  run: Run,
  curve: (column: number) => C,
  { measurements, fingerprint }: RunNumbers,
): RunReport<C> {
  const { error } = run;
  return {
    ...attentionConfig(run),
    status: run.status,
    ...(error ? { error: error.message } : {}),
    seconds: Number(run.seconds.toFixed(3)),
    loss: curve(LOCAL_COLUMNS.indexOf('loss')),
    accuracy: curve(LOCAL_COLUMNS.indexOf('accuracy')),
    series: Object.fromEntries(run.series.map((name, index) => [name, curve(LOCAL_COLUMNS.length + index)])),
    measurements,
    fingerprint: fingerprint ?? null,
  };
}
