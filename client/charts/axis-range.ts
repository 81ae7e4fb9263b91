/** How far an axis goes: y padded around the data, x to the next round place, so that it seldom moves while lines grow. */
import type { Metric } from './metric.js';

const PADDING = 0.08;
/** A narrower range than this share of the values is widened to it. */
const LEAST_RELATIVE_SPAN = 0.01;

/** @param dataMin, dataMax over the values drawn; null when there is none. */
export function axisRange(axis: Metric['axis'], dataMin: number | null, dataMax: number | null): [number, number] {
  if (dataMin === null || dataMax === null || !Number.isFinite(dataMin) || !Number.isFinite(dataMax))
    return axis === 'log' ? [0.1, 10] : [0, 1];
  if (axis === 'log') return logRange(dataMin, dataMax);
  // Nothing but zeros, as where every sampled pentachoron is the same: the zero line, and room above it.
  if (dataMin === 0 && dataMax === 0 && axis === 'linear') return [-0.01, 0.1];
  const middle = (dataMin + dataMax) / 2;
  const least = axis === 'percent' ? 0.02 : Math.max(Math.abs(middle) * LEAST_RELATIVE_SPAN, 1e-6);
  const half = Math.max(dataMax - dataMin, least) / 2;
  const low = middle - half * (1 + 2 * PADDING);
  const high = middle + half * (1 + 2 * PADDING);
  // A share is never below 0 or above 1; a little air keeps a line at 100 % off the edge.
  return axis === 'percent' ? [Math.max(-0.02, low), Math.min(1.03, high)] : [low, high];
}

function logRange(dataMin: number, dataMax: number): [number, number] {
  const low = Math.max(dataMin, 1e-12);
  const high = Math.max(dataMax, low);
  const ratio = Math.max((high / low) ** PADDING, 1.15);
  return [low / ratio, high * ratio];
}

/** Where an axis of training ends while lines grow: at the next of a few round places, so that it seldom moves. */
const FIRST_EPOCHS = 5;
const STEPS = [1, 2, 3, 5];
const MINUTE = 60;
const HOUR = 3600;
/** Seconds that read well on an axis of time. */
const TIMES = [
  1,
  2,
  5,
  10,
  20,
  30,
  ...[1, 2, 3, 5, 10, 20, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
];

/**
 * @param last the newest epoch there is
 * @param all how many will be trained, where it ends at the latest
 * @param whole whether all of them are whole numbers: else the first one may be all that is trained
 */
export function epochBound(last: number, all: number, whole = true): number {
  return Math.min(Math.max(all, last), roundAbove(whole ? Math.max(last, FIRST_EPOCHS) : last));
}

/** Where an axis of steps begins: at 0, but where that would leave most of it empty or lines outside. */
export function firstStep(oldest: number, newest: number): number {
  if (!Number.isFinite(oldest)) return 0;
  return oldest < 0 || oldest > newest / 2 ? oldest : 0;
}

/** @param last seconds of training so far */
export function timeBound(last: number): number {
  return TIMES.find((time) => time >= last) ?? 24 * HOUR * roundAbove(last / 24 / HOUR);
}

/** The first of …, 0.5, 1, 2, 3, 5, 10, 20, … that is not below; 0 of what is not above 0. */
function roundAbove(value: number): number {
  if (value <= 0) return 0;
  const power = 10 ** Math.floor(Math.log10(value));
  const above = (STEPS.find((step) => step * power >= value) ?? 10) * power;
  return Number(above.toPrecision(2));
}
