/**
 * The queue of runs and the slots they train in: when a slot is free, the first in the queue takes it. A run that ends,
 * for whatever reason, gives up its slot; a run that is resumed is queued again.
 */
import { Observable, Subscription } from 'rxjs';

/** A run that waits for a slot. */
export interface Waiting {
  runId: string;
  /** Counts up with every resume; null when it waits for its first turn. */
  resumed: number | null;
  /** Order of creation of its sweep. */
  sweepPosition: number;
  cost: number;
}

/** The order of turns: resumed runs first, then sweep by sweep, the most expensive config first; equals as they came. */
export function compareQueued(a: Waiting, b: Waiting): number {
  if (a.resumed !== b.resumed) return (a.resumed ?? Infinity) - (b.resumed ?? Infinity);
  return a.sweepPosition - b.sweepPosition || b.cost - a.cost;
}

export type QueueChange =
  /** All of them are queued before the next turn is given. */
  | { type: 'enqueue'; runs: Waiting[] }
  /** Out of the queue, or out of the slot: its stream is unsubscribed. */
  | { type: 'remove'; runIds: string[] }
  /** Nobody gets a turn until `release`; what trains goes on until it ends. */
  | { type: 'hold' }
  | { type: 'release' }
  /** Nobody waits any more; what trains goes on until it ends. */
  | { type: 'close' };

/** Who has a slot and who waits for one, in the order in which they will begin. */
export interface QueueState {
  training: readonly string[];
  waiting: readonly string[];
  /** Nobody gets a turn for the time being. */
  isHeld: boolean;
  /** How many may train at a time. */
  slots: number;
}

export type Scheduled<Event> = { runId: string; event: Event };

/**
 * Runs `train(runId)` for each run in the queue, at most as many at a time as `capacity$` said last, and passes on what they emit. Completes after
 * `close` (or the end of `changes$`) when the last slot is free. A stream that errors counts as ended; runs' streams
 * are expected to say how they ended in an event.
 * @param arranged hears of the queue and the slots whenever they have changed
 */
export function schedule<Event>(
  changes$: Observable<QueueChange>,
  capacity$: Observable<number>,
  train: (runId: string) => Observable<Event>,
  arranged: (queue: QueueState) => void = () => undefined,
): Observable<Scheduled<Event>> {
  return new Observable((subscriber) => {
    let queue: Waiting[] = [];
    let isClosed = false;
    let isHeld = false;
    let slots = 0;
    const training = new Map<string, Subscription>();

    const fill = (): void => {
      while (!isHeld && training.size < slots) {
        const next = queue.shift();
        if (next === undefined) break;
        begin(next.runId);
      }
      arranged({ training: [...training.keys()], waiting: queue.map(({ runId }) => runId), isHeld, slots });
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

    // With fewer slots than train, those that train go on until they end.
    subscriber.add(
      capacity$.subscribe((capacity) => {
        slots = capacity;
        fill();
      }),
    );
    subscriber.add(
      changes$.subscribe({
        next: (change) => {
          switch (change.type) {
            case 'enqueue':
              if (isClosed) return;
              queue = [...queue, ...change.runs].sort(compareQueued);
              break;
            case 'remove':
              queue = queue.filter(({ runId }) => !change.runIds.includes(runId));
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
              queue = [];
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
