/** The sweeps and runs the server knows, as watched: a snapshot, then changes. */
import { type RunsChanged, type WatchAnswer, withTimes } from '../../shared/protocol.js';
import type { Run, Sweep } from '../../shared/run.js';
import { isPlainText, plainText } from '../../shared/plain-text.js';
import { firstAttempt } from './attempts.js';
import { type Readable, Value } from './value.js';

export interface RunListState {
  /** False until the first snapshot. */
  loaded: boolean;
  /** Both in the order in which the server made them: its clock may have been set back meanwhile. */
  sweeps: ReadonlyMap<string, Sweep>;
  runs: ReadonlyMap<string, Run>;
  viewers: number;
  role: 'controller' | 'viewer';
}

export class RunList {
  readonly #state = new Value<RunListState>({
    loaded: false,
    sweeps: new Map(),
    runs: new Map(),
    viewers: 0,
    role: 'viewer',
  });

  get state(): Readable<RunListState> {
    return this.#state;
  }

  snapshot(answer: Omit<WatchAnswer, 'workers'>): void {
    this.#state.set({
      loaded: true,
      sweeps: new Map(answer.sweeps.map((sweep) => [sweep.id, plainSweep(sweep)])),
      runs: new Map(answer.runs.map((run) => [run.id, plainRun(run)])),
      viewers: answer.viewers,
      role: answer.role,
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
