/** Numbers as Python's format specifications `.4f`, `+.4f` and `.2%` print them, so that outputs can be compared. */

/** More digits than any tie of a double in print range needs to show itself. */
const GUARD_DIGITS = 30;

/** `f"{value:.{digits}f}"`; `nan` where there is no number. */
export function unsigned(value: number | null | undefined, digits: number): string {
  if (value === null || value === undefined || Number.isNaN(value)) return 'nan';
  return value < 0 || Object.is(value, -0) ? `-${magnitude(-value, digits)}` : magnitude(value, digits);
}

/** `f"{value:+.{digits}f}"` */
export function signed(value: number, digits: number): string {
  const text = unsigned(value, digits);
  return text.startsWith('-') ? text : `+${text}`;
}

/** `f"{value:.2%}"`; `N/A` where there is no number. */
export function percent(value: number | null | undefined): string {
  return value === null || value === undefined ? 'N/A' : `${unsigned(value * 100, 2)}%`;
}

/** Python rounds an exact tie to the even digit, `toFixed` away from zero: 0.03125 is 0.0312 there and 0.0313 here. */
function magnitude(value: number, digits: number): string {
  const exact = value.toFixed(digits + GUARD_DIGITS);
  const kept = exact.slice(0, -GUARD_DIGITS);
  const isTie = /^50*$/.test(exact.slice(-GUARD_DIGITS));
  return isTie && /[02468]$/.test(kept) ? kept : value.toFixed(digits);
}
