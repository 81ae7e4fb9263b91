/** Whether a CV is in the band, and when its sampling error leaves that open: the one rule, wherever a CV is shown. */
import type { StandardError } from './standard-error.js';

export interface Band {
  readonly low: number;
  readonly high: number;
}

export type Judgement = 'in' | 'out' | 'undecided';

export const JUDGEMENT_WORDS: Record<Judgement, string> = {
  in: 'in the band',
  undecided: 'undecided',
  out: 'outside',
};

/** What stands before a number as text: filled, hollow, or nothing. */
export const JUDGEMENT_SIGNS: Record<Judgement, string> = { in: '● ', undecided: '○ ', out: '' };

/**
 * The band without its edges, as the original script has it; closer than one standard error to an edge, on either
 * side, it is undecided.
 * @param error null = not known, and then the value alone decides; undefined = not here yet, and then nothing is said
 * that the error might take back.
 */
export function judge(cv: number, error: Pick<StandardError, 'value'> | null, band: Band): Judgement;
export function judge(
  cv: number,
  error: Pick<StandardError, 'value'> | null | undefined,
  band: Band,
): Judgement | undefined;
export function judge(
  cv: number,
  error: Pick<StandardError, 'value'> | null | undefined,
  { low, high }: Band,
): Judgement | undefined {
  if (error === undefined) return undefined;
  if (error !== null && Math.min(Math.abs(cv - low), Math.abs(cv - high)) < error.value) return 'undecided';
  return cv > low && cv < high ? 'in' : 'out';
}
