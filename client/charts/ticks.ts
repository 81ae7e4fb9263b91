/** Where an axis has its two to five ticks, and how their numbers are written. */

const NICE_STEPS = [1, 2, 2.5, 5, 10];
const MOST_TICKS = 5;

/** Ticks within [min, max] at the finest round step that gives at most five. */
export function linearTicks(min: number, max: number, most: number = MOST_TICKS): number[] {
  const span = max - min;
  if (!(span > 0) || !Number.isFinite(span)) return Number.isFinite(min) ? [min] : [];
  let power = 10 ** Math.floor(Math.log10(span / most));
  for (;;) {
    for (const nice of NICE_STEPS) {
      const step = nice * power;
      // Widened by a hair: 3 × 0.1 is 0.30000000000000004 and would miss a range that ends at 0.3.
      const first = Math.ceil(min / step - 1e-9);
      const last = Math.floor(max / step + 1e-9);
      if (last - first + 1 <= most)
        return Array.from({ length: last - first + 1 }, (_, index) => roundTo((first + index) * step, step));
    }
    power *= 10;
  }
}

/** Whole numbers only, for epochs. */
export function epochTicks(min: number, max: number, most = 6): number[] {
  return linearTicks(min, Math.max(max, min + 1), most).filter(Number.isInteger);
}

/** Units of time with the steps that read well in them, in seconds. */
const TIME_UNITS = [
  { unit: 's', seconds: 1, upTo: 180 },
  { unit: 'min', seconds: 60, upTo: 3 * 3600 },
  { unit: 'h', seconds: 3600, upTo: 4 * 86_400 },
  { unit: 'd', seconds: 86_400, upTo: Infinity },
] as const;

/** Ticks of a time in seconds, round in the unit that `formatTimeTicks` writes them in. */
export function timeTicks(min: number, max: number): number[] {
  const { seconds } = timeUnit(max);
  return linearTicks(min / seconds, max / seconds).map((tick) => tick * seconds);
}

export function formatTimeTicks(ticks: readonly number[], max: number): string[] {
  const { unit, seconds } = timeUnit(max);
  return formatTicks(ticks.map((tick) => tick / seconds)).map((text) => `${text} ${unit}`);
}

function timeUnit(max: number): (typeof TIME_UNITS)[number] {
  return TIME_UNITS.find(({ upTo }) => max <= upTo)!;
}

/** Powers of ten within [min, max], thinned to five; within less than two decades also their 2- and 5-fold. */
export function logTicks(min: number, max: number): number[] {
  if (!(min > 0) || !(max > min)) return [];
  const first = Math.ceil(Math.log10(min) - 1e-9);
  const last = Math.floor(Math.log10(max) + 1e-9);
  const decades = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => 10 ** (first + index));
  if (decades.length >= 2) {
    const every = Math.ceil(decades.length / MOST_TICKS);
    return decades.filter((_, index) => index % every === 0).map((tick) => Number(tick.toPrecision(6)));
  }
  const finer = [first - 1, first, first + 1]
    .flatMap((power) => [1, 2, 5].map((factor) => Number((factor * 10 ** power).toPrecision(6))))
    .filter((tick) => tick >= min && tick <= max);
  return finer.length >= 2 ? finer : linearTicks(min, max, 4);
}

/** Every 2- to 9-fold of a power of ten within [min, max]: the faint lines that tell a log axis. */
export function logMinorTicks(min: number, max: number): number[] {
  const first = Math.floor(Math.log10(min));
  const last = Math.ceil(Math.log10(max));
  if (!Number.isFinite(first) || last - first > 8) return [];
  return Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index))
    .flatMap((power) => [2, 3, 4, 5, 6, 7, 8, 9].map((factor) => factor * power))
    .filter((tick) => tick > min && tick < max);
}

/** All ticks of one axis with the same number of decimals, as many as their step needs. */
export function formatTicks(ticks: readonly number[]): string[] {
  const step = Math.min(...ticks.slice(1).map((tick, index) => tick - ticks[index]!));
  const decimals = Number.isFinite(step) ? decimalsOf(step) : 3;
  return ticks.map((tick) => tick.toFixed(decimals));
}

/** Log ticks: each as short as it can be. */
export function formatLogTicks(ticks: readonly number[]): string[] {
  return ticks.map((tick) =>
    tick >= 0.0001 && tick < 100_000 ? String(Number(tick.toPrecision(3))) : tick.toExponential(0).replace('+', ''),
  );
}

export function formatPercentTicks(ticks: readonly number[]): string[] {
  return formatTicks(ticks.map((tick) => tick * 100)).map((text) => `${text}%`);
}

function decimalsOf(step: number): number {
  for (let decimals = 0; decimals < 10; decimals++) {
    const scaled = step * 10 ** decimals;
    if (Math.abs(scaled - Math.round(scaled)) < 1e-6 * Math.max(1, scaled)) return decimals;
  }
  return 10;
}

function roundTo(value: number, step: number): number {
  return Number(value.toFixed(Math.min(20, decimalsOf(step) + 2)));
}
