/** How long runs will take that train and wait, played through as the scheduler serves them. Pure. */

/** What a run takes beside its epochs: to be set up, to be stored, and for the next one to have its slot. */
export const HANDOVER_SECONDS = 0.1;

/** A run that trains or waits. */
export interface RunAhead {
  id: string;
  /** Of training that are left. */
  seconds: number;
}

/**
 * Seconds until each run is done.
 * @param training those that hold a slot
 * @param waiting in the order in which they begin
 */
export function secondsLeft(
  training: readonly RunAhead[],
  waiting: readonly RunAhead[],
  slots: number,
): Map<string, number> {
  const left = new Map(training.map(({ id, seconds }) => [id, seconds]));
  const free = training.map(({ seconds }) => seconds);
  while (free.length < Math.max(1, slots)) free.push(0);
  for (const { id, seconds } of waiting) {
    const slot = free.indexOf(Math.min(...free));
    free[slot]! += HANDOVER_SECONDS + seconds;
    left.set(id, free[slot]!);
  }
  return left;
}

/**
 * Rounded up to seven binary digits, so within a 64th, and in the order of the exact values: what is told of hundreds
 * of runs then changes now and then, instead of every second for each of them.
 */
export function roundedUp(seconds: number): number {
  if (seconds <= 0) return 0;
  const step = 2 ** (Math.floor(Math.log2(seconds)) - 6);
  return Math.ceil(seconds / step) * step;
}
