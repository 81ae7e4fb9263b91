/** Runs that were trained again: a newer run of the same config stands for them. */
import type { Run } from '../../shared/run.js';

/** The ids of the runs among `runs` that another of them has replaced. */
export function replacedRuns(runs: readonly Run[]): ReadonlySet<string> {
  const ids = new Set(runs.map(({ id }) => id));
  return new Set(runs.flatMap(({ previousRunId: id }) => (id !== undefined && ids.has(id) ? [id] : [])));
}

/** The newest run of each config: what counts for the sweep's progress. */
export function currentRuns(runs: readonly Run[]): Run[] {
  const replaced = replacedRuns(runs);
  return runs.filter(({ id }) => !replaced.has(id));
}

/** The first of the runs that led to `run`, as far as they are still listed. */
export function firstAttempt(run: Run, runs: ReadonlyMap<string, Run>): Run {
  let first = run;
  for (;;) {
    const previous = first.previousRunId === undefined ? undefined : runs.get(first.previousRunId);
    if (previous === undefined) return first;
    first = previous;
  }
}

/** Every run of the chain that `run` belongs to, first attempt first, as far as they are still listed. */
export function attemptsOf(run: Run, runs: ReadonlyMap<string, Run>): Run[] {
  const chain = [firstAttempt(run, runs)];
  const ordered = [...runs.values()].sort((a, b) => a.attempt - b.attempt);
  for (const each of ordered) if (chain.some(({ id }) => id === each.previousRunId)) chain.push(each);
  return chain;
}
