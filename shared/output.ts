/** What programs print, as viewers read it. */

/** Of one answer, and of the last ones that may be asked for. */
export const MAX_LINES_IN_ANSWER = 1000;

/** A line that a program printed. */
export interface OutputLine {
  /** Of the run, from 0. */
  n: number;
  text: string;
  stream: 'stdout' | 'stderr';
  /** ISO 8601; absent where it was not said. */
  at?: string;
}
