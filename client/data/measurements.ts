/** The full measurements of runs: asked for once a run, then kept up by what the server tells of runs that are followed. */
import { signal } from '@preact/signals-core';
import type { Result } from '../../shared/errors.js';
import type { Measurement } from '../../shared/measurement.js';

type Read = (runId: string) => Promise<Result<Measurement[]>>;

export class Measurements {
  readonly #read: Read;
  readonly #loaded = signal<ReadonlyMap<string, readonly Measurement[]>>(new Map());
  readonly #asked = new Set<string>();
  /** Whose measurements are all loaded; of others what was told while they were on their way. */
  readonly #answered = new Set<string>();

  constructor(read: Read) {
    this.#read = read;
  }

  /** Those of a run, oldest first; undefined until they have arrived. Asks for them the first time. */
  of(runId: string): readonly Measurement[] | undefined {
    const loaded = this.#loaded.value.get(runId);
    if (!this.#asked.has(runId)) void this.#ask(runId);
    return this.#answered.has(runId) ? loaded : undefined;
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

  /** What was told meanwhile was missed: everything loaded is asked for again. */
  reconnected(): void {
    for (const runId of [...this.#asked]) void this.#ask(runId);
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
    // Telling readers of nothing new would make them ask again, and again where the server refuses.
    if (!this.#loaded.value.has(runId)) return;
    const loaded = new Map(this.#loaded.value);
    loaded.delete(runId);
    this.#loaded.value = loaded;
  }

  #take(runId: string, measurements: readonly Measurement[]): void {
    const loaded = this.#loaded.value;
    const byKey = new Map((loaded.get(runId) ?? []).map((each) => [keyOf(each), each]));
    for (const each of measurements) byKey.set(keyOf(each), each);
    const inOrder = [...byKey.values()].sort((a, b) => a.epoch - b.epoch);
    this.#loaded.value = new Map(loaded).set(runId, inOrder);
  }
}

function keyOf({ epoch, sample }: Measurement): string {
  return `${epoch} ${sample}`;
}
