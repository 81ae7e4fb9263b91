/**
 * The line of runs and the slots they train in: when a slot is free, the first in line takes it. A run that ends,
 * for whatever reason, gives up its slot; a run that is resumed joins the line again.
 */
import { Observable, Subscription } from 'rxjs';
import { compareTurns, type Waiting } from './turn-order.js';

export type LineChange =
  /** All of them join before the next turn is given. */
  | { type: 'join'; runs: Waiting[] }
  /** Out of the line, or out of the slot: its stream is unsubscribed. */
  | { type: 'leave'; runIds: string[] }
  /** Nobody gets a turn until `release`; what trains goes on until it ends. */
  | { type: 'hold' }
  | { type: 'release' }
  /** Nobody waits any more; what trains goes on until it ends. */
  | { type: 'close' };

/** Who has a slot and who waits for one, in the order in which they will begin. */
export interface Line {
  training: readonly string[];
  waiting: readonly string[];
  /** Nobody gets a turn for the time being. */
  isHeld: boolean;
}

export type Scheduled<Event> = { runId: string; event: Event };

/**
 * Runs `train(runId)` for each run in line, at most `slots` at a time, and passes on what they emit. Completes after
 * `close` (or the end of `changes$`) when the last slot is free. A stream that errors counts as ended; runs' streams
 * are expected to say how they ended in an event.
 * @param arranged hears how the line stands whenever it has changed
 */
export function schedule<Event>(
  changes$: Observable<LineChange>,
  slots: number,
  train: (runId: string) => Observable<Event>,
  arranged: (line: Line) => void = () => undefined,
): Observable<Scheduled<Event>> {
  return new Observable((subscriber) => {
    let line: Waiting[] = [];
    let isClosed = false;
    let isHeld = false;
    const training = new Map<string, Subscription>();

    const fill = (): void => {
      while (!isHeld && training.size < slots) {
        const next = line.shift();
        if (next === undefined) break;
        begin(next.runId);
      }
      arranged({ training: [...training.keys()], waiting: line.map(({ runId }) => runId), isHeld });
      if (isClosed && training.size === 0) subscriber.complete();
    };

    const begin = (runId: string): void => {
      const subscription = new Subscription();
      training.set(runId, subscription);
      const giveUpSlot = (): void => {
        // The run may have left and joined again since: then the slot is not this stream's to give.
        if (training.get(runId) === subscription) training.delete(runId);
        fill();
      };
      subscription.add(
        train(runId).subscribe({
          next: (event) => subscriber.next({ runId, event }),
          error: giveUpSlot,
          complete: giveUpSlot,
        }),
      );
    };

    subscriber.add(
      changes$.subscribe({
        next: (change) => {
          switch (change.type) {
            case 'join':
              if (isClosed) return;
              line = [...line, ...change.runs].sort(compareTurns);
              break;
            case 'leave':
              line = line.filter(({ runId }) => !change.runIds.includes(runId));
              for (const runId of change.runIds) {
                training.get(runId)?.unsubscribe();
                training.delete(runId);
              }
              break;
            case 'hold':
            case 'release':
              isHeld = change.type === 'hold';
              break;
            case 'close':
              isClosed = true;
              line = [];
          }
          fill();
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => {
          isClosed = true;
          fill();
        },
      }),
    );
    subscriber.add(() => {
      for (const subscription of training.values()) subscription.unsubscribe();
    });
  });
}
