/** Whether what is trained can be kept: which writes are refused at present, and what users are told of it. */
import { BehaviorSubject, type Observable } from 'rxjs';
import type { StorageNotice } from '../../shared/protocol.js';

const FULL = ['ENOSPC', 'EDQUOT', 'SQLITE_FULL'];
const BROKEN = ['EIO', 'EROFS', 'SQLITE_IOERR', 'SQLITE_READONLY', 'SQLITE_CANTOPEN'];

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
  return [...FULL, ...BROKEN].includes(codeOf(error));
}

/** What happened, what becomes of the runs, and what to do. */
export function storageMessage(error: unknown): string {
  const goesOn = 'training waits, nothing is lost, and it goes on by itself';
  const code = codeOf(error);
  const reason = error instanceof Error ? error.message : String(error);
  if (FULL.includes(code)) return `the disk is full: ${goesOn} once there is room again where the data folder is`;
  if (BROKEN.includes(code)) return `the disk of the data folder fails (${reason}): ${goesOn} once it can be written`;
  return `the runs cannot be stored (${reason}): ${goesOn} once they can`;
}

/** The system's name of an error, or SQLite's without its extension; empty when it has none. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const name = 'sqliteCodeName' in error ? error.sqliteCodeName : 'code' in error ? error.code : '';
  if (typeof name !== 'string') return '';
  return /^SQLITE_[A-Z]+/.exec(name)?.[0] ?? name;
}
