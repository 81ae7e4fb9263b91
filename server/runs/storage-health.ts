/** Whether what is trained can be kept: which writes are refused at present, and what users are told of it. */
import { BehaviorSubject, type Observable } from 'rxjs';
import type { StorageNotice } from '../../shared/protocol.js';
import { messageOf } from '../message-of.js';
import { canHeal, storageErrorOf, type StorageTrouble } from '../store/storage-error.js';

interface Trouble {
  /** What happened. */
  reason: string;
  /** That, and what follows. */
  message: string;
  /** Whether it does not pass by itself. */
  isLasting: boolean;
}

export class StorageHealth {
  readonly #now: () => Date;
  /** What is refused at present, by who tries to write; in the order in which the trouble began. */
  readonly #troubles = new Map<string, Trouble>();
  readonly #notice$ = new BehaviorSubject<StorageNotice | null>(null);
  /** Null while everything can be written. Begins with the present one. */
  readonly notice$: Observable<StorageNotice | null> = this.#notice$.asObservable();

  constructor(now: () => Date) {
    this.#now = now;
  }

  get notice(): StorageNotice | null {
    return this.#notice$.value;
  }

  /** The trouble that the notice tells of. Of those that pass by themselves nothing is said beside one that does not. */
  get trouble(): Trouble | undefined {
    const troubles = [...this.#troubles.values()];
    return troubles.find(({ isLasting }) => isLasting) ?? troubles[0];
  }

  /** Answers whether that is news. */
  refused(writer: string, error: unknown): boolean {
    const message = storageMessage(error);
    if (this.#troubles.get(writer)?.message === message) return false;
    this.#troubles.set(writer, { reason: storageTrouble(error), message, isLasting: !canHeal(storageErrorOf(error)) });
    this.#tell();
    return true;
  }

  accepted(writer: string): void {
    if (this.#troubles.delete(writer)) this.#tell();
  }

  /** `since` stays as it began until the last trouble is over. */
  #tell(): void {
    const message = this.trouble?.message;
    const before = this.#notice$.value;
    if (message === before?.message) return;
    this.#notice$.next(message === undefined ? null : { message, since: before?.since ?? this.#now().toISOString() });
  }
}

/** Whether `error` is the storage's doing. */
export function isStorageError(error: unknown): boolean {
  return storageErrorOf(error) !== null;
}

/** Whether it is, and the same write may succeed later. */
export function isPassing(error: unknown): boolean {
  const trouble = storageErrorOf(error);
  return trouble !== null && canHeal(trouble);
}

/** What happened. */
export function storageTrouble(error: unknown): string {
  const reason = messageOf(error);
  switch (storageErrorOf(error)) {
    case 'full':
      return 'the disk is full';
    case 'failing':
      return `the disk of the data folder fails (${reason})`;
    case 'busy':
      return `another program holds the database of the data folder (${reason})`;
    case 'away':
    case 'removed':
      return reason;
    case 'damaged':
      return `the database of the data folder is damaged (${reason})`;
    case null:
      return `the runs cannot be stored (${reason})`;
  }
}

/** What happened, what becomes of the runs, and what to do. */
export function storageMessage(error: unknown): string {
  return `${storageTrouble(error)}: ${outlook(storageErrorOf(error))}`;
}

function outlook(trouble: StorageTrouble | null): string {
  const goesOn = 'training waits, nothing is lost, and it goes on by itself once';
  switch (trouble) {
    case 'full':
      return `${goesOn} there is room again where the data folder is`;
    case 'failing':
      return `${goesOn} it can be written`;
    case 'busy':
      return `${goesOn} that one lets go of it`;
    case 'away':
      return `${goesOn} what was there is back in its place; until then nothing is written`;
    case 'removed':
      return (
        'training waits, and what is still shown here is gone when the server ends; ' +
        'save what you need from the page before, or put a whole copy in its place'
      );
    case 'damaged':
      return (
        'nothing is trained or stored any more, and this does not pass by itself; ' +
        'save what you need from the page, end the server, and put a copy in its place or use another folder'
      );
    case null:
      return (
        'training waits, and storing them is tried again and again; if that does not help, end the server: ' +
        'the next start trains on from what is stored'
      );
  }
}
