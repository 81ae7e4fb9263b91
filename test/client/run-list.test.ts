/** The list of sweeps and runs as it comes in parts, while changes are told. */
import { expect, it } from 'vitest';
import { RunList } from '../../client/state/run-list.js';
import type { WatchAnswer } from '../../shared/protocol.js';
import type { Run, Sweep } from '../../shared/run.js';

const run = (id: string, epoch = 0): Run =>
  ({ id, sweepId: 'sweep', epoch, status: 'running', name: id, notes: '', tags: [] as string[] }) as Run;
const part = (runs: Run[], next?: string): WatchAnswer => ({
  ...{ sweeps: [{ id: 'sweep', name: 'sweep' } as Sweep], runs, viewers: 1, workers: 2, role: 'controller' },
  ...(next !== undefined && { next }),
});
const heldBy = ({ state }: RunList): string[] =>
  [...state.value.runs.values()].map(({ id, epoch }) => `${id}:${epoch}`);

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
