/** Whether what is trained can be kept: which writes are refused at present, and what users are told of it. */
import { BehaviorSubject, type Observable } from 'rxjs';
import type { StorageNotice } from '../../shared/protocol.js';
import { messageOf } from '../message-of.js';
import { storageErrorOf } from '../store/storage-error.js';

export class StorageHealth {
  readonly #now: () => Date;
  /** What is refused, by who tries to write; in the order in which the trouble began. */
  readonly #troubles = new Map<string, string>();
  readonly #notice$ = new BehaviorSubject<StorageNotice | null>(null);
  /** Null while everything can be written. Begins with the present one. */
  readonly notice$: Observable<StorageNotice | null> = this.#notice$.asObservable();

  constructor(now: () => Date) {
    this.#now = now;
  }

  get notice(): StorageNotice | null {
    return this.#notice$.value;
  }

  refused(writer: string, error: unknown): void {
    if (this.#troubles.has(writer)) return;
    this.#troubles.set(writer, storageMessage(error));
    this.#tell();
  }

  accepted(writer: string): void {
    if (this.#troubles.delete(writer)) this.#tell();
  }

  /** The notice stays as it began until the last trouble is over. */
  #tell(): void {
    const [message] = this.#troubles.values();
    if (message === undefined) this.#notice$.next(null);
    else if (this.#notice$.value === null) this.#notice$.next({ message, since: this.#now().toISOString() });
  }
}

/** Whether `error` is the disk's doing, so that the same write may succeed later. */
export function isStorageError(error: unknown): boolean {
  return storageErrorOf(error) !== null;
}

/** What happened, what becomes of the runs, and what to do. */
export function storageMessage(error: unknown): string {
  const goesOn = 'training waits, nothing is lost, and it goes on by itself';
  const kind = storageErrorOf(error);
  const reason = messageOf(error);
  if (kind === 'full') return `the disk is full: ${goesOn} once there is room again where the data folder is`;
  if (kind === 'broken') return `the disk of the data folder fails (${reason}): ${goesOn} once it can be written`;
  return `the runs cannot be stored (${reason}): ${goesOn} once they can`;
}
