/** The full measurements of a reference run on both samples, as the original script's points give them. */
import { fullMeasurementEpochs } from '../../shared/experiments/attention-cv/measuring.js';
import type { MeasuredValue, Measurement } from '../../shared/measurement.js';
import { golden } from './golden.js';

interface OnFixedSample {
  measurements: Record<string, Record<string, MeasuredValue>>;
}

type ScriptPoint = 'pre' | 'mid' | 'post';

interface OnOwnDraws {
  cv_robust: Record<ScriptPoint, Record<string, number | null>>;
  /** By series: valid samples in the script, valid ones of those that count here, degenerate ones. */
  counts_script_robust_degenerate: Record<ScriptPoint, Record<string, [number, number, number]>>;
}

const POINTS: readonly ScriptPoint[] = ['pre', 'mid', 'post'];

/** Both measurements of each of the reference run's three epochs, oldest first. */
export function replayMeasurements(dim: number, heads: number, epochs: number): Measurement[] {
  const fixed = golden<OnFixedSample>(`trajectory_d${dim}_h${heads}`);
  const script = golden<OnOwnDraws>(`d${dim}_h${heads}`);
  return fullMeasurementEpochs(epochs).flatMap((epoch, index): Measurement[] => {
    const point = POINTS[index]!;
    const drawn = Object.entries(script.cv_robust[point]).map(([series, cv]): [string, MeasuredValue] => [
      series,
      { cv, valid: script.counts_script_robust_degenerate[point][series]![1] },
    ]);
    return [
      { epoch, sample: 'script', values: Object.fromEntries(drawn) },
      { epoch, sample: 'fixed', values: fixed.measurements[epoch]! },
    ];
  });
}
