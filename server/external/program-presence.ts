/**
 * Whether the programs that train runs are heard, by what they send or by waiting for what is asked of them, and how
 * those who wait are told.
 */
import { filter, first, interval, merge, Subject, type Subscription, timer } from 'rxjs';
import { hasEnded, type Run } from '../../shared/run.js';
import type { RunStream } from '../runs/run-stream.js';

export interface ProgramPresenceParts {
  stream: RunStream;
  now: () => Date;
  /** A program that says nothing for so long is told of as silent. */
  silentMs?: number;
  /** Is told now and then, and at the end, when the program of each run was heard last, in ms since 1970. */
  keep: (heard: ReadonlyMap<string, number>, isLast: boolean) => void;
}

const SILENT_MS = 30_000;
/** Looks in the time after which a program is silent. */
const LOOKS = 6;

export class ProgramPresence {
  readonly #parts: ProgramPresenceParts;
  readonly #silentMs: number;
  readonly #looking: Subscription;
  /** When a run's program was heard last, in ms; of runs that have not ended and whose program is not silent. */
  readonly #heard: Map<string, number>;
  /** How many wait for what is asked of a run's program. */
  readonly #waiting = new Map<string, number>();
  readonly #versions = new Map<string, number>();
  readonly #asked$ = new Subject<string>();
  readonly #closed$ = new Subject<void>();
  /** What was asked before this server began is older than all that is asked from now on. */
  readonly #startMs: number;

  /** @param heard when the program of each run that goes on was heard last, where an earlier server noted it */
  constructor(parts: ProgramPresenceParts, heard: ReadonlyMap<string, number | undefined>) {
    this.#parts = parts;
    this.#silentMs = parts.silentMs ?? SILENT_MS;
    const startMs = parts.now().getTime();
    this.#startMs = startMs;
    // Not later than now, else a clock that was set back would keep a program that is gone from being silent.
    this.#heard = new Map([...heard].map(([id, ms = startMs]) => [id, Math.min(ms, startMs)]));
    this.#looking = interval(this.#silentMs / LOOKS).subscribe(() => this.#look(false));
  }

  /** Its program has said something. Answers the run where that is news: it is silent no more. */
  hear(runId: string): Run | undefined {
    const { stream, now } = this.#parts;
    const run = stream.run(runId);
    if (run === undefined) return undefined;
    if (!hasEnded(run)) this.#heard.set(runId, now().getTime());
    if (run.silentSince === undefined) return undefined;
    const { silentSince, ...rest } = run;
    const log = { runId, at: now().toISOString(), event: 'heard-again', by: 'server', details: { silentSince } };
    stream.stage({ run: rest, log: [log] });
    return rest;
  }

  #look(isLast: boolean): void {
    const { stream, now, keep } = this.#parts;
    const nowMs = now().getTime();
    for (const [id, heardMs] of this.#heard) {
      const run = stream.run(id);
      if (run === undefined || hasEnded(run) || run.silentSince !== undefined) {
        this.#heard.delete(id);
        continue;
      }
      if (this.#waiting.has(id)) this.#heard.set(id, nowMs);
      else if (nowMs - heardMs >= this.#silentMs) {
        const silentSince = new Date(heardMs).toISOString();
        const log = { runId: id, at: now().toISOString(), event: 'silent', by: 'server', details: { silentSince } };
        stream.stage({ run: { ...run, silentSince }, log: [log] });
      }
    }
    keep(this.#heard, isLast);
  }

  /** Until there is a later version than `after` of what is asked of the run's program, at most so long. */
  async wait(runId: string, after: number, waitMs: number, signal?: AbortSignal): Promise<void> {
    if (waitMs <= 0 || this.version(runId) > after) return;
    this.#waiting.set(runId, (this.#waiting.get(runId) ?? 0) + 1);
    const gone$ = new Subject<void>();
    const leave = (): void => gone$.next();
    signal?.addEventListener('abort', leave, { once: true });
    await new Promise<void>((resolve) => {
      merge(timer(waitMs), this.#asked$.pipe(filter((id) => id === runId)), this.#closed$, gone$)
        .pipe(first())
        .subscribe(() => resolve());
    });
    signal?.removeEventListener('abort', leave);
    const others = this.#waiting.get(runId)! - 1;
    if (others === 0) this.#waiting.delete(runId);
    else this.#waiting.set(runId, others);
    if (signal?.aborted !== true) this.hear(runId);
  }

  /** Of what is asked of the run's program. */
  version(runId: string): number {
    return this.#versions.get(runId) ?? this.#startMs;
  }

  /** What is asked of the run's program has changed. */
  tell(runId: string): void {
    this.#versions.set(runId, Math.max(this.version(runId) + 1, this.#parts.now().getTime()));
    this.#asked$.next(runId);
  }

  forget(runId: string): void {
    this.#heard.delete(runId);
    this.#versions.delete(runId);
    this.#asked$.next(runId);
  }

  /** Once: what is noted after the store has been closed would be tried again for ever. */
  close(): void {
    if (this.#looking.closed) return;
    this.#looking.unsubscribe();
    this.#look(true);
    this.#closed$.next();
  }
}
