/** Which sweeps and runs are shown: what the table ticks, what charts draw and what is followed. */
import { describe, expect, it } from 'vitest';
import { Selection } from '../../../client/runs/selection.js';
import { PageAddress } from '../../../client/data/page-address.js';
import { RunList, sweepsByAge } from '../../../client/data/run-list.js';
import { runLines } from '../../../client/runs/run-lines.js';
import { SweepWatch } from '../../../client/runs/sweep-news.js';
import type { Run, RunStatus, Sweep } from '../../../shared/run.js';
import { testConfig } from '../../support/test-config.js';
import { testRun } from '../../support/test-run.js';

function sweepOf(id: string, createdAt: string, dims: number[], status: RunStatus = 'completed') {
  const runs = dims.map((dim) => testRun(`${id}-${dim}`, id, { status, config: testConfig({ dim, headDim: dim }) }));
  const spec = { dims, heads: [1], seeds: [42], lrs: [0.001] };
  return {
    sweep: {
      id,
      experiment: 'attention-cv',
      name: id,
      spec,
      createdAt,
      runIds: runs.map((run) => run.id),
    } as unknown as Sweep,
    runs,
  };
}

function page(...made: { sweep: Sweep; runs: Run[] }[]) {
  location.hash = '';
  const list = new RunList();
  const choice = new Selection(list, new PageAddress());
  list.snapshot({
    ...{
      sweeps: made.map(({ sweep }) => sweep),
      runs: made.flatMap(({ runs }) => runs),
      viewers: 1,
      role: 'controller',
    },
  });
  return { list, choice };
}

const old = sweepOf('old', '2026-01-01', [64, 128]);
const young = sweepOf('young', '2026-01-02', [256]);

describe('the choice', () => {
  it('begins with the newest sweep that trains, else the newest, and stays there while no other trains', () => {
    expect(page(old, young).choice.sweepIds.value).toEqual(['young']);
    const { list, choice } = page(sweepOf('old', '2026-01-01', [64], 'running'), young);
    expect(choice.sweepIds.value).toEqual(['old']);
    list.changed({ runs: [], sweeps: [sweepOf('newest', '2026-01-03', [8]).sweep] });
    expect(choice.sweepIds.value).toEqual(['old']);
  });

  it('follows what trains as long as nothing was chosen, and stays where it is when that has ended', () => {
    const { list, choice } = page(old, young);
    const begun = sweepOf('begun', '2026-01-03', [8], 'running');
    const waits = sweepOf('waits', '2026-01-04', [8], 'queued');
    list.changed({ runs: begun.runs, sweeps: [begun.sweep] });
    expect(choice.sweepIds.value).toEqual(['begun']);
    list.changed({ runs: waits.runs, sweeps: [waits.sweep] });
    expect(choice.sweepIds.value).toEqual(['begun']);
    const done = (runs: Run[]) => runs.map((run): Run => ({ ...run, status: 'completed' }));
    list.changed({ runs: [...done(begun.runs), ...waits.runs.map((run): Run => ({ ...run, status: 'running' }))] });
    expect(choice.sweepIds.value).toEqual(['waits']);
    list.changed({ runs: done(waits.runs) });
    expect(choice.sweepIds.value).toEqual(['waits']);
    choice.chooseSweep('old');
    list.changed({ runs: begun.runs });
    expect(choice.sweepIds.value).toEqual(['old']);
  });

  it('tells whoever has chosen of a sweep that others begin, until one looks at it', () => {
    const { list, choice } = page(old, young);
    const watch = new SweepWatch(list, choice);
    list.presence(1);
    choice.chooseSweep('old');
    const [third, fourth] = ['third', 'fourth'].map((id) => sweepOf(id, '2026-01-03', [8], 'running'));
    for (const each of [third!, fourth!]) list.changed({ runs: each.runs, sweeps: [each.sweep] });
    expect(choice.sweepIds.value).toEqual(['old']);
    expect(watch.news.value.fresh).toEqual(['third', 'fourth']);
    choice.chooseSweep('third');
    expect(watch.news.value.fresh).toEqual(['fourth']);
    list.changed({ runs: [], removed: ['fourth'] });
    expect(watch.news.value).toEqual({ fresh: [], gone: [] });
  });

  it('says which sweeps are gone: of a dead link, and those that were deleted while they were shown', () => {
    const { list, choice } = page(old, young);
    const watch = new SweepWatch(list, choice);
    list.presence(1);
    list.changed({ runs: [], removed: ['young'] });
    expect(choice.sweepIds.value).toEqual(['old']);
    expect(watch.news.value.gone).toEqual([{ id: 'young', name: 'young' }]);
    watch.dismissGone();
    expect(watch.news.value.gone).toEqual([]);
    choice.chooseSweep('never');
    expect(choice.sweepIds.value).toEqual(['old']);
    expect(watch.news.value.gone).toEqual([{ id: 'never', name: undefined }]);
    expect(choice.wanted.value).toEqual(['never']);
    choice.chooseSweep('old');
    expect(watch.news.value.gone).toEqual([]);
  });

  it('takes for newest what was made last, whatever the clock said', () => {
    const beforeTheClockWasSetBack = sweepOf('old', '2026-03-01', [64]);
    const { list, choice } = page(beforeTheClockWasSetBack, young);
    expect(choice.sweepIds.value).toEqual(['young']);
    list.changed({ runs: [], sweeps: [sweepOf('newest', '2025-01-01', [8]).sweep, young.sweep] });
    expect(sweepsByAge(list.state.value).map(({ id }) => id)).toEqual(['newest', 'young', 'old']);
  });

  it('shows several sweeps together and follows the runs of those alone; one stays', () => {
    const { choice } = page(old, young);
    choice.toggleSweep('old');
    expect(choice.sweepIds.value).toEqual(['young', 'old']);
    expect(choice.runIds.value).toEqual(['young-256', 'old-64', 'old-128']);
    choice.toggleSweep('young');
    expect(choice.runIds.value).toEqual(['old-64', 'old-128']);
    choice.toggleSweep('old');
    expect(choice.sweepIds.value).toEqual(['old']);
  });

  it('lets go of what is deleted: runs, their sweep, and their place among the hidden', () => {
    const { list, choice } = page(old, young);
    choice.chooseSweep('old');
    choice.showOnly(new Set(['old-64']));
    expect(choice.hidden.value).toEqual(['old-128']);
    list.changed({ runs: [], removed: ['old-128'] });
    expect(choice.hidden.value).toEqual([]);
    expect(choice.runIds.value).toEqual(['old-64']);
    list.changed({ runs: [], removed: ['old'] });
    expect(choice.sweepIds.value).toEqual(['young']);
  });
});

describe('looks', () => {
  const colours = (list: RunList, ids: string[]) =>
    new Map(runLines(list.state.value, ids, 'light').map(({ run, style }) => [run.id, style.color]));

  it('stay a run’s own when others are deleted, and when another sweep is shown beside', () => {
    const { list } = page(old, young);
    const before = colours(list, ['old']);
    const beside = colours(list, ['old', 'young']);
    expect([...before].every(([id, color]) => beside.get(id) === color)).toBe(true);
    expect(new Set(beside.values()).size).toBe(3);
    list.changed({ runs: [], removed: ['old-64'] });
    expect(colours(list, ['old']).get('old-128')).toBe(before.get('old-128'));
  });

  it('names the sweep of a run where several are shown', () => {
    const { list } = page(old, young);
    expect(runLines(list.state.value, ['old'], 'light')[0]!.label.more).toBe('');
    expect(runLines(list.state.value, ['old', 'young'], 'light').map(({ label }) => label.more)).toEqual([
      ...['old', 'old', 'young'],
    ]);
  });
});
