/** What x may be: its name in words, its ticks and how they and a single place on it are written. */
import { formatDuration, formatLoss, formatCv, formatAccuracy } from '../ui/numbers.js';
import { FRAME, WALL_TIME } from './chart-settings.js';
import { clockTicks, formatClock, formatClockTicks } from './clock-ticks.js';
import { epochTicks, formatLogTicks, formatTicks, formatTimeTicks, linearTicks, logTicks, timeTicks } from './ticks.js';

/** `by epoch`, `by training time`, `by loss`. @param stepName what is shown of the axis of epochs */
export function xWords(x: string, stepName = 'epoch'): string {
  if (x === 'epoch') return stepName;
  if (x === WALL_TIME) return 'wall time';
  if (x === FRAME) return 'frame';
  return x === 'seconds' ? 'training time' : x;
}

/** @param whole whether all steps are whole numbers, between which no tick means anything */
export function xTicks(x: string, log: boolean, min: number, max: number, whole = true): number[] {
  if ((x === 'epoch' && whole) || x === FRAME)
    return log ? logTicks(min, max).filter(Number.isInteger) : epochTicks(min, max);
  if (x === WALL_TIME) return clockTicks(min, max);
  if (log) return logTicks(min, max);
  return x === 'seconds' ? timeTicks(min, max) : linearTicks(min, max);
}

export function formatXTicks(x: string, log: boolean, ticks: readonly number[]): string[] {
  if ((x === 'epoch' || x === FRAME) && ticks.every(Number.isInteger)) return ticks.map(String);
  if (x === WALL_TIME) return formatClockTicks(ticks);
  if (x === 'seconds' && !log) return formatTimeTicks(ticks, ticks.at(-1) ?? 0);
  const texts = log ? formatLogTicks(ticks) : formatTicks(ticks);
  return x === 'seconds' ? texts.map((text) => `${text} s`) : texts;
}

/** One place on the axis, as the tooltip names it: `epoch 21`, `12.4 s`, `loss 0.0312`. @param whole as for `xTicks` */
export function formatX(x: string, value: number, stepName = 'epoch', whole = true): string {
  if (x === 'epoch') return `${stepName} ${whole ? Math.round(value) : Number(value.toPrecision(4))}`;
  if (x === FRAME) return `frame ${Math.round(value)}`;
  if (x === WALL_TIME) return formatClock(value);
  if (x === 'seconds') return value < 60 ? `${value.toFixed(1)} s` : formatDuration(value);
  if (x === 'accuracy') return `accuracy ${formatAccuracy(value)}%`;
  return `${x} ${x === 'loss' ? formatLoss(value) : formatCv(value, 4)}`;
}
