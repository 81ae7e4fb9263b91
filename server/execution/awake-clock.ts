/** Time as this process lives it: while it, or the whole machine, stands still, none of it passes. */
import { interval, map, type Observable } from 'rxjs';

/** Emits every `tickMs` how many milliseconds were lived since the subscription; a late tick counts as one, not more. */
export function awakeMs(tickMs: number): Observable<number> {
  return interval(tickMs).pipe(map((ticks) => (ticks + 1) * tickMs));
}
