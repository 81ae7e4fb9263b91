/** What one run's own draws say, as the original script makes them at three of its epochs. */
import { fullMeasurementEpochs } from '../../../shared/experiments/attention-cv/measuring.js';
import type { Run } from '../../../shared/run.js';
import {
  type EpochReading,
  LOADING,
  measurementOf,
  missing,
  nothing,
  type ReadValue,
  type RunNumbers,
  whyNot,
} from '../../runs/epoch-reading.js';

/** Of a run's full measurements, which draw. */
export const FULL_POINTS = ['first', 'middle', 'last'] as const;
export type FullPoint = (typeof FULL_POINTS)[number];

/** What the run's own draws said, as the original script prints them: no standard errors, movement of two draws. */
export function scriptReading({ run, columns, measurements }: RunNumbers, point: FullPoint): EpochReading {
  const epoch = epochOfPoint(run, point);
  const measured = measurementOf(measurements, 'script', epoch);
  if (measured === undefined) return nothing(measurements === undefined ? LOADING : whyNot(run, columns, epoch));
  const start = measurementOf(measurements, 'script', 0);
  const value = (series: string): ReadValue => {
    const own = measured.values[series];
    if (own === undefined) return missing('fewer heads');
    const before = start?.values[series]?.cv ?? null;
    const movement = own.cv === null || before === null ? null : own.cv - before;
    return { ...own, movement, error: null };
  };
  return { epoch, accuracy: columns?.at('accuracy', epoch) ?? NaN, full: false, value };
}

export function epochOfPoint({ step, total }: Pick<Run, 'step' | 'total'>, point: FullPoint): number {
  if (point === 'first') return 0;
  const last = total ?? step;
  return point === 'last' ? last : (fullMeasurementEpochs(last).at(-2) ?? 0);
}
