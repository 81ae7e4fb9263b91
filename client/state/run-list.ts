/** The sweeps and runs the server knows, as watched: a snapshot, then changes. */
import { type RunsChanged, type WatchAnswer, withTimes } from '../../shared/protocol.js';
import type { Run, Sweep } from '../../shared/run.js';
import { isPlainText, plainText } from '../../shared/plain-text.js';
import { firstAttempt } from './attempts.js';
import { type Readable, Value } from './value.js';

export interface RunListState {
  /** False until the first snapshot, or the first part of it. */
  loaded: boolean;
  /** Whether all there is has been told: what is not here is not there. */
  isComplete: boolean;
  /** Both in the order in which the server made them: its clock may have been set back meanwhile. */
  sweeps: ReadonlyMap<string, Sweep>;
  runs: ReadonlyMap<string, Run>;
  viewers: number;
  role: 'controller' | 'viewer';
}

/** What has come of a snapshot so far, and what was told of meanwhile. */
class SnapshotOrder {
  /** In the order in which they were made. */
  #come: string[] = [];
  readonly #told = new Set<string>();

  told(elements: readonly { id: string }[]): void {
    for (const { id } of elements) this.#told.add(id);
  }

  /** `known` with a part that was made before what has come: older ones, then those of the snapshot, then new ones. */
  add<T extends { id: string }>(known: ReadonlyMap<string, T>, part: readonly T[], isLast: boolean): Map<string, T> {
    this.#come = [...part.map(({ id }) => id), ...this.#come];
    const latest = new Map([...known, ...part.map((element) => [element.id, element] as const)]);
    const come = new Set(this.#come);
    const others = [...known.keys()].filter((id) => !come.has(id));
    const old = isLast ? [] : others.filter((id) => !this.#told.has(id));
    const ids = [...old, ...this.#come, ...others.filter((id) => this.#told.has(id))];
    // What was deleted since it came is not among them any more.
    return new Map(ids.flatMap((id) => (latest.has(id) ? [[id, latest.get(id)!] as const] : [])));
  }
}

export class RunList {
  readonly #state = new Value<RunListState>({
    loaded: false,
    isComplete: false,
    sweeps: new Map(),
    runs: new Map(),
    viewers: 0,
    role: 'viewer',
  });

  #sweepOrder = new SnapshotOrder();
  #runOrder = new SnapshotOrder();

  get state(): Readable<RunListState> {
    return this.#state;
  }

  /**
   * All there is, in parts, the newest first. What is known from before stands until the last part: then what was in
   * none of them is gone.
   */
  snapshot(answer: Omit<WatchAnswer, 'workers'>, part: 'first' | 'next' = 'first'): void {
    const { viewers, role, next } = answer;
    if (part === 'first') {
      this.#sweepOrder = new SnapshotOrder();
      this.#runOrder = new SnapshotOrder();
    }
    const state = this.#state.value;
    const isComplete = next === undefined;
    this.#state.set({
      ...{ loaded: true, isComplete, viewers, role },
      sweeps: this.#sweepOrder.add(state.sweeps, answer.sweeps.map(plainSweep), isComplete),
      runs: this.#runOrder.add(state.runs, answer.runs.map(plainRun), isComplete),
    });
  }

  /** What was not there before was made last. */
  changed(change: RunsChanged): void {
    const runs = new Map(this.#state.value.runs);
    const sweeps = new Map(this.#state.value.sweeps);
    for (const run of change.runs) runs.set(run.id, plainRun(run));
    for (const times of change.times ?? []) {
      const run = runs.get(times.id);
      if (run !== undefined) runs.set(run.id, withTimes(run, times));
    }
    for (const sweep of change.sweeps ?? []) sweeps.set(sweep.id, plainSweep(sweep));
    this.#runOrder.told(change.runs);
    this.#sweepOrder.told(change.sweeps ?? []);
    for (const id of change.removed ?? []) {
      runs.delete(id);
      if (!sweeps.delete(id)) continue;
      for (const run of runs.values()) if (run.sweepId === id) runs.delete(run.id);
    }
    this.#state.set({ ...this.#state.value, runs, sweeps });
  }

  presence(viewers: number): void {
    this.#state.set({ ...this.#state.value, viewers });
  }
}

/** Names may have been given before they were looked at; whatever shows them need not ask. */
function plainRun(run: Run): Run {
  const { name, notes, tags } = run;
  if (isPlainText(name) && isPlainText(notes, true) && tags.every((tag) => isPlainText(tag))) return run;
  return { ...run, name: plainText(name), notes: plainText(notes, true), tags: tags.map((tag) => plainText(tag)) };
}

function plainSweep(sweep: Sweep): Sweep {
  return isPlainText(sweep.name) ? sweep : { ...sweep, name: plainText(sweep.name) };
}

/** The runs of a sweep in the grid's order; a run made later of the same config follows the one it was made of. */
export function runsOfSweep(state: RunListState, sweepId: string): Run[] {
  const order = new Map(state.sweeps.get(sweepId)?.runIds.map((id, index) => [id, index]));
  const rank = (run: Run): number => order.get(firstAttempt(run, state.runs).id) ?? order.size;
  return [...state.runs.values()].filter((run) => run.sweepId === sweepId).sort((a, b) => rank(a) - rank(b));
}

/** Newest first. */
export function sweepsByAge(state: RunListState): Sweep[] {
  return [...state.sweeps.values()].reverse();
}
