/** The list of all sweeps and runs that everyone who asks is answered from. */
import { Subject } from 'rxjs';
import { expect, it } from 'vitest';
import { createMemoryStore } from '../../server/store/memory-store.js';
import { newSweep } from '../../server/sweep/new-runs.js';
import { RunOverview } from '../../server/sweep/run-overview.js';
import type { Committed } from '../../server/sweep/sweep-service.js';
import { completeSpec, sweepSpecSchema } from '../../shared/sweep.js';

it('[W8] holds places and times left as they were told last, and drops them when they are over', () => {
  const store = createMemoryStore();
  const spec = completeSpec(sweepSpecSchema.parse({ dims: [8], heads: [1], seeds: [1, 2] }));
  const { sweep, runs } = newSweep(spec, undefined, '2026-01-02T03:04:05.000Z');
  store.commit({ sweeps: [sweep], runs });
  const committed$ = new Subject<Committed>();
  const overview = new RunOverview({ store, committed$ });
  const times = () =>
    overview.runs().map(({ text }) => {
      const { place, etaSeconds } = JSON.parse(text) as { place?: number; etaSeconds?: number };
      return [place, etaSeconds];
    });
  const [first, second] = runs.map(({ id }) => id);
  committed$.next({ type: 'changed', runs: [{ ...runs[0]!, place: 1, etaSeconds: 0.5 }] });
  expect(times()).toEqual([
    [1, 0.5],
    [undefined, undefined],
  ]);
  committed$.next({
    ...{ type: 'changed', runs: [] },
    times: [
      { id: first!, etaSeconds: 2 },
      { id: second!, place: 1, etaSeconds: 4 },
    ],
  });
  expect(times()).toEqual([
    [undefined, 2],
    [1, 4],
  ]);
  committed$.next({ type: 'changed', runs: [{ ...runs[0]!, status: 'completed' }], times: [{ id: second! }] });
  expect(times()).toEqual([
    [undefined, undefined],
    [undefined, undefined],
  ]);
});
