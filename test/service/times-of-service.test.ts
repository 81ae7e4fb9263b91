/** Places in line and times left in all that the service tells: answers, lists and news. */
import { expect, test } from 'vitest';
import { withDelta } from '../../shared/delta.js';
import type { Run } from '../../shared/run.js';
import { createMemoryStore } from '../../server/store/memory-store.js';
import { create, holds, reached, runOf, start, trained, until } from '../support/fixture-service.js';

test('[W8] queued runs have their place and every run its time left, told at once when the line changes', async () => {
  const kept = createMemoryStore();
  const service = start({ store: kept, workers: 1 });
  const told = new Map<string, Run>();
  const sweeps = new Map<string, number | undefined>();
  service.committed$.subscribe((event) => {
    if (event.type !== 'changed') return;
    for (const run of event.runs) told.set(run.id, withDelta(told.get(run.id), run));
    for (const { id, etaSeconds } of event.sweeps ?? [])
      if (etaSeconds !== undefined) sweeps.set(id, etaSeconds ?? undefined);
  });
  const { id, runIds } = create(service, { ...holds, seeds: [1, 2, 3, 4] });
  const [first, second, third, fourth] = runIds as [string, string, string, string];
  const places = (): (number | undefined)[] => runIds.map((runId) => runOf(service, runId).place);
  expect(service.workers).toBe(1);
  expect(places()).toEqual([1, 2, 3, 4]);
  await trained(service, first, 4);
  expect(places()).toEqual([undefined, 1, 2, 3]);
  await until(service, () => sweeps.get(id) !== undefined && told.get(fourth)?.place === 3);
  const eta = (): (number | undefined)[] => runIds.map((runId) => runOf(service, runId).etaSeconds);
  expect(service.runs.sweep(id)?.etaSeconds).toBe(Math.max(...eta().map(Number)));
  expect(eta()).toEqual([...eta()].sort((a, b) => Number(a) - Number(b)));

  const before = service.runs.sweep(id)!.etaSeconds!;
  expect(service.control({ runId: second, action: 'pause' })).not.toHaveProperty('data.place');
  expect(places()).toEqual([undefined, undefined, 1, 2]);
  await until(service, () => told.get(fourth)?.place === 2);
  expect(sweeps.get(id)).toBeLessThan(before);
  expect(service.control({ runId: second, action: 'resume' })).toMatchObject({ data: { status: 'queued', place: 1 } });
  expect(service.estimate({ dims: [8], heads: [1], epochs: 10 })).toMatchObject({ data: { before: 4, workers: 1 } });

  // What is written has none of it: it would be out of date with the next start.
  expect(kept.runs({ status: 'queued' }).some((run) => 'place' in run || 'etaSeconds' in run)).toBe(false);
  service.controlSweep(id, 'stop');
  for (const runId of [first, third]) await reached(service, runId, 'stopped');
  expect(service.runs.sweep(id)).not.toHaveProperty('etaSeconds');
});

test('what others read of a list they get in the parts they ask for', async () => {
  const service = start({ workers: 1 });
  const { runIds } = create(service, holds);
  const runId = runIds[0]!;
  await trained(service, runId, 2);
  service.control({ runId, action: 'stop' });
  await reached(service, runId, 'stopped');
  const log = service.histories.log(runId);
  expect(log.length).toBeGreaterThan(1);
  expect(service.histories.log(runId, { offset: 1, limit: 1 })).toEqual([log[1]]);
  expect(service.histories.measurements(runId, { offset: 1, limit: 1 })).toEqual(
    service.histories.measurements(runId).slice(1, 2),
  );
});
