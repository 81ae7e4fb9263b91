/** Why a shown run has no value of a series at an epoch. */
import { isMeasuredEpoch, type Measurement } from '../../shared/measurement.js';
import type { Run } from '../../shared/run.js';
import { isCvColumn } from '../charts/chart-settings.js';
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
  const isLocal = run.source === 'local';
  const trained = columns !== undefined && epoch <= columns.lastStep;
  if (trained) {
    if (!columns.has(series)) return isLocal && isCvColumn(series) ? 'fewer heads' : 'no such series';
    if (!Number.isNaN(columns.at(series, epoch))) return 'value ≤ 0';
    if (isLocal && series === 'loss' && epoch === 0) return 'before the first update';
    if (isLocal && isCvColumn(series) && !isMeasuredEpoch(epoch, { epochs: run.total ?? 0, every: run.config.every }))
      return `measured every ${run.config.every} epochs`;
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
