/** Why a shown run has no value of a series at an epoch. */
import type { Measurement } from '../../shared/measurement.js';
import type { Run } from '../../shared/run.js';
import { experimentOf } from '../experiments/experiments.js';
import { fixedReading } from './epoch-reading.js';
import type { RunColumns } from './run-columns.js';

/**
 * @param measurements the run's full ones, asked for where a value that was measured is missing: a reason of theirs is
 * the best there is, and a cloud with too few rows has too few at every epoch.
 */
export function whyNoValue(
  run: Run,
  columns: RunColumns | undefined,
  measurements: () => readonly Measurement[] | undefined,
  series: string,
  epoch: number,
): string {
  const trained = columns !== undefined && epoch <= columns.lastStep;
  if (trained) {
    if (!Number.isNaN(columns.at(series, epoch))) return 'value ≤ 0';
    const reason = experimentOf(run).whyNoValue(run, columns, series, epoch);
    if (reason !== undefined) return reason;
    if (!columns.has(series)) return 'no such series';
  }
  const full = trained ? measurements() : undefined;
  return fixedReading({ run, columns, measurements: full }, epoch).value(series).reason ?? 'not measured';
}

export interface Absence {
  reason: string;
  labels: string[];
  /** How many more have no value for the same reason. */
  more: number;
}

/** Runs by why they have no value, in the order in which the reasons come up. */
export function absences(runs: readonly { label: string; reason: string }[], most = 3): Absence[] {
  const byReason = new Map<string, string[]>();
  for (const { label, reason } of runs) byReason.set(reason, [...(byReason.get(reason) ?? []), label]);
  return [...byReason].map(([reason, labels]) => ({
    reason,
    labels: labels.slice(0, most),
    more: Math.max(0, labels.length - most),
  }));
}
