/** The full measurements of runs: asked for once a run, then kept up by what the server tells of runs that are followed. */
import type { Result } from '../../shared/errors.js';
import type { Measurement } from '../../shared/measurement.js';

type Read = (runId: string) => Promise<Result<Measurement[]>>;

export class Measurements {
  readonly #read: Read;
  readonly #held = new Map<string, readonly Measurement[]>();
  readonly #asked = new Set<string>();
  /** Whose measurements are all held; of others what was told while they were on their way. */
  readonly #answered = new Set<string>();
  readonly #listeners = new Set<() => void>();

  constructor(read: Read) {
    this.#read = read;
  }

  /** Those of a run, oldest first; undefined until they have arrived. Asks for them the first time. */
  of(runId: string): readonly Measurement[] | undefined {
    if (!this.#asked.has(runId)) void this.#ask(runId);
    return this.#answered.has(runId) ? this.#held.get(runId) : undefined;
  }

  /** One that was just made; it stands for an earlier one of the same epoch and sample. */
  receive(runId: string, measurement: Measurement): void {
    // A run that nobody has asked for is asked for whole.
    if (this.#asked.has(runId)) this.#take(runId, [measurement]);
  }

  /** Lets go of all runs but these: what is deleted is never asked for again. */
  keep(runs: { has: (runId: string) => boolean }): void {
    for (const runId of this.#asked) {
      if (!runs.has(runId)) this.#forget(runId);
    }
  }

  /** What was told meanwhile was missed: everything held is asked for again. */
  reconnected(): void {
    for (const runId of [...this.#asked]) void this.#ask(runId);
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #ask(runId: string): Promise<void> {
    this.#asked.add(runId);
    const answer = await this.#read(runId);
    if (!this.#asked.has(runId)) return;
    if (answer.ok) {
      this.#answered.add(runId);
      this.#take(runId, answer.data);
    }
    // The next reader, or the next connection, asks again.
    else if (!this.#answered.has(runId)) this.#forget(runId);
  }

  #forget(runId: string): void {
    this.#asked.delete(runId);
    this.#answered.delete(runId);
    this.#held.delete(runId);
  }

  #take(runId: string, measurements: readonly Measurement[]): void {
    const byKey = new Map((this.#held.get(runId) ?? []).map((each) => [keyOf(each), each]));
    for (const each of measurements) byKey.set(keyOf(each), each);
    this.#held.set(
      runId,
      [...byKey.values()].sort((a, b) => a.epoch - b.epoch),
    );
    for (const listener of [...this.#listeners]) listener();
  }
}

function keyOf({ epoch, sample }: Measurement): string {
  return `${epoch} ${sample}`;
}
