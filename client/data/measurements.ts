/** The full measurements of runs: asked for once a run, then kept up by what the server tells of runs that are followed. */
import { signal } from '@preact/signals-core';
import type { Result } from '../../shared/errors.js';
import type { Measurement } from '../../shared/measurement.js';

type Read = (runId: string) => Promise<Result<Measurement[]>>;

/**
 * While others are on their way, what arrives within it is told together: charts of five hundred runs are not drawn anew
 * five hundred times.
 */
const TOGETHER_MS = 200;
/** A busy page asks all the same after so long. */
const ASK_WITHIN_MS = 500;
/** For browsers that tell of no idle time. */
const ASK_AFTER_MS = 100;

/** What is on the screen goes first: measurements tell more of values that are drawn without them. */
function whenIdle(work: () => void): void {
  if (typeof requestIdleCallback === 'function') requestIdleCallback(work, { timeout: ASK_WITHIN_MS });
  else setTimeout(work, ASK_AFTER_MS);
}

interface Arrived {
  measurements: readonly Measurement[];
  /** With them all of the run's are here. */
  isWhole: boolean;
}

export class Measurements {
  readonly #read: Read;
  readonly #later: (work: () => void) => void;
  readonly #idle: (work: () => void) => void;
  readonly #loaded = signal<ReadonlyMap<string, readonly Measurement[]>>(new Map());
  readonly #asked = new Set<string>();
  /** Whose measurements are all loaded; of others what was told while they were on their way. */
  readonly #answered = new Set<string>();
  /** Of each run that is being asked for, what was told since, which its answer may not know. */
  readonly #toldSince = new Map<string, Measurement[]>();
  /** What nobody was told of yet. */
  #arrived: { runId: string; part: Arrived }[] = [];

  /**
   * @param later calls after a while
   * @param idle calls when the page has nothing else to do
   */
  constructor(
    read: Read,
    later: (work: () => void) => void = (work) => setTimeout(work, TOGETHER_MS),
    idle: (work: () => void) => void = whenIdle,
  ) {
    this.#read = read;
    this.#later = later;
    this.#idle = idle;
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
    if (!this.#asked.has(runId)) return;
    this.#toldSince.get(runId)?.push(measurement);
    this.#take(runId, { measurements: [measurement], isWhole: false });
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
    const told: Measurement[] = [];
    this.#toldSince.set(runId, told);
    await new Promise<void>((resolve) => this.#idle(resolve));
    // Let go of meanwhile, or asked for again.
    if (this.#toldSince.get(runId) !== told) return;
    const answer = await this.#read(runId);
    if (this.#toldSince.get(runId) !== told) return;
    this.#toldSince.delete(runId);
    if (answer.ok) this.#take(runId, { measurements: [...answer.data, ...told], isWhole: true });
    // The next reader asks again.
    else if (!this.#answered.has(runId)) this.#forget(runId);
  }

  #forget(runId: string): void {
    this.#asked.delete(runId);
    this.#answered.delete(runId);
    this.#toldSince.delete(runId);
    // Asked for again, it is not to take this for its answer.
    this.#arrived = this.#arrived.filter((each) => each.runId !== runId);
    // Telling readers of nothing new would make them ask again, and again where the server refuses.
    if (!this.#loaded.value.has(runId)) return;
    const loaded = new Map(this.#loaded.value);
    loaded.delete(runId);
    this.#loaded.value = loaded;
  }

  #take(runId: string, part: Arrived): void {
    this.#arrived.push({ runId, part });
    if (this.#toldSince.size === 0) this.#tell();
    else if (this.#arrived.length === 1) this.#later(() => this.#tell());
  }

  #tell(): void {
    if (this.#arrived.length === 0) return;
    const arrived = this.#arrived;
    this.#arrived = [];
    const loaded = new Map(this.#loaded.value);
    for (const { runId, part } of arrived) {
      if (part.isWhole) this.#answered.add(runId);
      const byKey = new Map([...(loaded.get(runId) ?? []), ...part.measurements].map((each) => [keyOf(each), each]));
      loaded.set(
        runId,
        [...byKey.values()].sort((a, b) => a.epoch - b.epoch),
      );
    }
    this.#loaded.value = loaded;
  }
}

function keyOf({ epoch, sample }: Measurement): string {
  return `${epoch} ${sample}`;
}
