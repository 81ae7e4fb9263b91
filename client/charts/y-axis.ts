/** What y is like in a chart: linear or logarithmic, its ticks and how they are written, and what is said of it. */
import type { ChartSettings } from './chart-settings.js';
import { DEPARTURE_WORDS, type Metric } from './metric.js';
import { formatLogTicks, formatPercentTicks, formatTicks, linearTicks, logTicks } from './ticks.js';
import { xWords } from './x-axis.js';

type Axis = Metric['axis'];

/** Departures are of either sign: no logarithm has a place for them. */
export function yAxis({ axis, departs }: Pick<Metric, 'axis' | 'departs'>, y: ChartSettings['y']): Axis {
  if (departs === true) return 'linear';
  if (y === 'auto') return axis;
  return y === 'linear' && axis === 'percent' ? 'percent' : y;
}

export function yTicks(axis: Axis, min: number, max: number): number[] {
  return axis === 'log' ? logTicks(min, max) : linearTicks(min, max);
}

/** A share is a percentage on a log axis, too. */
export function formatYTicks({ axis: own }: Pick<Metric, 'axis'>, axis: Axis, ticks: readonly number[]): string[] {
  if (axis === 'percent') return formatPercentTicks(ticks);
  if (axis === 'linear') return formatTicks(ticks);
  return own === 'percent'
    ? formatLogTicks(ticks.map((tick) => tick * 100)).map((text) => `${text}%`)
    : formatLogTicks(ticks);
}

/** What stands beside a chart's name: `cross-entropy, log · by training time`. */
export function chartNote(
  metric: Pick<Metric, 'axis' | 'note' | 'departs'>,
  { x, y }: Pick<ChartSettings, 'x' | 'y'>,
): string {
  const log = yAxis(metric, y) === 'log' ? 'log' : '';
  const words = [metric.departs === true ? DEPARTURE_WORDS : '', metric.note, log]
    .filter((part) => part !== '')
    .join(', ');
  return [words, x === 'epoch' ? '' : `by ${xWords(x)}`].filter((part) => part !== '').join(' · ');
}
