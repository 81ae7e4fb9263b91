/** All runs and sweeps in memory: what readers, lists and viewers get of them. */
import { attentionCv } from '../../shared/experiments/attention-cv/experiment.js';
import { describe, expect, it } from 'vitest';
import type { Run } from '../../shared/run.js';
import { completeSpec, sweepSpecSchema } from '../../shared/experiments/attention-cv/sweep.js';
import { createMemoryStore } from '../../server/store/memory-store.js';
import { newSweep } from '../../server/runs/new-runs.js';
import { RunRegistry } from '../../server/runs/run-registry.js';
import { testRun, testSweep } from '../support/test-run.js';

function registryOf(seeds: number[]) {
  const store = createMemoryStore();
  const spec = completeSpec(sweepSpecSchema.parse({ dims: [8], heads: [1], seeds }));
  const { sweep, runs } = newSweep(attentionCv, spec, undefined, '2026-01-02T03:04:05.000Z');
  store.commit({ sweeps: [sweep], runs });
  return { registry: new RunRegistry(store), sweep, runs };
}

describe('what viewers are told', () => {
  it('[W8] of places and times is what was told last, and is gone when they are over', () => {
    const { registry, runs } = registryOf([1, 2]);
    const times = () =>
      registry.listedRuns().map(({ text }) => {
        const { place, etaSeconds } = JSON.parse(text) as { place?: number; etaSeconds?: number };
        return [place, etaSeconds];
      });
    const [first, second] = runs as [Run, Run];
    const told = registry.tell({ runs: [{ ...first, place: 1, etaSeconds: 0.5 }] });
    expect(told).toEqual({ runs: [{ id: first.id, place: 1, etaSeconds: 0.5 }] });
    expect(times()).toEqual([
      [1, 0.5],
      [undefined, undefined],
    ]);
    const next = registry.tell({
      runs: [
        { ...first, etaSeconds: 2 },
        { ...second, place: 1, etaSeconds: 4 },
      ],
    });
    expect(next.runs).toEqual([
      { id: first.id, place: null, etaSeconds: 2 },
      { id: second.id, place: 1, etaSeconds: 4 },
    ]);
    registry.tell({ runs: [{ ...first, status: 'completed' }, second] });
    expect(times()).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ]);
  });

  it('[W2] of a run that is known is what has changed, of a new one all; what has not changed is not told', () => {
    const { registry, runs } = registryOf([1]);
    const [run] = runs as [Run];
    expect(registry.tell({ runs: [run] }).runs).toEqual([]);
    expect(registry.tell({ runs: [{ ...run, step: 4, tags: [] }] }).runs).toEqual([{ id: run.id, step: 4 }]);
    const other = { ...run, id: 'other' };
    expect(registry.tell({ runs: [other] }).runs).toEqual([other]);
  });
});

describe('readers', () => {
  it('find what was committed, whether or not it was told', () => {
    const { registry, runs, sweep } = registryOf([1, 2]);
    registry.commit({ runs: [{ ...runs[1]!, status: 'running' }] });
    expect(registry.run(runs[1]!.id)?.status).toBe('running');
    expect(registry.runs({ sweep: sweep.id, status: 'queued' })).toEqual([runs[0]]);
    expect(registry.sweep(sweep.id)).toMatchObject({
      runIds: runs.map(({ id }) => id),
      counts: { queued: 1, running: 1 },
    });
    registry.remove([runs[0]!.id]);
    expect(registry.sweep(sweep.id)).toMatchObject({ runIds: [runs[1]!.id], counts: { running: 1 } });
    registry.remove([sweep.id]);
    expect([registry.runs(), registry.sweeps()]).toEqual([[], []]);
  });
});

describe('a list', () => {
  it('[W1] has runs that are of no sweep among the sweeps, each in the order in which it was made', () => {
    const store = createMemoryStore();
    store.commit({ sweeps: [testSweep('s')], runs: [testRun('a', 's')] });
    store.commit({ runs: [{ ...testRun('b', 's'), sweepId: null }] });
    store.commit({ sweeps: [testSweep('t')], runs: [testRun('c', 't')] });
    const registry = new RunRegistry(store);
    const seen: string[] = [];
    for (let after: string | undefined, isMore = true; isMore;) {
      const part = registry.newestFirst(after, 1)!;
      const ids = (texts: string[]): string[] => texts.map((text) => (JSON.parse(text) as { id: string }).id);
      seen.push([...ids(part.sweeps), ...ids(part.runs)].join());
      after = part.next;
      isMore = after !== undefined;
    }
    expect(seen.filter((ids) => ids !== '')).toEqual(['t', 'c', 'b', 's', 'a']);
  });
});
