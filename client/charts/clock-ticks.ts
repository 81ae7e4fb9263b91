/** Ticks of an axis of times, in seconds since 1970: at round times of the clock that this browser's place has. */
import { formatTime } from '../ui/numbers.js';

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;
/** Whole parts of the next one, so that ticks stay at round times. */
const STEPS = [
  ...[1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 7, 14, 28, 91, 182, 364, 1820].map((n) => n * DAY),
];
/** A label with a date is long. */
const MOST = 5;

export function clockTicks(min: number, max: number): number[] {
  const step = STEPS.find((each) => (max - min) / each < MOST) ?? STEPS.at(-1)!;
  // As the clock here shows it: 12:00 is not a round time of the day everywhere at once.
  const offset = new Date(min * 1000).getTimezoneOffset() * MINUTE;
  const first = Math.ceil((min - offset) / step) * step + offset;
  const ticks: number[] = [];
  for (let tick = first; tick <= max; tick += step) ticks.push(tick);
  return ticks;
}

/** Without what all of them share: seconds where all are whole minutes, the date where all are of today. */
export function formatClockTicks(ticks: readonly number[], now = new Date()): string[] {
  const days = ticks.every((tick) => new Date(tick * 1000).getHours() + new Date(tick * 1000).getMinutes() === 0);
  const minutes = ticks.every((tick) => tick % MINUTE === 0);
  const today = ticks.every((tick) => new Date(tick * 1000).toDateString() === now.toDateString());
  return ticks.map((tick) => {
    const written = formatTime(new Date(tick * 1000).toISOString(), new Date(0));
    const [date = '', clock = ''] = written.split(' ');
    const short = minutes ? clock.slice(0, 5) : clock;
    if (days && !today) return date.slice(5);
    return today ? short : `${date.slice(5)} ${short}`;
  });
}

export function formatClock(seconds: number): string {
  return Number.isFinite(seconds) ? formatTime(new Date(seconds * 1000).toISOString()) : '';
}
