/** The full measurements of runs: asked for once a run, then kept up by what the server tells of runs that are followed. */
import { signal } from '@preact/signals-core';
import type { Result } from '../../shared/errors.js';
import type { Measurement } from '../../shared/measurement.js';

type Read = (runId: string) => Promise<Result<Measurement[]>>;

export class Measurements {
  readonly #read: Read;
  readonly #held = signal<ReadonlyMap<string, readonly Measurement[]>>(new Map());
  readonly #asked = new Set<string>();
  /** Whose measurements are all held; of others what was told while they were on their way. */
  readonly #answered = new Set<string>();

  constructor(read: Read) {
    this.#read = read;
  }

  /** Those of a run, oldest first; undefined until they have arrived. Asks for them the first time. */
  of(runId: string): readonly Measurement[] | undefined {
    const held = this.#held.value.get(runId);
    if (!this.#asked.has(runId)) void this.#ask(runId);
    return this.#answered.has(runId) ? held : undefined;
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
    if (!this.#held.value.has(runId)) return;
    const held = new Map(this.#held.value);
    held.delete(runId);
    this.#held.value = held;
  }

  #take(runId: string, measurements: readonly Measurement[]): void {
    const held = this.#held.value;
    const byKey = new Map((held.get(runId) ?? []).map((each) => [keyOf(each), each]));
    for (const each of measurements) byKey.set(keyOf(each), each);
    const inOrder = [...byKey.values()].sort((a, b) => a.epoch - b.epoch);
    this.#held.value = new Map(held).set(runId, inOrder);
  }
}

function keyOf({ epoch, sample }: Measurement): string {
  return `${epoch} ${sample}`;
}
