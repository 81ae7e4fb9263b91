/** The list of sweeps and runs as it comes in parts, while changes are told. */
import { describe, expect, it } from 'vitest';
import { isOwn, OWN_RUNS, RunList, runsOfSweep, sweepsByAge } from '../../../client/data/run-list.js';
import type { WatchAnswer } from '../../../shared/protocol.js';
import type { Run, Sweep } from '../../../shared/run.js';
import { testRun } from '../../support/test-run.js';

const run = (id: string, step = 0, sweepId: string | null = 'sweep'): Run => testRun(id, sweepId, { step });
const part = (runs: Run[], next?: string): WatchAnswer => ({
  ...{
    sweeps: [{ id: 'sweep', name: 'sweep', runIds: [] as string[] } as Sweep],
    runs,
    viewers: 1,
    workers: 2,
    role: 'controller',
  },
  ...(next !== undefined && { next }),
});
const heldBy = ({ state }: RunList): string[] => [...state.value.runs.values()].map(({ id, step }) => `${id}:${step}`);

it('shows the newest at once, then what was made before, in the order in which it was made', () => {
  const list = new RunList();
  list.snapshot(part([run('c'), run('d')], 'more'), 'first');
  expect([heldBy(list), list.state.value.loaded, list.state.value.isComplete]).toEqual([['c:0', 'd:0'], true, false]);
  list.changed({ runs: [run('a', 5), run('e')] });
  list.snapshot(part([run('b')], 'more'), 'next');
  list.snapshot(part([run('a', 6)]), 'next');
  expect(heldBy(list)).toEqual(['a:6', 'b:0', 'c:0', 'd:0', 'e:0']);
  expect(list.state.value.isComplete).toBe(true);
});

it('does not bring back what was deleted between two parts', () => {
  const list = new RunList();
  list.snapshot(part([run('c'), run('d')], 'more'), 'first');
  list.changed({ runs: [], removed: ['c'] });
  list.snapshot(part([run('a'), run('b')]), 'next');
  expect(heldBy(list)).toEqual(['a:0', 'b:0', 'd:0']);
});

it('keeps what it knew until all has come again; then what is in no part is gone', () => {
  const list = new RunList();
  list.snapshot(part([run('a'), run('b'), run('c')]));
  list.snapshot(part([run('c', 1), run('d')], 'more'), 'first');
  expect(heldBy(list)).toEqual(['a:0', 'b:0', 'c:1', 'd:0']);
  list.snapshot(part([run('a', 1)]), 'next');
  expect(heldBy(list)).toEqual(['a:1', 'c:1', 'd:0']);
});

describe('what has changed', () => {
  function holding(...runs: Run[]): { list: RunList; of: (id: string) => Run | undefined } {
    const list = new RunList();
    list.snapshot(part(runs));
    return { list, of: (id) => list.state.value.runs.get(id) };
  }

  it('is merged into what is known; null takes a field away, and what is not named is the same object', () => {
    const { list, of } = holding({ ...run('a'), place: 2, etaSeconds: 9 }, run('b'));
    const [before, other] = [of('a')!, of('b')];
    list.changed({ runs: [{ id: 'a', status: 'running', step: 3, place: null, etaSeconds: 4 }] });
    expect(of('a')).toEqual({ ...run('a', 3), status: 'running', etaSeconds: 4 });
    expect(of('a')!.series).toBe(before.series);
    expect(of('b')).toBe(other);
  });

  it('keeps null where that is a value: the total of a run that nobody knows the end of', () => {
    const { list, of } = holding(run('a'));
    list.changed({ runs: [{ id: 'a', total: null }] });
    expect(of('a')!.total).toBeNull();
  });

  it('of a run that is not known yet is taken when it is whole, else left to the list that is to come', () => {
    const { list } = holding(run('a'));
    list.changed({ runs: [{ id: 'b', step: 3 }, run('c')], sweeps: [{ id: 'unknown', etaSeconds: 3 }] });
    expect(heldBy(list)).toEqual(['a:0', 'c:0']);
    expect([...list.state.value.sweeps.keys()]).toEqual(['sweep']);
  });

  it('of a sweep is merged, too', () => {
    const { list } = holding(run('a'));
    list.changed({ runs: [], sweeps: [{ id: 'sweep', etaSeconds: 3 }] });
    expect(list.state.value.sweeps.get('sweep')).toMatchObject({ name: 'sweep', etaSeconds: 3 });
  });
});

it('holds the same objects after a reconnection where nothing has changed meanwhile', () => {
  const list = new RunList();
  list.snapshot(part([run('a'), run('b')]));
  const { runs: before, sweeps } = list.state.value;
  list.snapshot(part([run('a'), run('b', 1)]));
  const { runs: after } = list.state.value;
  expect(after.get('a')).toBe(before.get('a'));
  expect(after.get('b')!.step).toBe(1);
  expect(after.get('b')!.series).toBe(before.get('b')!.series);
  expect(list.state.value.sweeps.get('sweep')).toBe(sweeps.get('sweep'));
});

it('lists runs that no sweep has made together, after all sweeps, as long as there are any', () => {
  const list = new RunList();
  list.snapshot(part([run('a'), run('b', 0, null)]));
  expect(sweepsByAge(list.state.value).map(({ id }) => id)).toEqual(['sweep', OWN_RUNS]);
  expect(runsOfSweep(list.state.value, OWN_RUNS).map(({ id }) => id)).toEqual(['b']);
  expect(runsOfSweep(list.state.value, 'sweep').map(({ id }) => id)).toEqual(['a']);
  list.changed({ runs: [], removed: ['b'] });
  expect([...list.state.value.sweeps.keys()]).toEqual(['sweep']);
});

it('lists runs of other programs by project, the one with the newest run first, and group by group', () => {
  const list = new RunList();
  const of = (id: string, project: string, group?: string) => ({
    ...run(id, 0, null),
    project,
    ...(group !== undefined && { group }),
  });
  list.snapshot(part([of('a', 'vision', 'x'), of('b', 'text, long'), of('c', 'vision', 'y'), of('d', 'vision', 'x')]));
  const state = list.state.value;
  const own = sweepsByAge(state).filter(({ id }) => isOwn(id));
  expect(own.map(({ id, name }) => [id, name])).toEqual([
    ['own:vision', 'vision'],
    ['own:text%2C%20long', 'text, long'],
  ]);
  expect(runsOfSweep(state, 'own:vision').map(({ id }) => id)).toEqual(['a', 'd', 'c']);
  list.changed({ runs: [{ id: 'a', step: 3 }] });
  expect(list.state.value.sweeps.get('own:vision')).toBe(state.sweeps.get('own:vision'));
});
