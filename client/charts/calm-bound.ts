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

/** @param last the newest epoch there is. @param all how many will be trained, where it ends at the latest. */
export function epochBound(last: number, all: number): number {
  return Math.min(Math.max(all, last), roundAbove(Math.max(last, FIRST_EPOCHS)));
}

/** @param last seconds of training so far */
export function timeBound(last: number): number {
  return TIMES.find((time) => time >= last) ?? 24 * HOUR * roundAbove(last / 24 / HOUR);
}

/** The first of 1, 2, 3, 5, 10, 20, … that is not below. */
function roundAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return (STEPS.find((step) => step * power >= value) ?? 10) * power;
}
