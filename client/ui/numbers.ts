/** How the page writes numbers, sizes and times: each at a fixed width, so that nothing dances. */

export const NO_VALUE = '–';

/** Four decimals, as long as that says something. */
export function formatLoss(loss: number): string {
  if (Number.isNaN(loss)) return NO_VALUE;
  if (loss !== 0 && (Math.abs(loss) < 0.0001 || Math.abs(loss) >= 1000)) return loss.toExponential(1).replace('+', '');
  return loss.toFixed(loss >= 10 ? 2 : 4);
}

/** A share as percent without its sign. */
export function formatAccuracy(accuracy: number): string {
  return Number.isNaN(accuracy) ? NO_VALUE : (accuracy * 100).toFixed(1);
}

export function formatCv(cv: number, decimals = 3): string {
  return Number.isNaN(cv) ? NO_VALUE : cv.toFixed(decimals);
}

/** `+17.3`; what rounds to nothing has no sign that means anything, and keeps its place. */
export function formatSigned(value: number, decimals: number): string {
  if (Number.isNaN(value)) return NO_VALUE;
  const digits = Math.abs(value).toFixed(decimals);
  return `${value < 0 && Number(digits) !== 0 ? '−' : '+'}${digits}`;
}

/** Any number, to five figures. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return NO_VALUE;
  const size = Math.abs(value);
  if (value !== 0 && (size < 1e-4 || size >= 1e9)) return value.toExponential(3).replace('+', '');
  return Number.isInteger(value) || size >= 1e5 ? String(Math.round(value)) : String(Number(value.toPrecision(5)));
}

/** `3 s`, `4 min 10 s`, `2 h 5 min`, `3 d 4 h`: the two largest units that matter. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return two(whole, 60, 'min', 1, 's');
  if (whole < 86_400) return two(whole, 3600, 'h', 60, 'min');
  return two(whole, 86_400, 'd', 3600, 'h');
}

/** What something took, once it is over: a short time to its tenth. */
export function formatTaken(seconds: number): string {
  return seconds < 9.95 ? `${Math.max(0, seconds).toFixed(1)} s` : formatDuration(seconds);
}

/** One unit alone, for narrow places: `12 s`, `4 min`, `2 h`. */
export function formatShortDuration(seconds: number): string {
  if (seconds < 100) return `${Math.max(0, Math.round(seconds))} s`;
  if (seconds < 6000) return `${Math.round(seconds / 60)} min`;
  return seconds < 200_000 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}

function two(whole: number, unit: number, name: string, small: number, smallName: string): string {
  const rest = Math.floor((whole % unit) / small);
  return `${Math.floor(whole / unit)} ${name}${rest > 0 ? ` ${rest} ${smallName}` : ''}`;
}

export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** `12 kB`, `1.3 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Local, with seconds; the date too unless it is that of `now`. */
export function formatTime(at: string, now: Date = new Date()): string {
  const time = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':');
  if (time.toDateString() === now.toDateString()) return clock;
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${clock}`;
}
