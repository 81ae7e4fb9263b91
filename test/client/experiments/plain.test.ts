/** Runs of an experiment that the page does not know, trained here in a sweep of it, beside runs that it knows. */
// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { onGrid } from '../../../client/experiments/attention-cv/config.js';
import { experimentOf, commonGroups, seriesGroups, seriesGroupsKey } from '../../../client/experiments/experiments.js';
import { chartLine, sweepLine, type RunLine, runLines } from '../../../client/runs/run-lines.js';
import { RunColumns } from '../../../client/data/run-columns.js';
import { facetValues, isChosen } from '../../../client/runs/table/run-facets.js';
import { runFilter } from '../../../client/runs/table/run-filter.js';
import type { RunListState } from '../../../client/data/run-list.js';
import { runFacts } from '../../../client/runs/run-words.js';
import { whyNoValue, epochSteps } from '../../../client/runs/epoch-reading.js';
import { parameterRows } from '../../../client/runs/compare/compare-rows.js';
import { columnsOf, type Run, type Sweep } from '../../../shared/run.js';
import { testRun, testSweep } from '../../support/test-run.js';

const counter = (id: string, rate: number, fields: Partial<Run> = {}): Run => ({
  ...testRun(id, 'counting'),
  ...{ experiment: 'counter', name: `count by ${rate}`, config: { start: 5, rate, deep: { of: [1] } } },
  ...{ total: null, stepName: 'tick', series: ['count'], ...fields },
});
const counting: Sweep = {
  ...{
    id: 'counting',
    experiment: 'counter',
    name: 'Counting',
    spec: { start: 5, rates: [0.5, 1] },
    runIds: ['a', 'b'],
  },
  ...{ createdAt: '2026-01-02T03:04:05.000Z', counts: {} },
};
const [a, b, known] = [counter('a', 0.5), counter('b', 1), testRun('k', 'known')];

/** As the table has them. */
function lines(...sweepIds: string[]): RunLine[] {
  const sweep = { ...testSweep('known'), runIds: ['k'], counts: {} };
  const state = {
    runs: new Map([a, b, known].map((run) => [run.id, run])),
    sweeps: new Map<string, Sweep>([
      ['counting', counting],
      ['known', sweep],
    ]),
  };
  return runLines(state as unknown as RunListState, sweepIds, 'light');
}

describe('a run of an experiment that the page does not know', () => {
  it('is called by its name, and told by its config’s own keys', () => {
    const [line] = lines('counting');
    expect(line).toMatchObject({ label: { main: 'count by 0.5', more: '' }, name: '' });
    expect(runFacts(a)).toEqual(
      expect.arrayContaining([
        { name: 'start', value: '5' },
        { name: 'rate', value: '0.5' },
        { name: 'deep.of', value: '[1]' },
      ]),
    );
    expect(experimentOf(a).kind(a)).toBe('counter');
    expect(sweepLine(counting)).toBe('start 5 · rates 0.5, 1');
  });

  it('has a hue by its order, which a sweep beside it does not change', () => {
    const alone = lines('counting').map(({ style }) => style.color);
    expect(new Set(alone).size).toBe(2);
    const beside = lines('known', 'counting').filter(({ run }) => run.sweepId === 'counting');
    expect(beside.map(({ style }) => style.color)).toEqual(alone);
  });

  it('is chosen by what its config holds in one value', () => {
    expect(facetValues([a, b])).toEqual([
      {
        facet: 'rate',
        values: [
          { value: '0.5', count: 1 },
          { value: '1', count: 1 },
        ],
      },
    ]);
    expect([a, b, known].map((run) => isChosen(run, { rate: ['1'] }))).toEqual([false, true, false]);
    expect([a, known].map((run) => isChosen(run, { dim: ['8'] }))).toEqual([false, true]);
  });

  it('passes no filter that asks for what it does not have', () => {
    const filterable = { run: a, label: a.name, last: () => NaN };
    const passes = (text: string): boolean => runFilter([text], []).matches(filterable);
    expect(['dim=8', '8x1', '8x', 'act_Q<1'].map(passes)).toEqual([false, false, false, false]);
    expect(['count', 'status=queued'].map(passes)).toEqual([true, true]);
  });

  it('has all its series in one group, also those that come while it trains', () => {
    const groups = (run: Run): string[][] =>
      seriesGroups([run]).map(({ title, metrics }) => [title, ...metrics.map(({ name }) => name)]);
    expect(groups(a)).toEqual([['Series', 'loss', 'accuracy', 'count']]);
    const grown = { ...a, series: ['count', 'late'] };
    expect(groups(grown)).toEqual([['Series', 'loss', 'accuracy', 'count', 'late']]);
    expect(seriesGroupsKey([grown])).not.toBe(seriesGroupsKey([a]));
    expect(seriesGroupsKey([{ ...a, step: 9 }])).toBe(seriesGroupsKey([a]));
  });

  it('is drawn beside those that the page knows, each series once', () => {
    const groups = seriesGroups([a, known]);
    expect(groups.map(({ id }) => id)).toEqual(
      seriesGroups([known])
        .map(({ id }) => id)
        .concat('logged'),
    );
    expect(groups.at(-1)!.metrics.map(({ name }) => name)).toEqual(['count']);
    expect(commonGroups(known, [a]).flatMap(({ metrics }) => metrics.map(({ name }) => name))).toEqual([
      'loss',
      'accuracy',
    ]);
    expect(commonGroups(a, [b])[0]!.metrics.map(({ name }) => name)).toEqual(['loss', 'accuracy', 'count']);
  });

  it('says nothing of when it measures, and has no place on the grid', () => {
    const [line] = lines('counting');
    expect(chartLine(line!)).toMatchObject({ config: { epochs: null, every: null }, stepName: 'tick' });
    expect(chartLine(line!).seedReplicates).toBeUndefined();
    expect(epochSteps([a])).toEqual([0]);
    expect(onGrid(lines('known', 'counting')).map(({ run }) => run.id)).toEqual(['k']);
    const columns = new RunColumns(columnsOf(a));
    columns.append({ steps: [0], values: new Float32Array([0, 1, 1, NaN]) });
    expect(whyNoValue(a, columns, () => [], 'late', 0)).toBe('no such series');
    expect(whyNoValue(a, columns, () => [], 'count', 0)).toBe('not measured');
  });

  it('is compared by its own parameters', () => {
    const rows = parameterRows([a, b, known]);
    expect(rows.find(({ name }) => name === 'rate')).toMatchObject({ values: ['0.5', '1', '–'], differs: true });
    expect(rows.find(({ name }) => name === 'dim')).toMatchObject({ values: ['–', '–', '8'] });
  });
});

describe('a run of another program', () => {
  it('is plain, whatever it calls its experiment', () => {
    const external = { ...known, source: 'external' as const };
    expect(experimentOf(external)).toBe(experimentOf(a));
    expect(experimentOf(known)).not.toBe(experimentOf(a));
    expect(seriesGroups([{ ...external, series: ['x'] }]).map(({ metrics }) => metrics.length)).toEqual([1]);
  });
});
