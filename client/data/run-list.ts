/** The sweeps and runs the server knows, as watched: a snapshot, then changes. */
import { signal } from '@preact/signals-core';
import type { Presence } from '../../shared/access.js';
import { type Delta, deltaOf, withDelta } from '../../shared/delta.js';
import type { RunsChanged, WatchAnswer } from '../../shared/protocol.js';
import type { Run, Sweep } from '../../shared/run.js';
import { isPlainText, plainText } from '../../shared/plain-text.js';
import { firstAttempt } from './attempts.js';
import type { Readable } from './signals.js';

export interface RunListState {
  /** False until the first snapshot, or the first part of it. */
  loaded: boolean;
  /** Whether all there is has been told: what is not here is not there. */
  isComplete: boolean;
  /**
   * Both in the order in which the server made them: its clock may have been set back meanwhile. Where there are runs
   * of their own, what stands for their sweep comes first.
   */
  sweeps: ReadonlyMap<string, Sweep>;
  runs: ReadonlyMap<string, Run>;
  viewers: number;
  role: 'controller' | 'viewer';
}

/** What has come of a snapshot so far, and what was told of meanwhile. */
class SnapshotOrder {
  /** In the order in which they were made. */
  #received: string[] = [];
  readonly #told = new Set<string>();

  told(elements: readonly { id: string }[]): void {
    for (const { id } of elements) this.#told.add(id);
  }

  /** `known` with a part that was made before what has come: older ones, then those of the snapshot, then new ones. */
  add<T extends { id: string }>(known: ReadonlyMap<string, T>, part: readonly T[], isLast: boolean): Map<string, T> {
    this.#received = [...part.map(({ id }) => id), ...this.#received];
    const latest = new Map([...known, ...part.map((each) => [each.id, renewed(known.get(each.id), each)] as const)]);
    const received = new Set(this.#received);
    const others = [...known.keys()].filter((id) => !received.has(id));
    const old = isLast ? [] : others.filter((id) => !this.#told.has(id));
    const ids = [...old, ...this.#received, ...others.filter((id) => this.#told.has(id))];
    // What was deleted since it came is not among them any more.
    return new Map(ids.flatMap((id) => (latest.has(id) ? [[id, latest.get(id)!] as const] : [])));
  }
}

export class RunList {
  readonly #state = signal<RunListState>({
    loaded: false,
    isComplete: false,
    sweeps: new Map(),
    runs: new Map(),
    viewers: 0,
    role: 'viewer',
  });

  readonly #people = signal<readonly Presence[]>([]);
  #sweepOrder = new SnapshotOrder();
  #runOrder = new SnapshotOrder();

  get state(): Readable<RunListState> {
    return this.#state;
  }

  /** Who is here by a token, as far as this viewer is told; empty where nobody needs one. */
  get people(): Readable<readonly Presence[]> {
    return this.#people;
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
    const sweeps = this.#sweepOrder.add(state.sweeps, answer.sweeps.map(plainSweep), isComplete);
    const runs = this.#runOrder.add(state.runs, answer.runs.map(plainRun), isComplete);
    this.#state.value = { loaded: true, isComplete, viewers, role, runs, sweeps: withOwnRuns(sweeps, runs) };
  }

  /**
   * What was not there before was made last. A part of what is not known is passed over: the list that is still to come
   * has all of it, and is newer.
   */
  changed(change: RunsChanged): void {
    const runs = new Map(this.#state.value.runs);
    const sweeps = new Map(this.#state.value.sweeps);
    for (const delta of meantFor(runs, change.runs)) runs.set(delta.id, plainRun(withDelta(runs.get(delta.id), delta)));
    for (const delta of meantFor(sweeps, change.sweeps ?? []))
      sweeps.set(delta.id, plainSweep(withDelta(sweeps.get(delta.id), delta)));
    this.#runOrder.told(change.runs);
    this.#sweepOrder.told(change.sweeps ?? []);
    for (const id of change.removed ?? []) {
      runs.delete(id);
      if (!sweeps.delete(id)) continue;
      for (const run of runs.values()) if (run.sweepId === id) runs.delete(run.id);
    }
    this.#state.value = { ...this.#state.value, runs, sweeps: withOwnRuns(sweeps, runs) };
  }

  presence(viewers: number, people: readonly Presence[] = []): void {
    if (people.length + this.#people.value.length > 0) this.#people.value = people;
    this.#state.value = { ...this.#state.value, viewers };
  }
}

/** Those that change what is known, or bring all of what is not. */
function meantFor<T extends { id: string; createdAt: string }>(
  known: ReadonlyMap<string, T>,
  deltas: readonly Delta<T>[],
): Delta<T>[] {
  return deltas.filter((delta) => known.has(delta.id) || delta.createdAt !== undefined);
}

/** What was received again: the object that is known, where nothing of it has changed, so that nobody draws it anew. */
function renewed<T extends { id: string }>(known: T | undefined, received: T): T {
  if (known === undefined) return received;
  const delta = deltaOf(known, received);
  return delta === null ? known : withDelta(known, delta);
}

/** In front of all sweeps, which come in their order; of projects the one last that has the newest run. */
function withOwnRuns(sweeps: Map<string, Sweep>, runs: ReadonlyMap<string, Run>): Map<string, Sweep> {
  for (const id of [...sweeps.keys()]) if (isOwn(id)) sweeps.delete(id);
  const projects = new Map<string, Sweep>();
  let hasOthers = false;
  for (const run of runs.values()) {
    if (run.sweepId !== null) continue;
    const id = groupOf(run);
    hasOthers ||= id === OWN_RUNS;
    if (id === OWN_RUNS) continue;
    projects.delete(id);
    projects.set(id, projectOf(id, run.project!));
  }
  if (projects.size === 0 && !hasOthers) return sweeps;
  return new Map([...(hasOthers ? [[OWN_RUNS, OWN_GROUP] as const] : []), ...projects, ...sweeps]);
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

/**
 * The runs of a sweep in the grid's order; a run made later of the same config follows the one it was made of. Those of
 * a project group by group.
 */
export function runsOfSweep(state: RunListState, sweepId: string): Run[] {
  if (isOwn(sweepId)) {
    const own = [...state.runs.values()].filter((run) => groupOf(run) === sweepId);
    const groups = new Map([...new Set(own.map(({ group }) => group))].map((group, index) => [group, index]));
    return own.sort((a, b) => groups.get(a.group)! - groups.get(b.group)!);
  }
  const order = new Map(state.sweeps.get(sweepId)?.runIds.map((id, index) => [id, index]));
  const rank = (run: Run): number => order.get(firstAttempt(run, state.runs).id) ?? order.size;
  return [...state.runs.values()].filter((run) => groupOf(run) === sweepId).sort((a, b) => rank(a) - rank(b));
}

/** Newest first; what stands for runs of their own last. */
export function sweepsByAge(state: RunListState): Sweep[] {
  return [...state.sweeps.values()].reverse();
}

/** Stands for the sweep of runs that no sweep has made, so that they are listed and chosen together. No sweep's id is so short. */
export const OWN_RUNS = 'own';

/** What stands for their sweep. One object, so that nothing is drawn anew for it. */
export const OWN_GROUP: Sweep = {
  id: OWN_RUNS,
  experiment: '',
  name: 'runs of their own',
  spec: {},
  runIds: [],
  createdAt: '',
  counts: {},
};

/** Whether an id stands for runs that no sweep has made: those of a project, or of none. */
export function isOwn(id: string): boolean {
  return id === OWN_RUNS || id.startsWith(`${OWN_RUNS}:`);
}

/** The id of the sweep that a run is listed with; of another program's run, of what stands for its project. */
export function groupOf({ sweepId, project }: Pick<Run, 'sweepId' | 'project'>): string {
  if (sweepId !== null) return sweepId;
  // Commas part the ids of a page's address.
  return project === undefined ? OWN_RUNS : `${OWN_RUNS}:${encodeURIComponent(project)}`;
}

/** As `OWN_GROUP`, one object each. */
const projectGroups = new Map<string, Sweep>();

function projectOf(id: string, project: string): Sweep {
  const known = projectGroups.get(id) ?? { ...OWN_GROUP, id, name: project };
  projectGroups.set(id, known);
  return known;
}
